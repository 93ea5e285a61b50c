import { beyond, ENTRIES, type Entry, entryOf, isKey } from "../../core/attest/entry.ts"
import { imageFailure } from "../../core/error-line.ts"
import { FarmError } from "../../core/errors.ts"
import type { Plan } from "../../core/plan/plan.ts"
import { annotationsIn, digestOf, digestsIn } from "../../core/registry/oci.ts"
import type { Cleaner } from "../attest/signer.ts"
import type { Registry } from "../registry/registry.ts"
import { imageOf, type Store } from "./open.ts"
import { entryLayout, wantedOf } from "./push.ts"

/** An entry with the bytes of its index. */
interface Held extends Entry {
  text: string
}

/** Every entry of a store, sorted by name and then by time. */
export async function entries(registry: Registry): Promise<Held[]> {
  const keys = (await registry.tags(ENTRIES)).filter(isKey)
  const texts = await Promise.all(keys.map((key) => registry.manifest(ENTRIES, key)))
  const all = keys.flatMap((key, at) => {
    const text = texts[at]
    return text === undefined ? [] : [{ ...entryOf(key, annotationsIn(registry.address(ENTRIES, key), text)), text }]
  })
  const order = ({ name, created }: Entry) => `${name} ${created}`
  return all.sort((one, other) => (order(one) < order(other) ? -1 : 1))
}

/** Deletes the entries beyond the last ones of each name, with what hangs on them alone: a line for each; if it is dry, it only says which. */
export async function prune(store: { registry: Registry; cleaner: Cleaner }, keep: number, isDry: boolean): Promise<string[]> {
  const all = await entries(store.registry)
  const going = beyond(all, keep) as Held[]
  const staying = all.filter((one) => !going.includes(one))
  const used = new Set(staying.flatMap(({ key, text }) => [digestOf(text), ...digestsIn(key, text)]))
  const lines: string[] = []
  for (const { key, name, text } of going) {
    const digests = [...digestsIn(key, text), digestOf(text)].filter((digest) => !used.has(digest))
    if (!isDry) {
      for (const digest of digests) await store.cleaner.clean(ENTRIES, digest)
      // The index first, as registries keep the images of one.
      for (const digest of digests.reverse()) await store.registry.remove(ENTRIES, digest)
    }
    lines.push(`${isDry ? "would delete" : "deleted"} ${key} ${name}`)
  }
  return lines
}

/**
 * Checks the signature and every blob of each entry, and builds one of those that plans ask for anew, without a compiler's cache, to compare
 * its bytes; `pick` chooses among so many. Throws the lines of what isn't as it should be.
 */
export async function verify(store: Store, plans: Plan[], pick: (count: number) => number): Promise<string[]> {
  const { registry, farm } = store
  const good = new Map<string, string>()
  const bad: string[] = []
  for (const { key, name } of await entries(registry)) {
    try {
      const { digest } = (await imageOf(store, key)) ?? {}
      if (!digest) continue
      await registry.checkBlobs(ENTRIES, digest)
      good.set(key, digest)
    } catch (error) {
      bad.push(`${name}: ${imageFailure(registry.address(ENTRIES, key), error)}`)
    }
  }
  const asked = (await Promise.all(plans.map((plan) => wantedOf(farm, plan)))).flat().filter(({ key }) => good.has(key))
  const rebuilt = asked[pick(asked.length)]
  const lines = [`${good.size} entries are signed and whole`]
  if (rebuilt) {
    const { slice, key, build } = rebuilt
    const { digest } = await entryLayout(farm, slice, await build())
    if (digest === good.get(key)) lines.push(`${slice.name} ${slice.platform}, built anew, has the same bytes: ${digest}`)
    else
      bad.push(
        `${slice.name} ${slice.platform}, ${key}: built anew it is ${digest}, the store has ${good.get(key)}: don't use it, and find out who built it`,
      )
  }
  if (bad.length) throw new FarmError([...bad, ...lines].join("\n"))
  return lines
}
