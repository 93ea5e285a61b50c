import { createHash } from "node:crypto"
import { type IncomingMessage, request, type ServerResponse } from "node:http"
import { REGISTRY } from "../farm.ts"
import { listen } from "../upstreams/served.ts"

export const INDEX = "application/vnd.oci.image.index.v1+json"
export const MANIFEST = "application/vnd.oci.image.manifest.v1+json"

/** What the registry holds of a repository: digest by tag. */
export async function digests(repository: string): Promise<Map<string, string>> {
  const { tags } = (await (await fetch(`http://${REGISTRY}/v2/${repository}/tags/list`)).json()) as { tags?: string[] }
  const digest = async (tag: string) => {
    const answer = await fetch(`http://${REGISTRY}/v2/${repository}/manifests/${tag}`, { headers: { accept: INDEX } })
    return `sha256:${createHash("sha256")
      .update(Buffer.from(await answer.arrayBuffer()))
      .digest("hex")}`
  }
  return new Map(await Promise.all((tags ?? []).map(async (tag) => [tag, await digest(tag)] as const)))
}

/** The digests of an image's layers, the lowest first, by the address of one without an index. */
export async function layers(address: string): Promise<string[]> {
  const [, path, tag] = address.match(/^[^/]+\/(.+):([^:/]+)$/) as string[]
  const answer = await fetch(`http://${REGISTRY}/v2/${path}/manifests/${tag}`, { headers: { accept: MANIFEST } })
  return ((await answer.json()) as { layers: { digest: string }[] }).layers.map(({ digest }) => digest)
}

/** Lets a tag of it name an index or an image, whatever that says: the text of what it named before. */
export async function put(repository: string, tag: string, index: string): Promise<string> {
  const url = `http://${REGISTRY}/v2/${repository}/manifests/${tag}`
  const before = await textOf(repository, tag)
  const type = (JSON.parse(index) as { mediaType?: string }).mediaType ?? INDEX
  const answer = await fetch(url, { method: "PUT", headers: { "content-type": type }, body: index })
  if (!answer.ok) throw new Error(`${tag}: ${answer.status} ${await answer.text()}`)
  return before
}

/** The manifest or index that a tag or digest of it names, as its bytes are. */
export async function textOf(repository: string, reference: string): Promise<string> {
  const accept = [INDEX, MANIFEST].join(", ")
  return (await fetch(`http://${REGISTRY}/v2/${repository}/manifests/${reference}`, { headers: { accept } })).text()
}

/** The text of a blob of it. */
export async function blobOf(repository: string, digest: string): Promise<string> {
  return (await fetch(`http://${REGISTRY}/v2/${repository}/blobs/${digest}`)).text()
}

/** The tag under which a registry without referrers keeps what refers to a digest. */
export const referrers = (digest: string) => digest.replace(":", "-")

/** That registry behind something that may answer in its place, the requests that came, each as METHOD PATH, and the bytes that came in them. */
export async function between(answer: (asked: IncomingMessage, response: ServerResponse) => boolean | Promise<boolean>) {
  const requests: string[] = []
  let bytes = 0
  const { port, close } = await listen(async (asked, response) => {
    requests.push(`${asked.method} ${asked.url}`)
    if (await answer(asked, response)) return
    const [host, onwards] = REGISTRY.split(":")
    const { method, url: path, headers } = asked
    const onward = request({ host, port: onwards, method, path, headers }, (came) => {
      response.writeHead(came.statusCode as number, came.headers)
      came.pipe(response)
    })
    asked.on("data", (part: Buffer) => {
      bytes += part.length
    })
    asked.pipe(onward)
  }, "127.0.0.1")
  return { registry: `127.0.0.1:${port}`, requests, uploaded: () => bytes, close }
}
