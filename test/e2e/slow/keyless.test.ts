import { mkdirSync, readFileSync, renameSync, rmSync } from "node:fs"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { parse } from "yaml"
import { annotating, signing } from "../../../src/core/attest/cosign.ts"
import { annotationsOf } from "../../../src/core/attest/publication.ts"
import { digestOf } from "../../../src/core/registry/oci.ts"
import { clean, MINUTE, need, REGISTRY, ROOT } from "../../support/farm.ts"
import { asRunner, linesOf, ON_A_CELL, WORKFLOWS } from "../../support/github.ts"
import { put, textOf } from "../../support/releases/registry.ts"
import { COMMIT, makeTrust, mine, PATH, REPOSITORY, type Trust, tags } from "../../support/releases/released.ts"
import { database } from "../../support/releases/trust.ts"
import { cosignAs } from "../../support/sigstore/cosign.ts"
import type { Run } from "../../support/sigstore/issuer.ts"
import { type Sigstore, startSigstore } from "../../support/sigstore/sigstore.ts"
import { ownAddress } from "../../support/upstreams/served.ts"

const STUDIO = "studio/desktops"
const RUN: Run = { repository: STUDIO, workflow: "release.yml", ref: "refs/heads/main", sha: COMMIT }
const workflow = parse(readFileSync(join(ROOT, WORKFLOWS, "release.yml"), "utf8")) as { env: { IDENTITY: string } }
const steps = linesOf("release.yml")
const proven = join(ROOT, "proven")
const distros = mine()

let trust: Trust
let sigstore: Sigstore
let db: string

beforeAll(async () => {
  await need("jq", ["jq"])
  trust = await makeTrust()
  db = await database([])
  sigstore = await startSigstore(trust.cosign, ownAddress())
  sigstore.issuer.runs(RUN)
}, 60 * MINUTE)
afterAll(async () => {
  await sigstore?.close()
  rmSync(proven, { recursive: true, force: true })
  clean()
})

/** Runs a line of release.yml as it is, on the cell of kvdi, with the registry, the tools and the Sigstore of this test. */
function run(job: string, text: string, more: Record<string, string> = {}) {
  const line = steps.find(([name, one]) => name === job && one.includes(text))?.[1] as string
  const own = [
    `--signing-config=${sigstore.signingConfig}`,
    `--trusted-root=${sigstore.trustedRoot}`,
    `--oidc-issuer=${sigstore.issuer.address}`,
  ]
  const env = {
    ...ON_A_CELL,
    GITHUB_REF: RUN.ref,
    GITHUB_SHA: RUN.sha,
    REPOSITORY: `${REGISTRY}/${PATH}`,
    IDENTITY: workflow.env.IDENTITY.replace("${{ github.repository }}", STUDIO),
    ...sigstore.issuer.environment,
    ...more,
  }
  return asRunner(line, env, ROOT, {
    call: ["call", `--distros=${distros}`],
    "with-signing": ["with-tools", ...trust.using, `--database=${db}`, `--local=tcp://${REGISTRY}`, "with-signing", ...own],
  })
}

/** What a line printed that must end so. */
async function ended(exitCode: number, job: string, text: string, more?: Record<string, string>): Promise<string> {
  const ran = await run(job, text, more)
  expect(ran.exitCode, ran.all).toBe(exitCode)
  return ran.all as string
}

describe.sequential("a release without a key, by the workflow's own lines", { timeout: 40 * MINUTE }, () => {
  test("isn't begun on another commit or branch than the workflow runs on", async () => {
    expect(await ended(1, "desktop", "prove", { GITHUB_SHA: COMMIT.replace("0", "f") })).toMatch(
      /--commit=f\S+: the workflow that signs runs on 0/,
    )
    expect(await ended(1, "desktop", "prove", { GITHUB_REF: "refs/heads/testing" })).toMatch(
      /--ref=refs\/heads\/testing: the workflow that signs runs on refs\/heads\/main/,
    )
  })

  test("isn't begun where the issuer refuses its runner", async () => {
    expect(await ended(1, "desktop", "prove", { ACTIONS_ID_TOKEN_REQUEST_TOKEN: "another" })).toMatch(/--oidc-url: GitHub answers 401/)
  })

  test("is proven, tagged and verified, and its token is in no log", async () => {
    const said = [await ended(0, "desktop", "prove")]
    mkdirSync(join(proven, "proven-cell"), { recursive: true })
    renameSync(join(ROOT, "proven.json"), join(proven, "proven-cell/proven.json"))
    said.push(await ended(0, "tags", "join"))
    expect(said[1]).toMatch(/published \S+helios-kvdi:unstable-mine is sha256:/)
    expect([...(await tags()).keys()]).toContain("unstable-mine")
    // Others of the matrix aren't there, so the line itself fails.
    said.push(await ended(1, "report", " verify\n"))
    expect(said[2]).toMatch(/verified \S+helios-kvdi:unstable-mine is sha256:/)
    expect(said.join("\n")).not.toContain(sigstore.issuer.environment.ACTIONS_ID_TOKEN_REQUEST_TOKEN)
  })

  test.each<[string, Partial<Run>, string]>([
    ["workflow", { workflow: "check.yml" }, "workflows/check.yml@"],
    ["branch", { ref: "refs/heads/feature" }, "@refs/heads/feature"],
    ["repository", { repository: "somebody/desktops" }, "/somebody/desktops/"],
  ])("an index that another %s signs is refused", async (which, changed, signer) => {
    const was = await textOf(REPOSITORY, "unstable-mine")
    const index = JSON.stringify({ ...JSON.parse(was), annotations: { which } })
    await put(REPOSITORY, "unstable-mine", index)
    sigstore.issuer.runs({ ...RUN, ...changed })
    const published = { repository: REPOSITORY, tag: "unstable-mine", ref: RUN.ref, commit: RUN.sha }
    const means = { by: "identity", pattern: "", trust: { ctlogs: false, tlogs: true } } as const
    const address = `${REGISTRY}/${REPOSITORY}@${digestOf(index)}`
    const signed = await cosignAs(trust.cosign, sigstore, ["sign", ...annotating(annotationsOf(published)), ...signing(means), address])
    expect(signed.exitCode, signed.stderr).toBe(0)
    try {
      const line = (await ended(1, "report", " verify\n")).split("\n").find((text) => text.startsWith(address))
      expect(line).toMatch(/; this isn't what was signed: don't run it/)
      expect(line?.split("got ")[1]).toContain(signer)
    } finally {
      await put(REPOSITORY, "unstable-mine", was)
      sigstore.issuer.runs(RUN)
    }
  })
})
