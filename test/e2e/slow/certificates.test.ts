import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { execa } from "execa"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { dagger, run, seededEngine, wipeAll } from "../../support/engine/engine.ts"
import { call, clean, farm, MINUTE, need, room } from "../../support/farm.ts"

const PLACE = "/usr/local/share/ca-certificates"
const BUNDLE = "/etc/ssl/certs/ca-certificates.crt"
const BOOKWORM = ["build", "--distro=bookworm", "--profile=kvdi"]

let folder: string

/** A company's certificate, company.crt, and one of a server that it vouches for, server.crt. */
async function makeCertificates(): Promise<void> {
  await need("openssl", ["openssl"])
  const openssl = (...args: string[]) => execa("openssl", args, { cwd: folder })
  const key = ["-newkey", "rsa:2048", "-nodes", "-days", "30"]
  await openssl("req", "-x509", ...key, "-subj", "/CN=A company", "-keyout", "company.key", "-out", "company.crt")
  await openssl("req", ...key, "-subj", "/CN=server.example", "-keyout", "server.key", "-out", "server.csr")
  const by = ["-CA", "company.crt", "-CAkey", "company.key", "-CAcreateserial"]
  await openssl("x509", "-req", "-in", "server.csr", ...by, "-days", "30", "-out", "server.crt")
}

/** Steps of a call that ask a container whether it trusts that server. */
const asking = () => [
  ...["with-file", "--path=/tmp/server.crt", `--source=${folder}/server.crt`],
  ...["with-exec", `--args=openssl,verify,-CAfile,${BUNDLE},/tmp/server.crt`, "stdout"],
]

/** The text of a certificate between its lines of dashes. */
const bodyOf = (path: string) =>
  readFileSync(path, "utf8")
    .match(/-----BEGIN CERTIFICATE-----\n([^-]+)/)?.[1]
    ?.trim() as string

beforeAll(async () => {
  folder = room()
  await makeCertificates()
})
afterAll(wipeAll, 5 * MINUTE)
afterAll(clean)

describe("an image", () => {
  test("trusts nobody's company", async () => {
    const { exitCode, stderr } = await farm(["call", ...BOOKWORM, ...asking()], 30)
    expect(exitCode).not.toBe(0)
    expect(stderr).toContain("unable to get local issuer certificate")
  })

  test("of a distro of the caller's trusts what that brings", async () => {
    const distro = join(folder, "mine/company")
    mkdirSync(join(distro, "settings", PLACE), { recursive: true })
    writeFileSync(join(distro, "distro.json"), JSON.stringify({ name: "company", title: "Debian 12 of a company", extends: "bookworm" }))
    writeFileSync(join(distro, "settings", PLACE, "company.crt"), readFileSync(join(folder, "company.crt")))
    writeFileSync(join(distro, "system.sh"), "update-ca-certificates\n")
    const built = ["build", "--distro=company", "--profile=kvdi", ...asking()]
    expect(await call([`--distros=${folder}/mine`, ...built], 30)).toBe("/tmp/server.crt: OK")
  })

  test("trusts what is mounted, once a hook has run update-ca-certificates", async () => {
    const mounted = ["with-file", `--path=${PLACE}/company.crt`, `--source=${folder}/company.crt`]
    const hook = ["with-exec", "--args=update-ca-certificates"]
    expect(await call([...BOOKWORM, ...mounted, ...hook, ...asking()], 30)).toBe("/tmp/server.crt: OK")
  })

  test("has public certificates, and none of the machine that it was built on", async () => {
    const bundle = await call([...BOOKWORM, "file", `--path=${BUNDLE}`, "contents"], 30)
    expect(bundle.match(/BEGIN CERTIFICATE/g)?.length).toBeGreaterThan(100)
    const own = existsSync(PLACE) ? readdirSync(PLACE).filter((name) => name.endsWith(".crt")) : []
    for (const name of own) expect(bundle, name).not.toContain(bodyOf(join(PLACE, name)))
  })
})

test(
  "the engine hands the machine's certificates on to what builds",
  async () => {
    const engine = await seededEngine()
    const certificates = join(folder, "machine")
    mkdirSync(certificates)
    writeFileSync(join(certificates, "company.crt"), readFileSync(join(folder, "company.crt")))
    // A mount of its own, so that the machine's folder stays as it is.
    const mounted = `mount --bind "$0" ${PLACE} && exec "$@"`
    mkdirSync(PLACE, { recursive: true })
    const own = ["--mount", "--propagation", "private", "sh", "-c", mounted, certificates, run, "--engine=embedded"]
    const said = (args: string[]) => execa("unshare", [...own, ...args], { env: engine.env, cwd: folder, stdin: "ignore" })
    await said(["engine", "up"])
    const container = ["core", "container", "from", "--address=debian:trixie-slim"]
    const { stdout } = await said([...container, "with-exec", `--args=cat,${BUNDLE}`, "stdout"])
    expect(stdout).toContain(bodyOf(join(folder, "company.crt")))
    const left = await said([...container, "with-exec", "--args=true", "directory", "--path=/etc", "glob", "--pattern=ssl/**"])
    expect(left.stdout).not.toContain("ca-certificates.crt")
    // In other words, as the engine has kept what those gave.
    const without = await dagger(engine, [...container, "with-exec", `--args=cat,-u,${BUNDLE}`, "stdout"], { cwd: folder })
    expect(without.stderr).toContain("the engine is started again: the machine's certificates have changed")
    expect(without.stdout).not.toContain(bodyOf(join(folder, "company.crt")))
  },
  20 * MINUTE,
)
