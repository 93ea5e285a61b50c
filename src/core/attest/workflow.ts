import { z } from "zod"
import { FarmError } from "../errors.ts"
import { parseFile } from "../schema.ts"

/** A workflow of GitHub's that runs. */
export interface Workflow {
  /** What Sigstore's certificate calls it: https://github.com/OWNER/REPOSITORY/.github/workflows/release.yml@REF. */
  identity: string
  /** The address of its repository. */
  repository: string
  /** The git ref in full, and the commit that it runs on. */
  ref: string
  commit: string
}

const claims = z.object({ job_workflow_ref: z.string(), repository: z.string(), ref: z.string(), sha: z.string() })

/** The workflow in a token of GitHub's, whose signature is for Sigstore to check. */
export function workflowOf(token: string): Workflow {
  const payload = Buffer.from(token.split(".")[1] ?? "", "base64url").toString()
  const { job_workflow_ref, repository, ref, sha } = parseFile("--oidc-token: what GitHub gave for it", payload, claims)
  const server = "https://github.com"
  return { identity: `${server}/${job_workflow_ref}`, repository: `${server}/${repository}`, ref, commit: sha }
}

/** Throws if a workflow runs on something else than what it is to release. */
export function assertRunsOn(workflow: Workflow, asked: { ref: string; commit: string }): void {
  for (const flag of ["ref", "commit"] as const)
    if (workflow[flag] !== asked[flag])
      throw new FarmError(
        `--${flag}=${asked[flag]}: the workflow that signs runs on ${workflow[flag]}; release that, or run it on the other`,
      )
}
