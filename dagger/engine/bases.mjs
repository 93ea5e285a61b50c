// Usage: node bases.mjs FARM ARCH ARG...
//        node bases.mjs --lacking REGISTRY FARM ARG...
// Prints "SUITE ARCH" for every Debian base image that dagger, called with these arguments, takes; or "DISTRO IMAGE" for every other
// base that the call is built on and that neither the registry nor Docker Hub gives.
import { readdirSync, readFileSync } from "node:fs"
import { join, resolve } from "node:path"
import { pathToFileURL } from "node:url"

/** The farm's own tools run on this one. */
const TOOLS = "trixie"
const WITHOUT_IMAGES = new Set(["completion", "config", "develop", "functions", "help", "init", "login", "logout", "version"])
const WHOLE_MATRIX = new Set(["release"])
/** Calls that build an image, or a part of one. */
const BUILDING = new Set(["build", "component", "desktop", "image", "release", "smoke"])
/** Components that don't stand on the distro's own base. */
const BASELESS = new Set(["gateway", "lab", "licences", "novnc", "s6"])
const PATIENCE_MS = 5000
const NAME = /^[a-z0-9][a-z0-9._-]*$/

/** The values of a flag, given as --flag=value or --flag value. */
const valuesOf = (args, flag) =>
  args.flatMap((arg, i) => {
    if (arg === flag) return args.slice(i + 1, i + 2)
    return arg.startsWith(`${flag}=`) ? [arg.slice(flag.length + 1)] : []
  })

/** The suite of `debian:SUITE` or `debian:SUITE-slim`, else undefined. */
export const suiteOf = (base) => {
  const suite = /^debian:([a-z]+)(-slim)?(@sha256:[0-9a-f]+)?$/.exec(typeof base === "string" ? base : "")?.[1]
  return suite === "latest" ? undefined : suite
}

/**
 * The bases that a call needs: `baseOf(folders, name)` reads a distro's base, `namesIn(folders)` lists the distros.
 * What they don't know is left to the module, which reports it better.
 */
export const basesFor = (args, { arch, ...from }) => {
  if (needsNone(args)) return []
  const suites = new Set([
    TOOLS,
    ...named(args, from)
      .map(({ base }) => suiteOf(base))
      .filter(Boolean),
  ])
  const arches = new Set([arch, ...(args.some((arg) => arg.includes("arm64")) ? ["arm64"] : [])])
  return [...suites].flatMap((suite) => [...arches].map((a) => ({ suite, arch: a })))
}

/** The distros that a call builds on bases which can't be made here, each with its base. */
export const foreignFor = (args, from) => {
  if (needsNone(args) || args.includes("plan") || !args.some((arg) => BUILDING.has(arg))) return []
  if (args.includes("component") && valuesOf(args, "--name").some((name) => BASELESS.has(name))) return []
  return named(args, from).filter(({ base }) => typeof base === "string" && suiteOf(base) === undefined)
}

/** Where a registry has an image: its own address comes before a name that has none. */
export const manifestOf = (image, registry) => {
  const [, path, tag] = /^(.*?)(?::([^:/]+))?$/.exec(image.replace(/@.*$/, ""))
  return `http://${registry}/v2/${path.includes("/") ? path : `library/${path}`}/manifests/${tag ?? "latest"}`
}

const needsNone = (args) => {
  const command = args.find((arg) => !arg.startsWith("-"))
  return command === undefined || WITHOUT_IMAGES.has(command) || args.includes("--help") || args.includes("-h")
}

/** The distros that a call names, or all of them, with their bases. */
const named = (args, { farm, baseOf, namesIn }) => {
  const folders = [...valuesOf(args, "--distros"), join(farm, "distros")]
  const whole = args.some((arg) => WHOLE_MATRIX.has(arg))
  const names = [...valuesOf(args, "--distro").flatMap((value) => value.split(",")), ...(whole ? namesIn(folders) : [])]
  return names.filter((name) => NAME.test(name)).map((distro) => ({ distro, base: baseOf(folders, distro) }))
}

const firstOf = (folders, read) => {
  for (const folder of folders) {
    try {
      return read(folder)
    } catch {
      // Not in this folder, or not JSON.
    }
  }
}

const baseOf = (folders, name, steps = 10) =>
  firstOf(folders, (folder) => {
    const { base, extends: parent } = JSON.parse(readFileSync(join(resolve(folder), name, "distro.json"), "utf8"))
    return base ?? (parent && steps ? baseOf(folders, parent, steps - 1) : undefined)
  })

const namesIn = (folders) =>
  folders.flatMap((folder) => firstOf([folder], (f) => readdirSync(resolve(f)).filter((name) => !name.startsWith("_"))) ?? [])

/** Whether a server answers, and with a status that will do. */
const answers = (address, isEnough, headers = {}) =>
  fetch(address, { headers, method: "HEAD", signal: AbortSignal.timeout(PATIENCE_MS) }).then(
    ({ status }) => isEnough(status),
    () => false,
  )

const INDEXES = "application/vnd.oci.image.index.v1+json, application/vnd.docker.distribution.manifest.list.v2+json"
const MANIFESTS = "application/vnd.oci.image.manifest.v1+json, application/vnd.docker.distribution.manifest.v2+json"

async function printLacking(registry, farm, args) {
  for (const { distro, base } of foreignFor(args, { farm, baseOf, namesIn })) {
    const isHere = await answers(manifestOf(base, registry), (status) => status === 200, { accept: `${INDEXES}, ${MANIFESTS}` })
    if (!isHere && !(await answers("https://registry-1.docker.io/v2/", () => true))) console.log(`${distro} ${base}`)
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const [first, second, ...args] = process.argv.slice(2)
  if (first === "--lacking") await printLacking(second, args[0], args.slice(1))
  else for (const base of basesFor(args, { arch: second, farm: first, baseOf, namesIn })) console.log(`${base.suite} ${base.arch}`)
}
