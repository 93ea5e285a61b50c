import type { Container, Directory } from "@dagger.io/dagger"
import { describe, expect, test, vi } from "vitest"
import { checkDated, OWN_PLACES, places } from "../../src/core/sources/archives.ts"
import { lab } from "../../src/stages/lab.ts"
import { farm } from "../support/catalog.ts"

vi.mock("@dagger.io/dagger", () => ({ dag: { cacheVolume: () => ({}) } }))

const parsed = (value: unknown) => places(JSON.stringify(value), farm())
const HERE = "https://registry.example:8443/artifactory"

describe("the file of --archives", () => {
  test("says where archives, keys, npm and PyPI are", () => {
    const found = parsed({
      debian: `${HERE}/debian`,
      baseos: `${HERE}/rocky/BaseOS/$basearch/os/`,
      kali: "http://kali.example/kali/",
      "RPM-GPG-KEY-EPEL-9": `${HERE}/keys/RPM-GPG-KEY-EPEL-9`,
      npm: `${HERE}/api/npm/npm/`,
      pypi: `${HERE}/api/pypi/pypi/simple`,
    })
    expect(found).toEqual({
      archives: new Map([
        ["debian", `${HERE}/debian`],
        ["baseos", `${HERE}/rocky/BaseOS/$basearch/os/`],
        ["kali", "http://kali.example/kali/"],
      ]),
      keys: new Map([["RPM-GPG-KEY-EPEL-9", `${HERE}/keys/RPM-GPG-KEY-EPEL-9`]]),
      npm: `${HERE}/api/npm/npm/`,
      pypi: `${HERE}/api/pypi/pypi/simple`,
    })
    expect(parsed({})).toEqual(OWN_PLACES)
  })

  test("names those that the farm knows, of every family", () => {
    const { archives } = parsed(
      Object.fromEntries(["debian-security", "ubuntu", "node_22.x", "core", "appstream", "epel"].map((name) => [name, HERE])),
    )
    expect(archives.size).toBe(6)
    expect(() => parsed({ debain: HERE })).toThrow(
      /^--archives: "debain": no archive, key or registry of that name is known; expected one of .*\bdebian\b.*\bnpm\b.*\bpypi\b/,
    )
    expect(() => parsed({ "RPM-GPG-KEY-Rocky-9": HERE }), "of a key that the base brings").toThrow("no archive, key or registry")
  })

  test.each([
    "https://me:s3cret@registry.example/debian",
    "ftp://registry.example/debian",
    "registry.example/debian",
    "https://x/a b",
    "https://x/a;b",
    1,
  ])("is refused with the address %s", (address) => expect(() => parsed({ debian: address })).toThrow(/^--archives: debian: expected /))

  test("is refused where it is no JSON", () => expect(() => places("debian", farm())).toThrow(/^--archives: expected JSON/))
})

test("what is elsewhere now isn't there as it was on a day", () => {
  const there = parsed({ debian: `${HERE}/debian`, npm: HERE })
  expect(() => checkDated(there, "2026-11-01", { "debian-security": "http://then", debian: "http://then" })).toThrow(
    "--as-of=2026-11-01: --archives says where debian is now, not where it is as it was that day: expected one of the two",
  )
  checkDated(there, "2026-11-01", { ubuntu: "http://then" })
  checkDated(there, null, null)
})

test.each([
  [{}, [], []],
  [{ npm: `${HERE}/npm/`, pypi: `${HERE}/simple` }, [`--registry=${HERE}/npm/`], [`--index-url=${HERE}/simple`]],
  [{ pypi: "http://pypi.example:81/simple" }, [], ["--index-url=http://pypi.example:81/simple", "--trusted-host=pypi.example:81"]],
])("the lab is made of npm's and PyPI's packages from %o", (given, npm, pip) => {
  const ran: string[][] = []
  const container: Container = new Proxy({} as Container, {
    get: (_, name) => (words: string[]) => {
      if (name === "withExec") ran.push(words)
      return container
    },
  })
  lab(container, container as unknown as Directory, true, { ...OWN_PLACES, ...given })
  const [npmCi = [], pipInstall = []] = ran
  expect(npmCi.filter((word) => word.includes("://"))).toEqual(npm)
  expect(npmCi).toContain("--ignore-scripts")
  expect(pipInstall).toContain("--require-hashes")
  expect(pipInstall.slice(pipInstall.indexOf("--requirement=/tmp/requirements.txt") + 1)).toEqual(pip)
})
