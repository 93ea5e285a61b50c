import { describe, expect, test } from "vitest"
import { assertSignsFor, assertSigstore, parseTrustRoot } from "../../src/core/attest/sigstore.ts"

const root = (has: Record<string, unknown>) =>
  JSON.stringify({ mediaType: "application/vnd.dev.sigstore.trustedroot+json;version=0.1", certificateAuthorities: [{}], ...has })
const config = (has: Record<string, unknown>) =>
  JSON.stringify({ mediaType: "application/vnd.dev.sigstore.signingconfig.v0.2+json", caUrls: [{ url: "https://it" }], ...has })

describe("a trust root", () => {
  test.each([
    [
      { tlogs: [{}], ctlogs: [{}], timestampAuthorities: [{}] },
      { ctlogs: true, tlogs: true },
    ],
    [{ tlogs: [{}] }, { ctlogs: false, tlogs: true }],
    [{ timestampAuthorities: [{}] }, { ctlogs: false, tlogs: false }],
  ])("%j is %j", (has, trust) => {
    expect(parseTrustRoot(root(has))).toEqual(trust)
    expect(parseTrustRoot(root({ ...has, mediaType: "application/vnd.dev.sigstore.trustedroot.v0.2+json" }))).toEqual(trust)
  })

  test.each([
    ["-----BEGIN CERTIFICATE-----", /^--trusted-root: expected JSON, got [^\n]+$/],
    [config({}), /^--trusted-root: mediaType: expected that of Sigstore's TrustedRoot, got "application\/vnd\.[^\n]+$/],
    [root({ certificateAuthorities: [] }), "--trusted-root: certificateAuthorities: expected at least one certificate authority, got []"],
    [root({ ctlogs: [{}] }), /^--trusted-root: expected tlogs or timestampAuthorities: [^\n]+$/],
  ])("%j is refused in one line", (text, line) => {
    expect(() => parseTrustRoot(text)).toThrow(line)
  })
})

describe("a signing config", () => {
  const logged = { ctlogs: true, tlogs: true }
  const stamped = { ctlogs: true, tlogs: false }
  const [rekorTlogUrls, tsaUrls] = [[{ url: "https://log" }], [{ url: "https://tsa" }]]

  test("signs what its trust root counts", () => {
    assertSignsFor(logged, config({ rekorTlogUrls }))
    assertSignsFor(stamped, config({ tsaUrls }))
  })

  test.each([
    [
      logged,
      "{}",
      /^--signing-config: mediaType: expected one of application\/vnd\.dev\.sigstore\.signingconfig\.v0\.2\+json, got [^\n]+$/,
    ],
    [logged, root({}), /^--signing-config: mediaType: expected one of [^\n]+$/],
    [logged, config({ caUrls: [] }), "--signing-config: caUrls: expected at least one certificate authority, got []"],
    [logged, config({ tsaUrls }), /^--signing-config: rekorTlogUrls: expected a log, as --trusted-root has tlogs [^\n]+$/],
    [stamped, config({ rekorTlogUrls }), /^--signing-config: tsaUrls: expected a timestamp authority, as --trusted-root has no tlogs$/],
  ])("for %j, %j is refused in one line", (trust, text, line) => {
    expect(() => assertSignsFor(trust, text)).toThrow(line)
  })
})

describe("with-signing", () => {
  const [identity, signingConfig, trustedRoot] = ["^it", {}, {}]

  test.each([
    [{ identity }, true],
    [{ identity, oidcIssuer: "https://token.actions.githubusercontent.com/ours" }, true],
    [{ identity, signingConfig, trustedRoot, oidcIssuer: "http://127.0.0.1:5556" }, true],
    [{ identity, trustedRoot }, false],
    [{ identity, signingConfig, trustedRoot }, false],
    [{}, true],
  ])("takes %j, to sign: %j", (given, isToSign) => {
    assertSigstore(given, isToSign)
  })

  test.each([
    [{ signingConfig, trustedRoot }, true, /^with-signing: --signing-config, --trusted-root and --oidc-issuer go with --identity: [^\n]+$/],
    [{ oidcIssuer: "https://it" }, false, /^with-signing: --signing-config, --trusted-root and --oidc-issuer go with --identity: [^\n]+$/],
    [{ identity, signingConfig }, true, /^with-signing: --signing-config and --trusted-root go together: [^\n]+$/],
    [{ identity, trustedRoot }, true, /^with-signing: --signing-config and --trusted-root go together: [^\n]+$/],
    [{ identity, signingConfig }, false, /^with-signing: --signing-config and --trusted-root go together: [^\n]+$/],
    [
      { identity, oidcIssuer: "token.actions" },
      true,
      /^--oidc-issuer=token\.actions: expected an address as tokens have it in iss, [^\n]+$/,
    ],
  ])("refuses %j, to sign: %j, in one line", (given, isToSign, line) => {
    expect(() => assertSigstore(given, isToSign)).toThrow(line)
  })
})
