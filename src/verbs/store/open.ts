import { type Container, dag, type Secret } from "@dagger.io/dagger"
import { identityPattern } from "../../core/attest/cosign.ts"
import { assertEntry, ENTRIES } from "../../core/attest/entry.ts"
import type { Taken } from "../../core/attest/provenance.ts"
import { failureReason } from "../../core/error-line.ts"
import { FarmError } from "../../core/errors.ts"
import { keyOf, platformFor } from "../../core/plan/parts.ts"
import type { Plan } from "../../core/plan/plan.ts"
import { parseRepository } from "../../core/registry/access.ts"
import { type Descriptor, digestOf, manifests } from "../../core/registry/oci.ts"
import { openSigner } from "../attest/cosign.ts"
import type { Signer } from "../attest/signer.ts"
import { type ComponentStore, type Farm, type Guest, openFarm, type StoreOptions } from "../farm.ts"
import { openRegistry, type Reachable } from "../registry/skopeo.ts"
import { trustTool } from "../toolbox.ts"

/** A store with what is needed to read and to check it. */
export interface Store {
  farm: Farm
  registry: Reachable
  signer: Signer
}

/** Where a store is. */
export interface StorePlace {
  /** HOST/PATH; no store without. */
  repository?: string
  /** A regular expression of the workflow that has signed what is taken. */
  identity?: string
}

/** How long checking an entry and pulling it may take, in seconds: a compiler is done by then. What asks whether there is one ends by itself. */
const PATIENCE = 300

/** The farm, which takes components from its caller's store if there is one; throws one line for options that don't go together. */
export async function openStocked(guest: Guest, compilerCache = true, cosign?: Container): Promise<Farm> {
  const farm = await openFarm(guest, compilerCache)
  const { repository } = placeOf(guest)
  return repository === undefined ? farm : { ...farm, store: taking(() => openStore(farm, guest, cosign), repository) }
}

/** Opens the store of a caller, to check what it has by whom the caller trusts; throws one line if there is none. */
export async function openStore(farm: Farm, guest: StoreOptions, cosign?: Container): Promise<Store> {
  const registry = await registryOf(farm, guest)
  const by = guest.storeKey ? { publicKey: guest.storeKey } : { identity: placeOf(guest).identity }
  return { farm, registry, signer: await openSigner(registry, () => trustTool(farm, "cosign", { cosign }), by, false) }
}

/** The registry of a caller's store; throws one line if there is none. */
export async function registryOf(farm: Farm, guest: StoreOptions): Promise<Reachable> {
  const { repository } = placeOf(guest)
  if (!repository)
    throw new FarmError("no store: add --store=HOST/PATH, such as --store=ghcr.io/OWNER, with --store-key or --store-identity")
  return openRegistry(farm, { repository, ...(await accountOf(guest)), service: guest.storeLocal }, "store")
}

/** The account of a store; throws one line for what is none. */
async function accountOf({ storeLogin }: StoreOptions): Promise<{ username?: string; password?: Secret }> {
  if (!storeLogin) return {}
  const [username, ...token] = (await storeLogin.plaintext()).trim().split(":")
  if (!username || !token.length)
    throw new FarmError("--store-login: expected an account and its token as NAME:TOKEN, such as env:STORE_LOGIN")
  return { username, password: dag.setSecret("helios-store", token.join(":")) }
}

/** Where the store of a caller is; throws one line for options that don't go together. */
function placeOf({ storeAt = "{}", storeKey, storeLogin, storeLocal }: StoreOptions): StorePlace {
  const place = JSON.parse(storeAt) as StorePlace
  const { repository, identity } = place
  if (repository === undefined && (storeKey || storeLogin || storeLocal || identity))
    throw new FarmError("--store-key, --store-identity and the like go with --store=HOST/PATH: expected where the store is")
  if (repository !== undefined && !storeKey === !identity)
    throw new FarmError(
      `--store=${repository}: an entry is worth what its signature is: expected --store-key=cosign.pub, or --store-identity as for with-signing, and not both`,
    )
  if (repository !== undefined) parseRepository(repository, "store")
  if (identity) identityPattern(identity)
  return place
}

/** What takes entries from a store, as far as it has them and they are signed; whatever is amiss with it is told, and no error. */
export function taking(open: () => Promise<Store>, where: string): ComponentStore {
  let opened: Promise<Store | undefined> | undefined
  const told = (what: string, cause: unknown): undefined => {
    console.warn(`${what}: ${failureReason(cause)}; it is built in its place`)
  }
  const taken = new WeakMap<Plan, Taken[]>()
  const takenFor = (plan: Plan): Taken[] => taken.get(plan) ?? []
  return {
    takenFor: (plan) => [...takenFor(plan)].sort((one, other) => one.name.localeCompare(other.name)),
    async take(plan, slice) {
      opened ??= open().catch((cause) => told(`the store ${where} is of no use`, cause))
      const store = await opened
      if (!store) return undefined
      const { name } = slice
      const key = keyOf(slice)
      const what = `${name}, the store's entry ${key.slice(0, 12)}`
      try {
        const address = store.registry.address(ENTRIES, key)
        const signed = await within(store.signer.signedUnder(ENTRIES, key))
        if (!signed) {
          console.log(`▸ ${what}: not there, it is built`)
          return undefined
        }
        assertEntry(address, signed.signatures, key)
        // By the digest that was signed: the tag may name another by now.
        const files = await within(store.registry.pull(ENTRIES, signed.digest, platformFor(slice)))
        taken.set(plan, [...takenFor(plan), { name, address, digest: signed.digest }])
        console.log(`▸ ${what}: taken`)
        return files.rootfs()
      } catch (cause) {
        return told(what, cause)
      }
    },
  }
}

/** The image of a key, after its signature was checked; undefined if there is no such entry. Throws one line for one that isn't signed as that. */
export async function imageOf({ registry, signer }: Store, key: string): Promise<Descriptor | undefined> {
  const text = await registry.manifest(ENTRIES, key)
  if (text === undefined) return undefined
  const what = registry.address(ENTRIES, key)
  assertEntry(what, await within(signer.signatures(ENTRIES, digestOf(text))), key)
  const [image] = manifests(what, text)
  if (!image) throw new FarmError(`${what}: names no image`)
  return image
}

/** What work comes to, or an error if that takes too long. */
async function within<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, fail) => {
    timer = setTimeout(() => fail(new FarmError(`no answer within ${PATIENCE} s`)), PATIENCE * 1000)
  })
  return Promise.race([work, late]).finally(() => clearTimeout(timer))
}
