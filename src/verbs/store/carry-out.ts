import { randomInt } from "node:crypto"
import { dag } from "@dagger.io/dagger"
import { supportedCatalog } from "../../core/catalog/end-of-life.ts"
import { type Profile, RECIPES } from "../../core/catalog/profiles.ts"
import { choices, FarmError } from "../../core/errors.ts"
import { type Plan, plan } from "../../core/plan/plan.ts"
import { table } from "../../core/table.ts"
import { openCleaner, openSigner, type Signing } from "../attest/cosign.ts"
import { type Farm, type Guest, openFarm } from "../farm.ts"
import { today } from "../today.ts"
import { trustTool } from "../toolbox.ts"
import { entries, prune, verify } from "./keep.ts"
import { openStore, registryOf, type Store } from "./open.ts"
import { push } from "./push.ts"

/** Which distros' components. */
interface Asked {
  /** All of them if there is none. */
  distros: string[]
  /** The engine's own by default. */
  platform?: string
  asOf?: string
}

/** What `store list` prints. */
export async function listed(guest: Guest): Promise<string> {
  const all = await entries(await registryOf(await openFarm(guest), guest))
  const rows = all.map(({ name, created, key }) => [name, created, key])
  return table([["entry", "pushed", "key"], ...rows])
}

/** What `store push` prints. */
export async function pushed(guest: Guest, asked: Asked, by: Signing, commit: string): Promise<string> {
  const store = await opened(guest)
  const signer = await openSigner(store.registry, () => trustTool(store.farm, "cosign", {}), by, true)
  return (await push(store, await plansOf(store.farm, asked), { signer, ref: "HEAD", commit })).join("\n")
}

/** What `store prune` prints. */
export async function pruned(guest: Guest, keep: number, isDry: boolean): Promise<string> {
  const farm = await openFarm(guest)
  const registry = await registryOf(farm, guest)
  const cleaner = openCleaner(registry, () => trustTool(farm, "cosign", {}))
  const lines = await prune({ registry, cleaner }, keep, isDry)
  return lines.join("\n") || `nothing to delete: no more than ${keep} entries of any name`
}

/** What `store verify` prints. */
export async function proven(guest: Guest, asked: Asked): Promise<string> {
  const store = await opened(guest)
  return (await verify(store, await plansOf(store.farm, asked), (count) => (count ? randomInt(count) : 0))).join("\n")
}

/** No compiler's cache, which anyone may have written to who calls the engine: what is pushed is for everybody. */
const opened = async (guest: Guest): Promise<Store> => openStore(await openFarm(guest, false), guest)

/** The plans of distros whose components are built from source; throws one line for a distro that has none. */
async function plansOf(farm: Farm, { distros, platform, asOf }: Asked): Promise<Plan[]> {
  const wanted = platform ?? (await dag.defaultPlatform())
  const { catalog } = supportedCatalog(farm.catalog, today())
  const built = [...catalog.distros.values()].flatMap((distro) =>
    (Object.keys(distro.profiles) as Profile[]).filter((name) => RECIPES[name].fromSource).map((profile) => ({ distro, profile })),
  )
  const unknown = distros.find((name) => !built.some(({ distro }) => distro.name === name))
  if (unknown !== undefined)
    throw new FarmError(
      `--distro=${unknown}: expected one whose components are built from source: ${choices([...new Set(built.map(({ distro }) => distro.name))])}`,
    )
  return built
    .filter(({ distro }) => (distros.length ? distros.includes(distro.name) : distro.platforms.includes(wanted as never)))
    .map(({ distro, profile }) => plan(farm.catalog, farm, { distro: distro.name, profile, platform: wanted, asOf, today: today() }))
}
