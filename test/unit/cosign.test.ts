import { readFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, test } from "vitest"
import { parse } from "yaml"
import { annotating, cosignError, identityPattern, signaturesOf, signedIn, signing, verifying } from "../../src/core/attest/cosign.ts"
import { annotationsOf } from "../../src/core/attest/publication.ts"
import type { TrustRoot } from "../../src/core/attest/sigstore.ts"
import { ROOT } from "../support/catalog.ts"

describe("cosign", () => {
  test("asks no service where a key signs, and Sigstore's where a workflow does", () => {
    expect(signing({ by: "key" })).toEqual(["--yes", "--key=/run/cosign.key", "--signing-config=/run/signing.json"])
    expect(signing({ by: "identity", pattern: "^it" })).toEqual(["--yes"])
  })

  test("accepts a workflow by its identity and GitHub's word for it alone", () => {
    expect(verifying({ by: "identity", pattern: "^it" })).toEqual([
      "--certificate-identity-regexp=^it",
      "--certificate-oidc-issuer=https://token.actions.githubusercontent.com",
    ])
    expect(verifying({ by: "key" })).toContain("--key=/run/cosign.pub")
  })

  test("signs by a Sigstore of one's own, and asks a signature for what its trust root has keys of", () => {
    const by = (trust: TrustRoot) => ({ by: "identity", pattern: "^it", issuer: "https://issuer", trust }) as const
    const all = { ctlogs: true, tlogs: true }
    expect(signing(by(all))).toEqual(["--yes", "--signing-config=/run/signing.json", "--trusted-root=/run/trusted_root.json"])
    const asked = ["--certificate-identity-regexp=^it", "--certificate-oidc-issuer=https://issuer", "--trusted-root=/run/trusted_root.json"]
    expect(verifying(by(all))).toEqual(asked)
    expect(verifying(by({ ...all, ctlogs: false }))).toEqual([...asked, "--insecure-ignore-sct=true"])
    const stamped = ["--insecure-ignore-tlog=true", "--use-signed-timestamps=true"]
    expect(verifying(by({ ...all, tlogs: false }))).toEqual([...asked, ...stamped])
  })

  test("signs an index as what it is published as, and tells that of each signature, but of no attestation", () => {
    const as = { repository: "helios", tag: "v1.2.3-sid", ref: "refs/tags/v1.2.3", commit: "c0" }
    expect(annotating(annotationsOf({ ...as, distro: "sid" } as typeof as))).toEqual([
      "--annotations=repository=helios",
      "--annotations=tag=v1.2.3-sid",
      "--annotations=ref=refs/tags/v1.2.3",
      "--annotations=commit=c0",
    ])
    const one = (type: string, optional: unknown) => ({ critical: { identity: {}, image: {}, type }, optional })
    const signature = "https://sigstore.dev/cosign/sign/v1"
    const printed = (...list: unknown[]) => `\nVerification for it --\n${JSON.stringify(list)}\n`
    expect(signaturesOf("it", printed(one("https://spdx.dev/Document", as), one(signature, null), one(signature, as)))).toEqual([{}, as])
    expect(() => signaturesOf("it", printed(one("https://spdx.dev/Document", as)))).toThrow(/^it: attested, but not signed; [^\n]+$/)
  })

  test("says which digest a tag's signatures are of, and no other one's count", () => {
    const one = (digest?: string, type = "https://sigstore.dev/cosign/sign/v1") => ({
      critical: { identity: {}, image: { "docker-manifest-digest": digest }, type },
      optional: { tag: "key" },
    })
    expect(signedIn("it", JSON.stringify([one("sha256:a"), one("sha256:a"), one("sha256:b", "https://spdx.dev/Document")]))).toEqual({
      digest: "sha256:a",
      signatures: [{ tag: "key" }, { tag: "key" }],
    })
    for (const signed of [[one("sha256:a"), one("sha256:b")], [one()]])
      expect(() => signedIn("it", JSON.stringify(signed))).toThrow("it: cosign doesn't say of which digest its signatures are")
  })

  test.each([
    ["^https://github\\.com/\\Qa.b/c\\E/x@(main|testing)$", "https://github.com/a.b/c/x@main", "https://github.com/a-b/c/x@main"],
    ["^\\Qa.b", "a.b", "a-b"],
  ])("takes the identity %s by Go's rules", (pattern, yes, no) => {
    expect([yes, no].map((one) => identityPattern(pattern).test(one))).toEqual([true, false])
  })

  const own = "studio/desktops/.github/workflows/release.yml"

  test.each([
    ["main", `${own}@refs/heads/main`, true],
    ["testing", `${own}@refs/heads/testing`, true],
    ["a version", `${own}@refs/tags/v1.2.3`, true],
    ["another workflow", "studio/desktops/.github/workflows/check.yml@refs/heads/main", false],
    ["another branch", `${own}@refs/heads/feature`, false],
    ["a branch whose name begins so", `${own}@refs/heads/main-2`, false],
    ["a tag that is no version", `${own}@refs/tags/v1.2.3-rc`, false],
    ["another repository", "somebody/desktops/.github/workflows/release.yml@refs/heads/main", false],
    ["a repository that is called alike", "studio/desktops-2/.github/workflows/release.yml@refs/heads/main", false],
    ["a repository below another", `a/${own}@refs/heads/main`, false],
  ])("takes this repository's release.yml on the refs that publish, and no other: %s", (_, workflow, isTaken) => {
    const { env } = parse(readFileSync(join(ROOT, ".github/workflows/release.yml"), "utf8")) as { env: { IDENTITY: string } }
    const pattern = identityPattern(env.IDENTITY.replace("${{ github.repository }}", "studio/desktops"))
    expect(pattern.test(`https://github.com/${workflow}`)).toBe(isTaken)
  })

  test("refuses an identity that is no pattern in one line", () => {
    expect(() => identityPattern("^(")).toThrow(/^--identity=\^\(: expected a regular expression, such as [^\n]+$/)
  })

  test.each([
    [
      "WARNING: x\nError: no signatures found\nerror during command execution: no signatures found",
      "it: no signatures found; this isn't what was signed: don't run it, and find out who pushed it",
    ],
    ...["check.yml@refs/heads/main", "release.yml@refs/heads/feature"].map((by): [string, RegExp] => [
      `Error: no matching attestations: failed to verify certificate identity: no matching CertificateIdentity found, last error: expected SAN value to match regex "^https://github\\\\.com/\\\\Qa-studio-of-a-long-name/its-desktops\\\\E/\\\\.github/workflows/release\\\\.yml@refs/(heads/(main|testing)|tags/v[0-9.]+)$", got "https://github.com/a/b/.github/workflows/${by}"\nerror during command execution: x`,
      RegExp(`^it: no matching [^\\n]+ got "[^\\n]+${by}"; this isn't what was signed: don't run it, and find out who pushed it$`),
    ]),
    [
      "Error: no matching signatures: none of the expected identities matched what was in the certificate, got subjects [https://github.com/somebody/b/.github/workflows/release.yml@refs/heads/main] with issuer https://token.actions.githubusercontent.com",
      /^it: no matching [^\n]+\/somebody\/b\/[^\n]+; this isn't what was signed: don't run it, and find out who pushed it$/,
    ],
    [
      'Error: failed to verify certificate identity: no matching CertificateIdentity found, last error: expected issuer value "https://token.actions.githubusercontent.com", got "https://issuer"',
      /^it: failed to verify [^\n]+ got "https:\/\/issuer"; this isn't what was signed: don't run it, and find out who pushed it$/,
    ],
    ["Error: signing [x]: reading key: decrypt: encrypted: decryption failed", /wrong passphrase for the key: check --passphrase/],
    [
      'Error: signing [x]: signing bundle: error signing bundle: Post "https://it/api/v2/signingCert": dial tcp: connect: connection refused',
      /^it: signing [^\n]+ connection refused; Sigstore didn't sign: check that its servers are in reach of containers, [^\n]+$/,
    ],
    ["Error: signing bundle: error signing bundle: failed to verify log inclusion: no verifiable signatures", /; Sigstore didn't sign: /],
    ["Error: getting keypair and token: retrieving ID token: fetching ambient OIDC credentials: EOF", /; Sigstore didn't sign: /],
    ["Error: getting keypair and token: getting signer: reading key: decrypt: it failed", /; wrong passphrase for the key/],
  ])("%j", (said, line) => {
    expect(cosignError("it", said)?.message).toMatch(line)
  })

  test("leaves to the registry what is its business", () => {
    expect(cosignError("it", "Error: connection refused")).toBe(undefined)
  })
})
