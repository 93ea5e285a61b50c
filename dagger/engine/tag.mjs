// Usage: node tag.mjs HOST:PORT/REPOSITORY TAG,TAG... DIGEST...
// Gives the tags to one manifest, or to an index that joins the manifests of several platforms.
import { request as httpRequest } from "node:http" // fetch refuses some ports
import { text } from "node:stream/consumers"

const [repository, tags, ...digests] = process.argv.slice(2)
const slash = repository.indexOf("/")
const api = `http://${repository.slice(0, slash)}/v2/${repository.slice(slash + 1)}`
const INDEX = "application/vnd.oci.image.index.v1+json"
const IMAGE = ["application/vnd.oci.image.manifest.v1+json", "application/vnd.docker.distribution.manifest.v2+json"]

const request = (method, path, headers = {}, body = undefined) =>
  new Promise((done, failed) => {
    const sent = httpRequest(`${api}/${path}`, { method, headers, timeout: 30_000 }, async (response) => {
      const answer = await text(response)
      if (response.statusCode < 300) done({ mediaType: response.headers["content-type"], body: answer })
      else failed(new Error(`${method} ${api}/${path}: ${response.statusCode} ${answer}`))
    })
    sent.on("timeout", () => sent.destroy(new Error(`${method} ${api}/${path}: no answer`)))
    sent.on("error", failed).end(body)
  })

const read = async (digest) => {
  const { mediaType, body } = await request("GET", `manifests/${digest}`, { accept: IMAGE.join(", ") })
  const config = await request("GET", `blobs/${JSON.parse(body).config.digest}`)
  const { architecture, os } = JSON.parse(config.body)
  return { body, descriptor: { mediaType, digest, size: Buffer.byteLength(body), platform: { architecture, os } } }
}

const images = await Promise.all(digests.map(read))
const manifests = images.map((image) => image.descriptor)
manifests.sort((a, b) => a.platform.architecture.localeCompare(b.platform.architecture))
const [mediaType, body] =
  images.length === 1
    ? [manifests[0].mediaType, images[0].body]
    : [INDEX, JSON.stringify({ schemaVersion: 2, mediaType: INDEX, manifests })]
for (const tag of tags.split(",")) await request("PUT", `manifests/${tag}`, { "content-type": mediaType }, body)
