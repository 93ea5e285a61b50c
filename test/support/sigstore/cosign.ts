import { execa } from "execa"
import { SIGNING_CONFIG, TRUSTED_ROOT } from "../../../src/core/attest/cosign.ts"
import { MINUTE, room } from "../farm.ts"
import type { Sigstore } from "./sigstore.ts"

/** Runs cosign as a run of a workflow has it, by options that are for the farm's container, where a Sigstore's files lie elsewhere. */
export function cosignAs(cosign: string, { issuer, signingConfig, trustedRoot }: Sigstore, args: string[]) {
  const words = args.map((word) => word.replace(SIGNING_CONFIG, signingConfig).replace(TRUSTED_ROOT, trustedRoot))
  const home = room()
  const env = { ...issuer.environment, HOME: home, DOCKER_CONFIG: home, TUF_ROOT: home }
  return execa(cosign, words, { env, reject: false, timeout: MINUTE })
}
