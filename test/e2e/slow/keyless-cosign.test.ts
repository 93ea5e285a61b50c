import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import type { Secret } from "@dagger.io/dagger"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { annotating, cosignError, type Means, signaturesOf, signing, verifying } from "../../../src/core/attest/cosign.ts"
import { predicatesOf } from "../../../src/core/attest/predicates.ts"
import { annotationsOf } from "../../../src/core/attest/publication.ts"
import { assertSignsFor, parseTrustRoot } from "../../../src/core/attest/sigstore.ts"
import { askWorkflow } from "../../../src/verbs/attest/oidc.ts"
import { clean, MINUTE, room } from "../../support/farm.ts"
import { builtCosign } from "../../support/releases/trust.ts"
import { cosignAs } from "../../support/sigstore/cosign.ts"
import type { Run } from "../../support/sigstore/issuer.ts"
import { startRegistry } from "../../support/sigstore/registry.ts"
import { type Sigstore, startSigstore } from "../../support/sigstore/sigstore.ts"

// Needs no engine: cosign and Sigstore's own servers, with the options that the farm gives to cosign in its container.
const REPOSITORY = "studio/desktops"
const RUN: Run = {
  repository: REPOSITORY,
  workflow: "release.yml",
  ref: "refs/heads/main",
  sha: "0123456789abcdef0123456789abcdef01234567",
}
/** As release.yml has it. */
const IDENTITY = `^https://github\\.com/\\Q${REPOSITORY}\\E/\\.github/workflows/release\\.yml@refs/(heads/(main|testing)|tags/v[0-9.]+)$`
const PUBLISHED = { repository: "helios", tag: "unstable-mine", ref: RUN.ref, commit: RUN.sha }

let cosign: string
let sigstore: Sigstore
let registry: Awaited<ReturnType<typeof startRegistry>>
let means: Means

beforeAll(async () => {
  cosign = await builtCosign()
  registry = await startRegistry()
  sigstore = await startSigstore(cosign)
  const trust = parseTrustRoot(readFileSync(sigstore.trustedRoot, "utf8"))
  assertSignsFor(trust, readFileSync(sigstore.signingConfig, "utf8"))
  means = { by: "identity", pattern: IDENTITY, issuer: sigstore.issuer.address, trust }
}, 40 * MINUTE)
afterAll(async () => {
  await Promise.all([sigstore?.close(), registry?.close()])
  clean()
})

const run = (args: string[]) => cosignAs(cosign, sigstore, args)

async function done(args: string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await run(args)
  expect(exitCode, stderr).toBe(0)
  return stdout
}

/** An artifact in the registry of its own, that nobody has signed: its address by digest. */
async function artifact(name: string): Promise<string> {
  const file = join(room(), "file")
  writeFileSync(file, name)
  return (await done(["upload", "blob", `--files=${file}`, `${registry.registry}/${name}:latest`])).trim().split("\n").at(-1) as string
}

/** That artifact, signed by a run. */
async function signedBy(changed: Partial<Run>, name: string): Promise<string> {
  const address = await artifact(name)
  sigstore.issuer.runs({ ...RUN, ...changed })
  await done(["sign", ...annotating(annotationsOf(PUBLISHED)), ...signing(means), address])
  return address
}

/** What the farm says of what cosign refused. */
async function refused(address: string, by: Means = means): Promise<string> {
  const { exitCode, stderr } = await run(["verify", "--output=json", ...verifying(by), address])
  expect(exitCode, stderr).not.toBe(0)
  return cosignError("it", stderr)?.message as string
}

describe.sequential("keyless, by a Sigstore of one's own", { timeout: 5 * MINUTE }, () => {
  test("the workflow that runs is told by its issuer as the certificate has it", async () => {
    sigstore.issuer.runs(RUN)
    const { ACTIONS_ID_TOKEN_REQUEST_URL: url, ACTIONS_ID_TOKEN_REQUEST_TOKEN: token } = sigstore.issuer.environment
    expect(await askWorkflow(url, { plaintext: async () => token } as Secret)).toEqual({
      identity: `https://github.com/${REPOSITORY}/.github/workflows/release.yml@refs/heads/main`,
      repository: `https://github.com/${REPOSITORY}`,
      ref: RUN.ref,
      commit: RUN.sha,
    })
    await expect(askWorkflow(url, { plaintext: async () => "another" } as Secret)).rejects.toThrow(/^--oidc-url: GitHub answers 401: /)
  })

  test("what the workflow signs and attests is verified, with what it says of itself", async () => {
    const address = await signedBy({}, "right")
    expect(signaturesOf(address, await done(["verify", "--output=json", ...verifying(means), address]))).toEqual([PUBLISHED])
    const predicate = join(room(), "predicate.json")
    writeFileSync(predicate, '{"it":"is"}')
    const type = "--type=https://slsa.dev/provenance/v1"
    await done(["attest", type, `--predicate=${predicate}`, ...signing(means), address])
    const printed = join(room(), "attested")
    await done(["verify-attestation", type, `--output-file=${printed}`, ...verifying(means), address])
    expect(predicatesOf(readFileSync(printed, "utf8"))).toEqual([{ it: "is" }])
  })

  test.each<[string, Partial<Run>]>([
    ["workflow", { workflow: "check.yml" }],
    ["branch", { ref: "refs/heads/feature" }],
    ["repository", { repository: "somebody/desktops" }],
  ])("what another %s signs is refused", async (which, changed) => {
    const said = await refused(await signedBy(changed, which))
    expect(said).toMatch(/^it: [^\n]+; this isn't what was signed: don't run it, and find out who pushed it$/)
  })

  test("where Sigstore doesn't believe the run, or can't be reached, the registry isn't blamed", async () => {
    const address = await artifact("unsigned")
    const { signingConfig, issuer } = sigstore
    const nobody = join(room(), "signing_config.json")
    writeFileSync(nobody, readFileSync(signingConfig, "utf8").replace(/(?<="caUrls":\s*\[\s*\{\s*"url":\s*")[^"]+/, "http://127.0.0.1:1"))
    const environment = { ...issuer.environment, ACTIONS_ID_TOKEN_REQUEST_TOKEN: "another" }
    for (const other of [
      { ...sigstore, signingConfig: nobody },
      { ...sigstore, issuer: { ...issuer, environment } },
    ]) {
      const { exitCode, stderr } = await cosignAs(cosign, other, ["sign", ...signing(means), address])
      expect(exitCode, stderr).not.toBe(0)
      expect(cosignError("it", stderr)?.message).toMatch(/^it: [^\n]+; Sigstore didn't sign: /)
    }
  })

  test("what nobody signed is refused, and what another issuer or Sigstore attests", async () => {
    expect(await refused(await artifact("unsigned"))).toMatch(/this isn't what was signed/)
    const address = await signedBy({}, "others")
    expect(await refused(address, { ...(means as object), issuer: undefined } as Means)).toMatch(/this isn't what was signed/)
    const { trustedRoot } = sigstore
    const root = JSON.parse(readFileSync(trustedRoot, "utf8"))
    root.certificateAuthorities[0].certChain = root.timestampAuthorities[0].certChain
    sigstore.trustedRoot = join(room(), "trusted_root.json")
    writeFileSync(sigstore.trustedRoot, JSON.stringify(root))
    expect(await refused(address)).toMatch(/this isn't what was signed/)
    sigstore.trustedRoot = trustedRoot
  })
})
