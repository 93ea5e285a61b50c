import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { execa } from "execa"
import { need, room } from "./farm.ts"

interface Manifest {
  config: { digest: string }
  layers: { digest: string }[]
}

/** An image as a tarball has it: what its layers are and hold, and what a runtime reads. */
export interface Layers {
  digests: string[]
  /** Each file's type, mode, owner, size, time and hash by LAYER PATH. */
  files: Map<string, string>
  /** The image's configuration without the times at which the engine wrote it. */
  config: unknown
  /** The text of a file. */
  read(path: string): Promise<string>
  /** The blobs, which are layers, configuration and manifests, that `grep` finds something in by its options. */
  having(...options: string[]): Promise<string[]>
}

/** Reads the image of an OCI tarball. */
export async function layersOf(tarball: string): Promise<Layers> {
  await need("bsdtar", ["libarchive-tools"])
  const folder = room()
  await execa("tar", ["--extract", `--file=${tarball}`, `--directory=${folder}`])
  const blob = (digest: string) => join(folder, "blobs", digest.replace(":", "/"))
  const json = (path: string) => JSON.parse(readFileSync(path, "utf8"))
  const index = json(join(folder, "index.json")) as { manifests: [{ digest: string }] }
  const { config, layers } = json(blob(index.manifests[0].digest)) as Manifest
  const files = new Map<string, string>()
  for (const [layer, { digest }] of layers.entries()) {
    const wanted = "--options=!all,type,mode,uid,gid,size,time,link,sha256"
    const { stdout } = await execa("bsdtar", ["--create", "--file=-", "--format=mtree", wanted, `@${blob(digest)}`])
    for (const line of stdout.split("\n").slice(1)) files.set(`${layer} ${line.split(" ")[0]}`, line.slice(line.indexOf(" ") + 1))
  }
  const timed = json(blob(config.digest)) as { created?: string; history: { created?: string }[] }
  const { created: _, ...untimed } = { ...timed, history: timed.history.map(({ created: __, ...step }) => step) }
  const read = async (path: string) => {
    const layer = [...files.keys()].find((key) => key.endsWith(` ./${path}`))?.split(" ")[0]
    const { digest } = layers[Number(layer)] as { digest: string }
    return (await execa("bsdtar", ["--extract", "--to-stdout", `--file=${blob(digest)}`, `./${path}`])).stdout
  }
  const having = async (...options: string[]) => {
    const blobs = join(folder, "blobs/sha256")
    const found: string[] = []
    for (const name of readdirSync(blobs)) {
      const { stdout } = await execa("sh", ["-c", 'zcat --force "$0" | grep --text --count "$@" || true', join(blobs, name), ...options])
      if (stdout !== "0") found.push(name)
    }
    return found
  }
  return { digests: layers.map(({ digest }) => digest), files, config: untimed, read, having }
}

/** Where two images differ, a line each: the layer and path, and what each has there. */
export function differences(one: Layers, other: Layers): string[] {
  const paths = [...new Set([...one.files.keys(), ...other.files.keys()])]
  return paths.flatMap((path) => {
    const [a = "nothing", b = "nothing"] = [one.files.get(path), other.files.get(path)]
    return a === b ? [] : [`${path}: ${a} | ${b}`]
  })
}
