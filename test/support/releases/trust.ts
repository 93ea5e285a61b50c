import { linkSync, mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { execa } from "execa"
import { digestOf } from "../../../src/core/registry/oci.ts"
import { must, needPodman } from "../desktop/podman.ts"
import { MINUTE, need, REGISTRY, ROOT, room } from "../farm.ts"
import { textOf } from "./registry.ts"

const MODULES = {
  cosign: "github.com/sigstore/cosign/v3/cmd/cosign",
  grype: "github.com/anchore/grype/cmd/grype",
  syft: "github.com/anchore/syft/cmd/syft",
}

/** What a vulnerability of the tests' own database is about: a distro's package, or a product that NVD knows. */
export interface Vulnerability {
  ID: string
  Severity: string
  Package?: string
  Vendor?: string
  Product?: string
  Constraint: string
  Fixed?: string
}

/** A package that every image has, with a vulnerability that nobody has fixed, and with one that somebody has. */
export const UNFIXED = { ID: "CVE-2099-0001", Severity: "high", Package: "libc6", Constraint: "< 99" } satisfies Vulnerability
export const FIXED = { ...UNFIXED, ID: "CVE-2099-0002", Fixed: "99" } satisfies Vulnerability

const { images } = JSON.parse(readFileSync(join(ROOT, "common/tools.json"), "utf8")) as { images: Record<keyof typeof MODULES, string> }
const versionOf = (name: keyof typeof MODULES) => images[name].split(":").at(-1) as string
const go = { env: { CGO_ENABLED: "0", GOFLAGS: "-mod=mod -trimpath -ldflags=-s" }, timeout: 30 * MINUTE }

/** Programs of the versions that the farm names, built from their Go modules: the folder that has them. */
async function builtTools(names: (keyof typeof MODULES)[]): Promise<string> {
  await need("go", ["golang-go"])
  const bin = room()
  for (const name of names) await execa("go", ["install", `${MODULES[name]}@${versionOf(name)}`], { ...go, env: { ...go.env, GOBIN: bin } })
  return bin
}

/** cosign alone: the program. */
export const builtCosign = async () => join(await builtTools(["cosign"]), "cosign")

/** cosign's image in the tests' registry: what common/tools.json calls it, the address by its digest, and the program. */
export async function cosignImage(): Promise<{ name: string; address: string; cosign: string }> {
  await needPodman()
  const cosign = await builtCosign()
  const address = await pushed("cosign", cosign)
  // Of what the registry has: podman compresses layers while it pushes.
  const digest = digestOf(await textOf("trust/cosign", versionOf("cosign")))
  return { name: images.cosign, address: `${address}@${digest}`, cosign }
}

/** Pushes a program as an image: its address. */
async function pushed(name: keyof typeof MODULES, program: string): Promise<string> {
  const context = room()
  linkSync(program, join(context, name))
  writeFileSync(join(context, "Containerfile"), `FROM scratch\nWORKDIR /tmp\nCOPY ${name} /${name}\nENTRYPOINT ["/${name}"]\n`)
  const address = `${REGISTRY}/trust/${name}:${versionOf(name)}`
  await must(["build", "--quiet", `--tag=${address}`, context])
  await must(["push", "--quiet", "--tls-verify=false", address])
  return address
}

/** cosign, syft and grype: their images in the engine's registry and the programs. */
export async function trustTools(): Promise<{ options: string[]; cosign: string }> {
  await needPodman()
  const names = Object.keys(MODULES) as (keyof typeof MODULES)[]
  const bin = await builtTools(names)
  const options: string[] = []
  for (const name of names) options.push(`--${name}=${await pushed(name, join(bin, name))}`)
  return { options, cosign: join(bin, "cosign") }
}

/** A key pair of cosign's with a passphrase: the paths of both. */
export async function keyPair(cosign: string, passphrase: string): Promise<{ key: string; pub: string }> {
  const folder = room()
  await execa(cosign, ["generate-key-pair"], { cwd: folder, env: { COSIGN_PASSWORD: passphrase } })
  return { key: join(folder, "cosign.key"), pub: join(folder, "cosign.pub") }
}

let writer: Promise<string> | undefined

/** The program that writes a vulnerability database by grype's own library, built once. */
async function databaseWriter(): Promise<string> {
  const folder = room()
  writeFileSync(join(folder, "main.go"), readFileSync(join(ROOT, "test/fixtures/grype-db/main.go")))
  writeFileSync(join(folder, "go.mod"), `module database\n\ngo 1.24\n\nrequire github.com/anchore/grype ${versionOf("grype")}\n`)
  await execa("go", ["build", "-o", "writer", "."], { ...go, cwd: folder })
  return join(folder, "writer")
}

const written = new Map<string, Promise<string>>()

/** The path of a vulnerability database that has those and no other. */
export function database(vulnerabilities: Vulnerability[]): Promise<string> {
  const input = JSON.stringify(vulnerabilities)
  const write = async () => {
    writer ??= databaseWriter()
    const folder = join(room(), "database")
    mkdirSync(folder)
    await execa(await writer, [folder], { input })
    return join(folder, "vulnerability.db")
  }
  const known = written.get(input) ?? write()
  written.set(input, known)
  return known
}
