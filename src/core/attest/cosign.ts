import { FarmError } from "../errors.ts"

/** Who issues the identities of GitHub's workflows. */
const ISSUER = "https://token.actions.githubusercontent.com"

/** What signs and verifies: a key, whose files are at fixed paths, or a workflow's identity. */
export type Means = { by: "key" } | { by: "identity"; pattern: string }

export const KEY = "/run/cosign.key"
export const PUBLIC_KEY = "/run/cosign.pub"
export const SIGNING_CONFIG = "/run/signing.json"

/** The services of Sigstore for signing with a key: none, so that it works in a closed network. */
export const NO_SERVICES = JSON.stringify({
  mediaType: "application/vnd.dev.sigstore.signingconfig.v0.2+json",
  rekorTlogConfig: {},
  tsaConfig: {},
})

/** cosign's options to sign. */
export function signing(means: Means): string[] {
  return ["--yes", ...(means.by === "key" ? [`--key=${KEY}`, `--signing-config=${SIGNING_CONFIG}`] : [])]
}

/** cosign's options to verify. */
export function verifying(means: Means): string[] {
  if (means.by === "key") return [`--key=${PUBLIC_KEY}`, "--insecure-ignore-tlog=true"]
  return [`--certificate-identity-regexp=${means.pattern}`, `--certificate-oidc-issuer=${ISSUER}`]
}

const REASONS: [said: RegExp, means: string][] = [
  [/incorrect password|decrypt: /i, "wrong passphrase for the key: check --passphrase"],
  [
    /unsupported pem type|invalid pem|no pem|reading key|loading key|getting signer.*pem/i,
    "not a cosign key: `cosign generate-key-pair` makes one",
  ],
  [
    /no signatures found|no matching signatures|none of the attestations|no matching attestations|invalid signature|failed to verify|subject digest|does not match/i,
    "this isn't what was signed: don't run it, and find out who pushed it",
  ],
]

/** An error from what cosign printed, in one line, or undefined if its cause is the registry; `what` begins it. */
export function cosignError(what: string, said: string): FarmError | undefined {
  const reason = (said.match(/^Error: (.*)$/m)?.[1] ?? said.trim().split("\n").at(-1) ?? "").slice(0, 300)
  const advice = REASONS.find(([pattern]) => pattern.test(said))?.[1]
  return advice === undefined ? undefined : new FarmError(`${what}: ${reason}; ${advice}`)
}
