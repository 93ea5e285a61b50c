// Usage: node pins.mjs FARM ARCH HOST:PORT FOLDER ARG...
// Prints a file of the folder with the stand-ins that dagger, called with these arguments, takes, each by its digest in that registry, as
// --bases takes them; nothing for a call that takes none. The same stand-ins are the same file.
import { createHash } from "node:crypto"
import { existsSync, mkdirSync, renameSync, writeFileSync } from "node:fs"
import { request } from "node:http" // fetch refuses some ports
import { join } from "node:path"
import { pathToFileURL } from "node:url"
import { basesOf, imagesFor, namesIn, suiteOf } from "./bases.mjs"

const MANIFESTS = ["application/vnd.oci.image.index.v1+json", "application/vnd.oci.image.manifest.v1+json"]

/** The digest that a registry has a stand-in by, undefined if it has none. */
const digestOf = (registry, image) =>
  new Promise((done, failed) => {
    const path = `/v2/library/${image.replace(":", "/manifests/")}`
    const asked = request(`http://${registry}${path}`, { method: "HEAD", headers: { accept: MANIFESTS.join(", ") }, timeout: 10_000 })
    asked.on("response", (answer) => {
      // One that nobody reads keeps the process until the time is over.
      answer.resume()
      done(answer.statusCode === 200 ? answer.headers["docker-content-digest"] : undefined)
    })
    asked.on("timeout", () => asked.destroy(new Error(`${registry}: no answer`)))
    asked.on("error", failed).end()
  })

/** The text of a file for --bases, or undefined if there is nothing to say. */
export const textOf = async (images, digest) => {
  const names = [...new Set(images.filter((image) => suiteOf(image) && !image.includes("@")))].sort()
  const found = await Promise.all(names.map(async (image) => [image, await digest(image)]))
  const known = found.filter(([, one]) => one)
  return known.length ? `${JSON.stringify(Object.fromEntries(known), null, 2)}\n` : undefined
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const [farm, arch, registry, folder, ...args] = process.argv.slice(2)
  const text = await textOf(imagesFor(args, { arch, farm, basesOf, namesIn }), (image) => digestOf(registry, image))
  if (text) {
    const path = join(folder, `${createHash("sha256").update(text).digest("hex").slice(0, 16)}.json`)
    if (!existsSync(path)) {
      mkdirSync(folder, { recursive: true })
      writeFileSync(`${path}.${process.pid}`, text)
      renameSync(`${path}.${process.pid}`, path)
    }
    console.log(path)
  }
}
