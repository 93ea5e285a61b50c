import { type Directory, type File, func, object, type Platform, type Secret, type Service, type Socket } from "@dagger.io/dagger"
import { parseOrigin } from "../core/plan/labels.ts"
import { farmDigest } from "../verbs/build/build.ts"
import { listed, proven, pruned, pushed } from "../verbs/store/carry-out.ts"

/** Components that were built once for everybody, in an OCI registry: an image for each, named by all that decides it. */
@object()
export class Store {
  extra?: Directory
  bases?: File
  archives?: File
  mirror?: string
  gitConfig?: Secret
  ssh?: Socket
  storeAt?: string
  storeKey?: File
  storeLogin?: Secret
  storeLocal?: Service
  private asOf?: string
  private origin: string

  /**
   * Every entry, a line each: its name, platform and base, when it was pushed, and its key.
   * `dagger call --store=ghcr.io/OWNER --store-key=cosign.pub store list`
   */
  @func({ cache: "never" })
  list(): Promise<string> {
    return listed(this)
  }

  /**
   * Builds what the store lacks of distros' components, pushes it and signs it; a line for each that was pushed or is there.
   * `dagger call --store=ghcr.io/OWNER --store-key=cosign.pub --store-login=env:LOGIN store push --key=file:cosign.key`
   * @param key The private key of cosign's to sign with, such as file:cosign.key; releases fill a store with what they sign with.
   * @param distro These distros; all by default.
   * @param platform Their platform; the engine's own by default.
   * @param passphrase Of the key, such as env:COSIGN_PASSWORD; none by default.
   */
  @func({ cache: "never" })
  async push(key: Secret, distro: string[] = [], platform?: Platform, passphrase?: Secret): Promise<string> {
    const commit = parseOrigin(JSON.parse(this.origin)).commit ?? (await farmDigest())
    return pushed(this, { distros: distro, platform, asOf: this.asOf }, { key, passphrase }, commit)
  }

  /**
   * Deletes the entries beyond the last ones of each name, platform and base; what is still asked for is built again then.
   * `dagger call --store=ghcr.io/OWNER --store-key=cosign.pub --store-login=env:LOGIN store prune --keep=3 --dry-run=false`
   * @param keep How many stay of each.
   * @param dryRun Only tell what would be deleted.
   */
  @func({ cache: "never" })
  prune(keep: number, dryRun: boolean = true): Promise<string> {
    return pruned(this, keep, dryRun)
  }

  /**
   * Checks the signature and every blob of each entry, and builds one at random anew to compare its bytes.
   * `dagger call --store=ghcr.io/OWNER --store-key=cosign.pub store verify --distro=bookworm`
   * @param distro The distros among whose components one is chosen; all by default.
   * @param platform Their platform; the engine's own by default.
   */
  @func({ cache: "never" })
  verify(distro: string[] = [], platform?: Platform): Promise<string> {
    return proven(this, { distros: distro, platform, asOf: this.asOf })
  }
}
