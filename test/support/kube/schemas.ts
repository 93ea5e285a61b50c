import { mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import type { Cluster } from "./cluster.ts"

// biome-ignore lint/suspicious/noExplicitAny: schemas are as deep as they are
type Deep = any

/** Where kubeconform looks for the schema of a kind, in a folder; it takes the version of those without a group for one. */
export const SCHEMA_LOCATION = "{{ .ResourceKind }}-{{ .Group }}-{{ .ResourceAPIVersion }}.json"

/** A field that a schema doesn't know is wrong, as Kubernetes' own strict validation has it. */
function strict(schema: Deep): Deep {
  if (Array.isArray(schema)) return schema.map(strict)
  if (schema === null || typeof schema !== "object") return schema
  const inner = Object.fromEntries(Object.entries(schema).map(([name, value]) => [name, strict(value)]))
  const isClosed = inner.properties && !("additionalProperties" in inner) && !inner["x-kubernetes-preserve-unknown-fields"]
  return isClosed && typeof inner.properties.type !== "string" ? { ...inner, additionalProperties: false } : inner
}

/** Writes what the API server says of every kind that it knows into a folder, a file for each. */
export async function writeSchemas(cluster: Cluster, folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true })
  const { paths } = JSON.parse(await cluster.kubectl(["get", "--raw", "/openapi/v3"])) as {
    paths: Record<string, { serverRelativeURL: string }>
  }
  for (const [path, { serverRelativeURL }] of Object.entries(paths)) {
    if (!/^apis?\/.*v\d/.test(path)) continue
    const { components } = JSON.parse(await cluster.kubectl(["get", "--raw", serverRelativeURL]))
    const known = { components: strict(components) }
    for (const [name, schema] of Object.entries<Deep>(components.schemas))
      for (const { group, version, kind } of schema["x-kubernetes-group-version-kind"] ?? [])
        if (path.endsWith(version) && schema.properties?.metadata)
          writeFileSync(
            join(folder, `${kind.toLowerCase()}-${group || version}-${version}.json`),
            JSON.stringify({ $ref: `#/components/schemas/${name}`, ...known }),
          )
  }
}
