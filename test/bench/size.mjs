import { join } from "node:path"
import { execa } from "execa"
import { inFolder } from "./copy.mjs"
import { call } from "./dagger.mjs"
import { figure } from "./figures.mjs"

const COMPRESSIONS = ["Uncompressed", "Gzip", "Zstd"]
/** Most bytes of all files and of all layers. */
const BARS = {
  kvdi: { files: 600e6 },
  helios: { files: 900e6, Uncompressed: 900e6, Zstd: 300e6 },
}

/** Of each image: bytes of its files, and of each of its layers as a registry would hold them: not compressed, gzip and zstd. */
export async function size({ images, log }) {
  const figures = []
  for (const image of images("size")) figures.push(...(await measure(image, log)))
  return figures
}

async function measure(image, log) {
  const { name } = image
  log(`${name}: the image's size`)
  const files = Number((await call([...image.farm, "image", ...image.options, "size"])).stdout)
  const figures = [figure(`${name}: all files`, files, "B", { most: BARS[name].files })]
  for (const compression of COMPRESSIONS) {
    log(`${name}: the image's layers, ${compression.toLowerCase()}`)
    const bytes = await layers(image, compression)
    const layer = `${name}, ${compression.toLowerCase()}`
    figures.push(figure(`${layer}: all ${bytes.length} layers`, sum(bytes), "B", { most: BARS[name][compression] }))
    figures.push(...bytes.map((each, index) => figure(`${layer}: layer ${index + 1}`, each, "B")))
  }
  return figures
}

async function layers(image, compression) {
  return inFolder(async (folder) => {
    const archive = join(folder, "image.tar")
    const flags = [`--forced-compression=${compression}`, "--media-types=OCI"]
    await call([...image.farm, "build", ...image.options, "as-tarball", ...flags, "export", `--path=${archive}`])
    const index = await json(archive, "index.json")
    const manifest = await json(archive, blob(index.manifests[0]))
    return manifest.layers.map(({ size: bytes }) => bytes)
  })
}

const json = async (archive, path) => JSON.parse((await execa("tar", ["--extract", "--to-stdout", `--file=${archive}`, path])).stdout)

const blob = ({ digest }) => `blobs/${digest.replace(":", "/")}`

const sum = (numbers) => numbers.reduce((total, each) => total + each, 0)
