import { z } from "zod"
import { FarmError } from "../errors.ts"
import { parseFile } from "../schema.ts"
import type { Annotations } from "./publication.ts"
import type { TrustRoot } from "./sigstore.ts"

/** Who issues the identities of GitHub's workflows. */
const ISSUER = "https://token.actions.githubusercontent.com"

/**
 * What signs and verifies: a key, or a workflow's identity, which GitHub attests unless another issuer does, by the public Sigstore unless
 * there is a trust root; files are at fixed paths.
 */
export type Means = { by: "key" } | { by: "identity"; pattern: string; issuer?: string; trust?: TrustRoot }

export const KEY = "/run/cosign.key"
export const PUBLIC_KEY = "/run/cosign.pub"
export const SIGNING_CONFIG = "/run/signing.json"
export const TRUSTED_ROOT = "/run/trusted_root.json"

/** The services of Sigstore for signing with a key: none, so that it works in a closed network. */
export const NO_SERVICES = JSON.stringify({
  mediaType: "application/vnd.dev.sigstore.signingconfig.v0.2+json",
  rekorTlogConfig: {},
  tsaConfig: {},
})

/** cosign's options to sign. */
export function signing(means: Means): string[] {
  if (means.by === "key") return ["--yes", `--key=${KEY}`, `--signing-config=${SIGNING_CONFIG}`]
  return ["--yes", ...(means.trust ? [`--signing-config=${SIGNING_CONFIG}`, `--trusted-root=${TRUSTED_ROOT}`] : [])]
}

/** cosign's options to verify. */
export function verifying(means: Means): string[] {
  if (means.by === "key") return [`--key=${PUBLIC_KEY}`, "--insecure-ignore-tlog=true"]
  const { pattern, issuer = ISSUER, trust } = means
  return [`--certificate-identity-regexp=${pattern}`, `--certificate-oidc-issuer=${issuer}`, ...(trust ? trusting(trust) : [])]
}

/** cosign's options to verify by a trust root: it asks for what a signature has in the public Sigstore, unless it is told what isn't there. */
function trusting({ ctlogs, tlogs }: TrustRoot): string[] {
  return [
    `--trusted-root=${TRUSTED_ROOT}`,
    ...(ctlogs ? [] : ["--insecure-ignore-sct=true"]),
    ...(tlogs ? [] : ["--insecure-ignore-tlog=true", "--use-signed-timestamps=true"]),
  ]
}

/** cosign's options to say in a signature what it is for. */
export function annotating(annotations: Annotations): string[] {
  return Object.entries(annotations).map(([name, value]) => `--annotations=${name}=${value}`)
}

/** What cosign calls a signature among all that is attested of a digest, in a bundle and in the format before. */
const SIGNATURE = ["https://sigstore.dev/cosign/sign/v1", "cosign container image signature"]

/** Where cosign says of which digest a signature is. */
const DIGEST = "docker-manifest-digest"

const verified = z.array(
  z.object({
    critical: z.object({ type: z.string(), image: z.object({ [DIGEST]: z.string().optional() }) }),
    optional: z.record(z.string(), z.unknown()).nullish(),
  }),
)

/** The digest that `cosign verify` found a tag to name, and the signatures of that. */
export function signedIn(what: string, printed: string): { digest: string; signatures: Annotations[] } {
  const signed = signaturesIn(what, printed)
  const [digest, ...more] = new Set(signed.map(({ critical }) => critical.image[DIGEST]))
  if (!digest || more.length) throw new FarmError(`${what}: cosign doesn't say of which digest its signatures are`)
  return { digest, signatures: signed.map(({ optional }) => optional ?? {}) }
}

/** The signatures in what `cosign verify` printed; it counts attestations as well, which are no signatures. */
export function signaturesOf(what: string, printed: string): Annotations[] {
  return signaturesIn(what, printed).map(({ optional }) => optional ?? {})
}

function signaturesIn(what: string, printed: string): z.infer<typeof verified> {
  const list = printed.split("\n").find((line) => line.startsWith("[")) ?? "[]"
  const all = parseFile(`${what}: cosign`, list, verified)
  const signatures = all.filter(({ critical }) => SIGNATURE.includes(critical.type))
  if (signatures.length) return signatures
  throw new FarmError(`${what}: attested, but not signed; this isn't what was signed: don't run it, and find out who pushed it`)
}

/** A workflow's identity as cosign takes it, a regular expression by Go's rules, by JavaScript's; throws one line for what is neither. */
export function identityPattern(identity: string): RegExp {
  const quoted = identity.replace(/\\Q(.*?)(?:\\E|$)/g, (_, text: string) => text.replace(/\W/g, "\\$&"))
  try {
    return new RegExp(quoted)
  } catch {
    throw new FarmError(
      `--identity=${identity}: expected a regular expression, such as ^https://github\\.com/OWNER/REPOSITORY/\\.github/workflows/release\\.yml@refs/heads/main$`,
    )
  }
}

const REASONS: [said: RegExp, means: string][] = [
  [/incorrect password|decrypt: /i, "wrong passphrase for the key: check --passphrase"],
  [
    /unsupported pem type|invalid pem|no pem|reading key|loading key|getting signer.*pem/i,
    "not a cosign key: `cosign generate-key-pair` makes one",
  ],
  [
    /error signing bundle|getting keypair and token/i,
    "Sigstore didn't sign: check that its servers are in reach of containers, and believe who attests the workflow",
  ],
  [
    /no signatures found|no matching signatures|none of the attestations|no matching attestations|invalid signature|failed to verify|subject digest|does not match/i,
    "this isn't what was signed: don't run it, and find out who pushed it",
  ],
]

/** An error from what cosign printed, in one line, or undefined if its cause is the registry; `what` begins it. */
export function cosignError(what: string, said: string): FarmError | undefined {
  const reason = (said.match(/^Error: (.*)$/m)?.[1] ?? said.trim().split("\n").at(-1) ?? "").slice(0, 1000)
  const advice = REASONS.find(([pattern]) => pattern.test(said))?.[1]
  return advice === undefined ? undefined : new FarmError(`${what}: ${reason}; ${advice}`)
}
