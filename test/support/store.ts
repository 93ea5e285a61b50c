import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { stripVTControlCharacters } from "node:util"
import { expect } from "vitest"
import { digestsIn } from "../../src/core/registry/oci.ts"
import { dagger, type Engine } from "./engine/engine.ts"
import { call, farm, MIRROR, REGISTRY, room } from "./farm.ts"
import { textOf } from "./releases/registry.ts"
import { cosignImage, keyPair } from "./releases/trust.ts"

/** A store in the tests' registry, and who is trusted there. */
export interface TestStore {
  /** The options of a farm that builds helios and finds cosign. */
  helios: string[]
  ours: { key: string; pub: string }
  theirs: { key: string; pub: string }
}

/** Where a test file's entries lie in the registry. */
export const PATH = `store-${process.pid}`
export const repository = (path = PATH) => `${path}/helios-components`

/** cosign's image and two key pairs; the first time that takes minutes. */
export async function makeStore(): Promise<TestStore> {
  const { name, address, cosign } = await cosignImage()
  const bases = join(room(), "bases.json")
  writeFileSync(bases, JSON.stringify({ [name]: address }))
  return { helios: [`--mirror=${MIRROR}`, `--bases=${bases}`], ours: await keyPair(cosign, ""), theirs: await keyPair(cosign, "") }
}

/** The options of a farm with a store, of which we trust what is signed by our key. */
export function stored({ helios, ours }: TestStore, path = PATH, registry = REGISTRY): string[] {
  return [...helios, `--store=${registry}/${path}`, `--store-key=${ours.pub}`, `--store-local=tcp://${registry}`]
}

/** The words of a call that pushes bookworm's components, signed by our key or another. */
export function pushing(store: TestStore, path = PATH, key = store.ours.key, registry = REGISTRY): string[] {
  return [...stored(store, path, registry), "store", "push", `--key=file:${key}`, "--distro=bookworm"]
}

/** What a call told while it took noVNC's stage, which was there in the end. */
export async function told(options: string[], on?: Engine): Promise<string> {
  const asked = ["--progress=plain", "call", ...options, "stage", "--name=novnc", "--distro=bookworm", "entries"]
  const { exitCode, stdout, stderr } = on ? await dagger(on, asked) : await farm(asked, 25)
  expect([exitCode, stdout], String(stderr)).toEqual([0, expect.stringContaining("usr/")])
  return stripVTControlCharacters(String(stderr))
}

/** The keys of a store's entries, by name. */
export async function keys(store: TestStore, path = PATH): Promise<Map<string, string>> {
  const rows = (await call([...stored(store, path), "store", "list"])).split("\n").slice(1)
  return new Map(rows.map((row) => [row.split(" ")[0] as string, row.match(/[0-9a-f]{64}$/)?.[0] as string]))
}

/** The layers of the image that a key names in the store. */
export async function entry(key: string, path = PATH): Promise<{ digest: string; size: number }[]> {
  const [image = ""] = digestsIn("the entry", await textOf(repository(path), key))
  return JSON.parse(await textOf(repository(path), image)).layers
}
