import { readFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, test } from "vitest"
import { packagesOf, spdx, spdxDocument } from "../../src/core/attest/spdx.ts"
import { upstreams } from "../../src/core/attest/upstreams.ts"
import { plan } from "../../src/core/plan/plan.ts"
import { npmPackages } from "../../src/core/sources/npm-lock.ts"
import { farm, pins, ROOT } from "../support/catalog.ts"

const helios = plan(farm(), pins(), { distro: "bookworm", platform: "linux/amd64" })
const lockOf = (name: string) => readFileSync(join(ROOT, `common/build/locks/${name}/package-lock.json`), "utf8")
const time = "2026-11-26T00:00:00Z"

describe("a lock of npm's", () => {
  test("brings what is shipped and leaves out what it is built with", () => {
    const names = npmPackages("it", lockOf("novnc")).map(({ name }) => name)
    expect(names).toContain("pako")
    expect(names.filter((name) => /vite|rollup|esbuild/.test(name))).toEqual([])
  })

  test("names each once, by purl, with its hash", () => {
    const entry = { version: "1.0.0", integrity: `sha512-${Buffer.from("hash").toString("base64")}` }
    const packages = {
      "": { version: "0" },
      "node_modules/@a/b": entry,
      "node_modules/c/node_modules/@a/b": entry,
      "node_modules/d": { version: "2", dev: true },
    }
    expect(npmPackages("it", JSON.stringify({ packages }))).toEqual([
      { name: "@a/b", version: "1.0.0", purl: "pkg:npm/%40a/b@1.0.0", sha512: Buffer.from("hash").toString("hex") },
    ])
  })

  test("that is garbled is refused by its name", () => {
    expect(() => npmPackages("common/build/locks/x/package-lock.json", '{"packages":{"a":{}}}')).toThrow(
      "common/build/locks/x/package-lock.json: packages.a.version: expected string, got nothing",
    )
  })
})

describe("an SBOM", () => {
  const ejs = {
    name: "ejs",
    SPDXID: "SPDXRef-Package-npm-ejs",
    versionInfo: "7.0.2",
    externalRefs: [{ referenceType: "purl", referenceLocator: "pkg:npm/ejs@7.0.2" }],
  }
  const found = {
    spdxVersion: "SPDX-2.3",
    SPDXID: "SPDXRef-DOCUMENT",
    documentNamespace: "https://anchore.com/at-random",
    creationInfo: { creators: ["Tool: syft"], created: "2026-01-01T00:00:00Z" },
    packages: [
      { name: "bash", SPDXID: "SPDXRef-Package-deb-bash", versionInfo: "5.2" },
      { name: "libc6", SPDXID: "SPDXRef-Package-deb-libc6", versionInfo: "2.36" },
      ejs,
      { name: "/layout", SPDXID: "SPDXRef-DocumentRoot-Image--layout", primaryPackagePurpose: "CONTAINER" },
    ],
    files: [{ fileName: "/bin/bash", SPDXID: "SPDXRef-File-bash" }],
    relationships: [
      { spdxElementId: "SPDXRef-Package-deb-libc6", relatedSpdxElement: "SPDXRef-Package-deb-bash", relationshipType: "DEPENDENCY_OF" },
      { spdxElementId: "SPDXRef-Package-deb-bash", relatedSpdxElement: "SPDXRef-File-bash", relationshipType: "CONTAINS" },
    ],
  }
  const subject = {
    name: "helios",
    digest: `sha256:${"a".repeat(64)}`,
    farm: "https://farm",
    version: "0.1.0",
    time,
    upstreams: upstreams(helios),
    npm: new Map(["novnc", "kclient"].map((name) => [name, npmPackages(name, lockOf(name))])),
  }
  const text = spdx(JSON.stringify(found), subject)
  const bill = spdxDocument.parse(JSON.parse(text))

  test("names distro packages, every upstream with its commit and patches, and every package of npm's once", () => {
    const names = packagesOf(bill)
    expect(names).toContain("bash 5.2")
    expect(names.filter((name) => name.startsWith("ejs "))).toEqual(["ejs 7.0.2"])
    expect(names).toContain("helios 0.1.0")
    for (const { name, version } of subject.upstreams) expect(names).toContain(`${name} ${version}`)
    for (const one of [...subject.npm.values()].flat()) expect(names).toContain(`${one.name} ${one.version}`)
    const xorg = bill.packages.find(({ name }) => name === "xorg-server") as { sourceInfo?: string }
    expect(xorg.sourceInfo).toContain("a569eb4f36ed96a9e445ececd7e8d98c223461a0: CVE-2026-50256")
  })

  test("is about one manifest, and equal inputs give equal bytes", () => {
    expect(text).toContain(`"documentNamespace":"https://farm/spdx/${subject.digest}"`)
    expect(text).not.toMatch(/at-random|2026-01-01|\/layout|SPDXRef-File/)
    expect(spdx(JSON.stringify(found), subject)).toBe(text)
  })

  test("has each identifier once and no relationship to something that isn't in it", () => {
    const ids = bill.packages.map(({ SPDXID }) => SPDXID)
    expect(new Set(ids).size).toBe(ids.length)
    const known = new Set([...ids, "SPDXRef-DOCUMENT"])
    const loose = bill.relationships.filter(
      ({ spdxElementId, relatedSpdxElement }) => !known.has(spdxElementId) || !known.has(relatedSpdxElement),
    )
    expect(loose).toEqual([])
  })
})
