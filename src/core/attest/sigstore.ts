import { z } from "zod"
import { FarmError } from "../errors.ts"
import { parseFile } from "../schema.ts"

/** What a trust root has keys of, beside those of certificate authorities: a signature that lacks one of them doesn't count. */
export interface TrustRoot {
  /** Logs of certificates, and of signatures. */
  ctlogs: boolean
  tlogs: boolean
}

const many = z.array(z.unknown()).default([])
const authorities = z.array(z.unknown()).min(1, "expected at least one certificate authority")
const trustRoot = z.object({
  mediaType: z
    .string()
    .regex(
      /^application\/vnd\.dev\.sigstore\.trustedroot(\+json;version=0\.\d|\.v0\.\d\+json)$/,
      "expected that of Sigstore's TrustedRoot",
    ),
  certificateAuthorities: authorities,
  ctlogs: many,
  tlogs: many,
  timestampAuthorities: many,
})

/** A trust root as `cosign trusted-root create` makes it; throws one line for what is none, or never tells when something was signed. */
export function parseTrustRoot(text: string): TrustRoot {
  const { ctlogs, tlogs, timestampAuthorities } = parseFile("--trusted-root", text, trustRoot)
  if (tlogs.length || timestampAuthorities.length) return { ctlogs: ctlogs.length > 0, tlogs: tlogs.length > 0 }
  throw new FarmError(
    "--trusted-root: expected tlogs or timestampAuthorities: nothing else tells whether a certificate was valid when it signed",
  )
}

const signingConfig = z.object({
  mediaType: z.literal("application/vnd.dev.sigstore.signingconfig.v0.2+json"),
  caUrls: authorities,
  rekorTlogUrls: many,
  tsaUrls: many,
})

/** Throws one line for what is no signing config of `cosign signing-config create`, or one whose signatures wouldn't count by a trust root. */
export function assertSignsFor(trust: TrustRoot, text: string): void {
  const { rekorTlogUrls, tsaUrls } = parseFile("--signing-config", text, signingConfig)
  if (trust.tlogs && !rekorTlogUrls.length)
    throw new FarmError(
      "--signing-config: rekorTlogUrls: expected a log, as --trusted-root has tlogs and a signature counts by one of them",
    )
  if (!trust.tlogs && !tsaUrls.length)
    throw new FarmError("--signing-config: tsaUrls: expected a timestamp authority, as --trusted-root has no tlogs")
}

/** Which of with-signing's options about Sigstore were given. */
interface Given {
  identity?: unknown
  signingConfig?: unknown
  trustedRoot?: unknown
  oidcIssuer?: string
}

/** Throws one line for options that don't go together, or an issuer that is no address. */
export function assertSigstore({ identity, signingConfig, trustedRoot, oidcIssuer }: Given, isToSign: boolean): void {
  if ((signingConfig || trustedRoot || oidcIssuer) && !identity)
    throw new FarmError("with-signing: --signing-config, --trusted-root and --oidc-issuer go with --identity: a key takes no service")
  if (isToSign ? !signingConfig !== !trustedRoot : signingConfig && !trustedRoot)
    throw new FarmError(
      "with-signing: --signing-config and --trusted-root go together: the one says where to sign, the other what counts; to verify, the latter is enough",
    )
  if (oidcIssuer && !/^https?:\/\/[^\s/]+(\/\S*)?$/.test(oidcIssuer))
    throw new FarmError(`--oidc-issuer=${oidcIssuer}: expected an address as tokens have it in iss, such as https://HOST/_services/token`)
}
