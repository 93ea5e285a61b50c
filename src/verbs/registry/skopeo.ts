import { randomUUID } from "node:crypto"
import { type Container, type Directory, dag, type Platform, ReturnType, type Secret, type Service } from "@dagger.io/dagger"
import pLimit from "p-limit"
import { failureReason } from "../../core/error-line.ts"
import { FarmError } from "../../core/errors.ts"
import { assertAccount, authFile, parseRepository, type RegistryPath } from "../../core/registry/access.ts"
import { isAbsent, parseRan, type Ran, registryError } from "../../core/registry/answers.ts"
import { labelsOf, layoutOf, tagsOf } from "../../core/registry/oci.ts"
import { beside } from "../../stages/direct.ts"
import type { Farm } from "../farm.ts"
import { tool } from "../toolbox.ts"
import { inTurn, together } from "./commands.ts"
import type { Registry } from "./registry.ts"

/** How often skopeo retries, waiting twice as long each time. */
const RETRIES = "--retry-times=3"

/** How long a registry may be silent; a slow one is waited for. skopeo asks one that limits requests again each 60 s at the latest. */
const PATIENCE_SECONDS = "75"

/** Images are checked one by one, as each is as large as its layers while that goes on. */
const oneByOne = pLimit(1)

/** How to reach a registry. */
export interface Access {
  /** HOST/PATH, below which the repositories lie. */
  repository: string
  username?: string
  password?: Secret
  /** The registry itself if only this machine reaches it; it is spoken to in plain HTTP. */
  service?: Service
}

/**
 * What a registry that only this machine reaches is called beside a tool. cosign speaks plain HTTP with whatever is called so, also where
 * it forgets --allow-http-registry, as `clean` of 3.1 does.
 */
export const NEARBY = "registry.localhost"

/** A registry with what other tools need to reach it. */
export interface Reachable extends Registry {
  service?: Service
  /** The account, as tools that speak with registries read it. */
  auth: Secret
  /** Where a tool of the farm's reaches an image. */
  reached(repository: string, reference: string): string
}

/** A connection of skopeo's. */
interface Connection extends Access {
  place: RegistryPath
  skopeo: Container
}

/** A registry with skopeo behind it; throws if only one of user name and password is given; `flag` is what has named it, if not `repository`. */
export async function openRegistry(farm: Farm, access: Access, flag?: string): Promise<Reachable> {
  const { username, password, service } = access
  assertAccount(username, password, flag)
  const where = parseRepository(access.repository, flag)
  const account = username && password ? { username, password: await password.plaintext() } : undefined
  const auth = dag.setSecret(`helios-registry-${where.host}-${username ?? ""}`, authFile(hostOf({ place: where, service }), account))
  const bare = (await tool(farm, "registry"))
    .withDirectory("/usr/local/bin", farm.folder("common/release"), { include: ["and-forget", "for-each", "idle-timeout"] })
    .withMountedSecret("/run/auth.json", auth)
    .withEnvVariable("REGISTRY_AUTH_FILE", "/run/auth.json")
  const connection = { ...access, place: where, skopeo: service ? beside(bare, NEARBY, service) : bare }
  return {
    ...behind(connection),
    service,
    auth,
    reached: (repository, reference) => `${baseOf(connection)}/${path(repository, reference)}`,
  }
}

