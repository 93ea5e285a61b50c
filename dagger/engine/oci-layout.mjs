// Usage: node oci-layout.mjs ROOTFS.tar OUT_DIR [ARCH]   Prints the manifest's digest.
// Wraps one root file system as an OCI image layout of a single uncompressed layer.
import { createHash } from "node:crypto"
import { copyFileSync, createReadStream, mkdirSync, statSync, writeFileSync } from "node:fs"

const [tar, out, architecture = "amd64"] = process.argv.slice(2)
const blobs = `${out}/blobs/sha256`
mkdirSync(blobs, { recursive: true })

const digestOf = async (stream) => {
  const hash = createHash("sha256")
  for await (const chunk of stream) hash.update(chunk)
  return hash.digest("hex")
}
const put = async (mediaType, value) => {
  const bytes = Buffer.from(JSON.stringify(value))
  const hex = await digestOf([bytes])
  writeFileSync(`${blobs}/${hex}`, bytes)
  return { mediaType, digest: `sha256:${hex}`, size: bytes.length }
}

const layer = await digestOf(createReadStream(tar))
copyFileSync(tar, `${blobs}/${layer}`)
const config = await put("application/vnd.oci.image.config.v1+json", {
  architecture,
  os: "linux",
  config: { Env: ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"], Cmd: ["bash"] },
  rootfs: { type: "layers", diff_ids: [`sha256:${layer}`] },
  history: [{ created_by: "mmdebstrap" }],
})
const manifest = await put("application/vnd.oci.image.manifest.v1+json", {
  schemaVersion: 2,
  mediaType: "application/vnd.oci.image.manifest.v1+json",
  config,
  layers: [{ mediaType: "application/vnd.oci.image.layer.v1.tar", digest: `sha256:${layer}`, size: statSync(tar).size }],
})
writeFileSync(
  `${out}/index.json`,
  JSON.stringify({ schemaVersion: 2, manifests: [{ ...manifest, platform: { architecture, os: "linux" } }] }),
)
writeFileSync(`${out}/oci-layout`, JSON.stringify({ imageLayoutVersion: "1.0.0" }))
console.log(manifest.digest)
