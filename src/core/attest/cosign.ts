import { FarmError } from "../errors.ts"

/** Who issues the identities of GitHub's workflows. */
const ISSUER = "https://token.actions.githubusercontent.com"

/** By what something is signed, and known to be: a key, whose files lie at fixed paths, or a workflow's identity. */
export type Means = { by: "key" } | { by: "identity"; pattern: string }

export const KEY = "/run/cosign.key"
export const PUBLIC_KEY = "/run/cosign.pub"
export const SIGNING_CONFIG = "/run/signing.json"

/** Sigstore's services that signing with a key asks: none, so that it works in a closed network. */
export const NO_SERVICES = JSON.stringify({
  mediaType: "application/vnd.dev.sigstore.signingconfig.v0.2+json",
  rekorTlogConfig: {},
  tsaConfig: {},
})

/** The options of cosign that make a signature. */
export function signing(means: Means): string[] {
  return ["--yes", ...(means.by === "key" ? [`--key=${KEY}`, `--signing-config=${SIGNING_CONFIG}`] : [])]
}

/** The options of cosign that check one. */
export function verifying(means: Means): string[] {
  if (means.by === "key") return [`--key=${PUBLIC_KEY}`, "--insecure-ignore-tlog=true"]
  return [`--certificate-identity-regexp=${means.pattern}`, `--certificate-oidc-issuer=${ISSUER}`]
}

const REASONS: [said: RegExp, means: string][] = [
  [/incorrect password|decrypt: /i, "the key's passphrase is another: check --passphrase"],
  [
    /unsupported pem type|invalid pem|no pem|reading key|loading key|getting signer.*pem/i,
    "that is no key of cosign's: `cosign generate-key-pair` makes one",
  ],
  [
    /no signatures found|no matching signatures|none of the attestations|no matching attestations|invalid signature|failed to verify|subject digest|does not match/i,
    "it isn't what was signed: don't run it, and see who pushed it",
  ],
]

/** Why cosign did not do what it was asked, in one line; `what` begins it. */
export function cosignError(what: string, said: string): FarmError | undefined {
  const reason = (said.match(/^Error: (.*)$/m)?.[1] ?? said.trim().split("\n").at(-1) ?? "").slice(0, 300)
  const advice = REASONS.find(([pattern]) => pattern.test(said))?.[1]
  return advice === undefined ? undefined : new FarmError(`${what}: ${reason}; ${advice}`)
}
