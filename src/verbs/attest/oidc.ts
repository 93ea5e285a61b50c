import type { Secret } from "@dagger.io/dagger"
import { type Workflow, workflowOf } from "../../core/attest/workflow.ts"
import { FarmError } from "../../core/errors.ts"

/** The workflow that runs, as GitHub tells its runner. */
export async function askWorkflow(url: string, token: Secret): Promise<Workflow> {
  const headers = { authorization: `bearer ${await token.plaintext()}` }
  const answer = await fetch(`${url}&audience=sigstore`, { headers, signal: AbortSignal.timeout(60_000) }).catch((cause: Error) => {
    throw new FarmError(`--oidc-url: ${cause.message}; it is $ACTIONS_ID_TOKEN_REQUEST_URL of a job with \`id-token: write\``, { cause })
  })
  if (answer.ok) return workflowOf(((await answer.json()) as { value: string }).value)
  throw new FarmError(`--oidc-url: GitHub answers ${answer.status}: check that the job has \`id-token: write\``)
}
