import { randomUUID } from "node:crypto"
import { type Container, type Directory, dag, type Platform, ReturnType, type Secret, type Service } from "@dagger.io/dagger"
import { FarmError } from "../../core/errors.ts"
import { authFile, type Place, place, refusal } from "../../core/registry/access.ts"
import type { Farm } from "../farm.ts"
import { tool } from "../toolbox.ts"

/** How often skopeo asks again, each time after twice the seconds. */
const RETRIES = "3"

/** How long a registry may say nothing; a slow one is waited for. */
const PATIENCE_SECONDS = "60"

/** How to reach a registry. */
export interface Access {
  /** HOST/PATH, below which the repositories lie. */
  repository: string
  username?: string
  password?: Secret
  /** The registry itself where only this machine reaches it; it is spoken to in plain HTTP. */
  service?: Service
}

/** A registry and the tool that speaks with it. */
export interface Registry extends Access {
  place: Place
  skopeo: Container
  /** The account, as tools that speak with registries read it. */
  auth: Secret
}

/** Makes ready to speak with a registry. */
export async function openRegistry(farm: Farm, access: Access): Promise<Registry> {
  const { username, password, service } = access
  if (!username !== !password) throw new FarmError("--username and --password go together: expected both, or neither")
  const where = place(access.repository)
  const account = username && password ? { username, password: await password.plaintext() } : undefined
  const auth = dag.setSecret(`helios-registry-${where.host}-${username ?? ""}`, authFile(reached(where, service), account))
  const bare = (await tool(farm, "registry"))
    .withFile("/usr/local/bin/patient", farm.folder("common/registry").file("patient"))
    .withMountedSecret("/run/auth.json", auth)
    .withEnvVariable("REGISTRY_AUTH_FILE", "/run/auth.json")
  return { ...access, place: where, auth, skopeo: service ? bare.withServiceBinding("registry", service) : bare }
}

/**
 * Runs skopeo, never from a cache, since a registry answers otherwise after a push: what it printed, or nothing where the registry has no
 * such thing; throws one line for what went wrong.
 */
async function run({ skopeo }: Registry, what: string, args: string[]): Promise<string | undefined> {
  const ran = skopeo
    .withEnvVariable("HELIOS_RUN", randomUUID())
    .withExec(["patient", PATIENCE_SECONDS, "skopeo", ...args], { expect: ReturnType.Any })
  const [exitCode, stdout, stderr] = await Promise.all([ran.exitCode(), ran.stdout(), ran.stderr()])
  if (exitCode === 0) return stdout
  if (/manifest unknown|name unknown|repository name not known|not found/i.test(stderr) && args[0] !== "copy") return undefined
  throw refusal(what, exitCode === 124 ? `nothing came for ${PATIENCE_SECONDS} s` : stderr)
}

/** The manifest or index that a tag or digest names, as its bytes are, or nothing. */
export async function manifest(registry: Registry, image: string, reference: string): Promise<string | undefined> {
  const where = address(registry, image, reference)
  return run(registry, where.shown, ["inspect", "--raw", `--retry-times=${RETRIES}`, ...tls(registry, ""), docker(where)])
}

/** An image's configuration, by its manifest's digest. */
export async function config(registry: Registry, image: string, digest: string): Promise<{ config: { Labels?: Record<string, string> } }> {
  const where = address(registry, image, digest)
  const said = await run(registry, where.shown, ["inspect", "--config", `--retry-times=${RETRIES}`, ...tls(registry, ""), docker(where)])
  if (said === undefined) throw new FarmError(`${where.shown} is not there: what its index names must not be deleted`)
  return JSON.parse(said)
}

/** All tags of a repository; none where it isn't there yet. */
export async function tags(registry: Registry, image: string): Promise<string[]> {
  const where = address(registry, image)
  const said = await run(registry, where.shown, ["list-tags", `--retry-times=${RETRIES}`, ...tls(registry, ""), docker(where)])
  return said ? (JSON.parse(said) as { Tags: string[] }).Tags : []
}

/** Uploads what an OCI layout holds, blobs that the registry has already excepted, under a digest or a tag. */
export async function push(registry: Registry, layout: Directory, image: string, reference: string, isIndex = false): Promise<void> {
  const where = address(registry, image, reference)
  const whole = isIndex ? "--multi-arch=index-only" : "--multi-arch=system"
  const copy = ["copy", "--preserve-digests", whole, `--retry-times=${RETRIES}`, ...tls(registry, "dest-"), "oci:/layout", docker(where)]
  await run({ ...registry, skopeo: registry.skopeo.withMountedDirectory("/layout", layout) }, where.shown, copy)
}

/** Downloads all of an image, which checks each of its blobs against its digest; throws where one is missing or another. */
export async function download(registry: Registry, image: string, digest: string): Promise<void> {
  const where = address(registry, image, digest)
  await run(registry, where.shown, ["copy", `--retry-times=${RETRIES}`, ...tls(registry, "src-"), docker(where), "dir:/tmp/image"])
}

/** An image as the engine pulls it, by its manifest's digest. */
export async function pull(registry: Registry, image: string, digest: string, platform: string): Promise<Container> {
  const { place: where, username, password } = registry
  const empty = dag.container({ platform: platform as Platform })
  const known = username && password ? empty.withRegistryAuth(where.host, username, password) : empty
  return known.from(address(registry, image, digest).shown).sync()
}

/** Where people pull an image, and where a tool reaches it. */
export function address({ place: { host, path }, service }: Registry, image: string, reference = ""): { shown: string; used: string } {
  const rest = `/${path}/${image}${reference.includes(":") ? "@" : reference && ":"}${reference}`
  return { shown: `${host}${rest}`, used: `${reached({ host, path }, service)}${rest}` }
}

const docker = ({ used }: { used: string }) => `docker://${used}`

function reached({ host }: Place, service?: Service): string {
  return service ? `registry:${host.split(":")[1] ?? 80}` : host
}

function tls({ service }: Registry, side: "" | "dest-" | "src-"): string[] {
  return service ? [`--${side}tls-verify=false`] : []
}