function behind(connection: Connection): Registry {
  const { place: where, skopeo, service, username, password } = connection
  const shown = (repository: string, reference: string) => `${where.host}/${where.path}/${path(repository, reference)}`
  const docker = (repository: string, reference = "") => `docker://${baseOf(connection)}/${path(repository, reference)}`
  const tls = (side: "" | "dest-" | "src-" = "") => (service ? [`--${side}tls-verify=false`] : [])
  const push = async (repository: string, reference: string, layout: Directory, ...which: string[]) => {
    const copy = ["copy", "--preserve-digests", ...which, RETRIES, ...tls("dest-"), "oci:/layout", docker(repository, reference)]
    await mustRun(skopeo.withMountedDirectory("/layout", layout), shown(repository, reference), copy)
  }
  return {
    address: shown,
    manifest: together(async (repository, references) => {
      const all = references.map((reference) => docker(repository, reference))
      const answers = await runEach(skopeo, shown(repository, ""), ["skopeo", "inspect", "--raw", RETRIES, ...tls()], all)
      return references.map((reference, at) => caught(() => outputOf(shown(repository, reference), answers[at])))
    }),
    async labels(repository, digest) {
      const name = shown(repository, digest)
      const text = await run(skopeo, name, ["inspect", "--config", RETRIES, ...tls(), docker(repository, digest)])
      if (text === undefined)
        throw new FarmError(`${name} doesn't exist, although an index names it: images of an index must not be deleted`)
      return labelsOf(name, text)
    },
    async tags(repository) {
      const name = shown(repository, "")
      const text = await run(skopeo, name, ["list-tags", RETRIES, ...tls(), docker(repository)])
      return text === undefined ? [] : tagsOf(name, text)
    },
    async pushIndex(repository, reference, index) {
      const layout = [...layoutOf(index)].reduce((folder, [file, text]) => folder.withNewFile(file, text), dag.directory())
      // Without a format it tries Docker's next, and tells of that in place of what the registry said.
      await push(repository, reference, layout, "--multi-arch=index-only", "--format=oci")
    },
    pushImage: (repository, digest, layout) => push(repository, digest, layout, "--multi-arch=system"),
    checkBlobs(repository, digest) {
      const copy = ["copy", RETRIES, ...tls("src-"), docker(repository, digest), "dir:/tmp/image"]
      return oneByOne(() => mustRun(skopeo, shown(repository, digest), copy, ["and-forget", "/tmp/image"]))
    },
    async remove(repository, digest) {
      await run(skopeo, shown(repository, digest), ["delete", RETRIES, ...tls(), docker(repository, digest)])
    },
    async pull(repository, digest, platform) {
      const name = shown(repository, digest)
      const empty = dag.container({ platform: platform as Platform })
      const known = username && password ? empty.withRegistryAuth(where.host, username, password) : empty
      return inTurn(() =>
        known
          .from(name)
          .sync()
          .catch((cause) => {
            const error = registryError(name, failureReason(cause))
            throw error.kind === "limited" ? error : cause
          }),
      )
    },
  }
}

/** Runs skopeo. Returns stdout, or undefined if the reference doesn't exist. */
async function run(skopeo: Container, what: string, args: string[]): Promise<string | undefined> {
  return inTurn(async () => outputOf(what, await ran(skopeo, ["skopeo", ...args])))
}

/** Runs skopeo by another program; throws if that fails. */
async function mustRun(skopeo: Container, what: string, args: string[], by: string[] = []): Promise<void> {
  await inTurn(async () => {
    const answer = await ran(skopeo, [...by, "skopeo", ...args])
    if (answer.exitCode !== 0) throw registryError(what, reasonOf(answer))
  })
}

/** Runs a command for each reference in one container: what each came to. */
async function runEach(skopeo: Container, what: string, command: string[], references: string[]): Promise<Ran[]> {
  return inTurn(async () => {
    const all = await ran(skopeo, ["for-each", ...command], `${references.join("\n")}\n`)
    if (all.exitCode !== 0) throw registryError(what, reasonOf(all))
    const answers = parseRan(all.stdout)
    const limited = answers.filter(({ exitCode }) => exitCode !== 0).map((answer) => registryError(what, reasonOf(answer)))
    for (const error of limited) if (error.kind === "limited") throw error
    return answers
  })
}

/** What a command printed, or undefined if the reference doesn't exist. */
function outputOf(what: string, answer: Ran | undefined): string | undefined {
  if (!answer) throw new FarmError(`${what}: for-each printed no line for it`)
  if (answer.exitCode === 0) return answer.stdout
  if (isAbsent(answer.stderr)) return undefined
  throw registryError(what, reasonOf(answer))
}

/** Runs a command uncached, until it has been silent for too long. */
async function ran(skopeo: Container, command: string[], stdin?: string): Promise<Ran> {
  const done = skopeo
    .withEnvVariable("HELIOS_RUN", randomUUID())
    .withExec(["idle-timeout", PATIENCE_SECONDS, ...command], { expect: ReturnType.Any, stdin })
  const [exitCode, stdout, stderr] = await Promise.all([done.exitCode(), done.stdout(), done.stderr()])
  return { exitCode, stdout, stderr }
}

const reasonOf = ({ exitCode, stderr }: Ran) => (exitCode === 124 ? `nothing came for ${PATIENCE_SECONDS} s` : stderr)

/** A value, or the error in its place. */
function caught<T>(value: () => T): T | Error {
  try {
    return value()
  } catch (error) {
    return error as Error
  }
}

/** REPOSITORY, REPOSITORY:TAG or REPOSITORY@DIGEST. */
function path(repository: string, reference: string): string {
  if (!reference) return repository
  return `${repository}${reference.includes(":") ? "@" : ":"}${reference}`
}

function baseOf(connection: Connection): string {
  return `${hostOf(connection)}/${connection.place.path}`
}

function hostOf({ place: { host }, service }: Pick<Connection, "place" | "service">): string {
  return service ? `${NEARBY}:${host.split(":")[1] ?? 80}` : host
}
