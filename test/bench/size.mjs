import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { execa } from "execa"
import { IMAGE } from "./calls.mjs"
import { call } from "./dagger.mjs"
import { figure } from "./figures.mjs"

const BUDGET_BYTES = 600e6
const COMPRESSIONS = ["Uncompressed", "Gzip", "Zstd"]

/** Bytes of the image's files, and of each of its layers as a registry would hold them: not compressed, gzip and zstd. */
export async function size({ log }) {
  log("the image's size")
  const files = Number((await call(["image", ...IMAGE, "size"])).stdout)
  const figures = [figure("image: all files", files, "B", { most: BUDGET_BYTES })]
  for (const compression of COMPRESSIONS) {
    log(`the image's layers, ${compression.toLowerCase()}`)
    const bytes = await layers(compression)
    const name = `image, ${compression.toLowerCase()}`
    figures.push(figure(`${name}: all ${bytes.length} layers`, sum(bytes), "B"))
    figures.push(...bytes.map((each, index) => figure(`${name}: layer ${index + 1}`, each, "B")))
  }
  return figures
}

async function layers(compression) {
  const folder = mkdtempSync(join(tmpdir(), "helios-bench-"))
  const archive = join(folder, "image.tar")
  try {
    const flags = [`--forced-compression=${compression}`, "--media-types=OCI"]
    await call(["build", ...IMAGE, "as-tarball", ...flags, "export", `--path=${archive}`])
    const index = await json(archive, "index.json")
    const manifest = await json(archive, blob(index.manifests[0]))
    return manifest.layers.map(({ size: bytes }) => bytes)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const json = async (archive, path) => JSON.parse((await execa("tar", ["--extract", "--to-stdout", `--file=${archive}`, path])).stdout)

const blob = ({ digest }) => `blobs/${digest.replace(":", "/")}`

const sum = (numbers) => numbers.reduce((total, each) => total + each, 0)
