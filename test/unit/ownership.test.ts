import { readFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, test } from "vitest"
import { generated } from "../../src/core/image/generated.ts"
import type { Entry, Files } from "../../src/core/image/mtree.ts"
import { account, machineCode, type Owner, owned, packaged, suspects } from "../../src/core/image/ownership.ts"
import { ROOT } from "../support/catalog.ts"

const file: Entry = { type: "file", mode: "644", owner: "0:0", size: 1, sha256: "11", inode: "1" }
const link = (to: string): Entry => ({ type: "link", mode: "777", owner: "0:0", size: 0, link: to, inode: "2" })
const component = (name: string): Owner => ({ kind: "component", name })

describe("what package managers list", () => {
  const paths = (listing: string, diverted = "") => packaged(listing, diverted).map(({ owner, paths }) => [owner.name, ...paths])

  test.each([
    ["dpkg's", "bash\n /.\n /bin/bash\ndash\n /bin/dash\n"],
    ["rpm's", "bash /.\nbash /bin/bash\ndash /bin/dash\n"],
    ["pacman's", "bash /./\nbash /bin/bash\ndash /bin/dash\n"],
  ])("%s", (_, listing) => {
    expect(paths(listing)).toEqual([
      ["bash", "/.", "/bin/bash"],
      ["dash", "/bin/dash"],
    ])
  })

  test("names with spaces, and packages without files", () =>
    expect(paths("empty\nfonts\n /usr/share/a b c\n")).toEqual([["fonts", "/usr/share/a b c"]]))

  test("a file that another package put aside lies where it was put", () => {
    const diverted = "diversion of /bin/sh to /bin/sh.distrib by dash\nlocal diversion of /bin/ls to /bin/ls.mine\n"
    expect(paths("bash\n /bin/sh\ndash\n /bin/sh\nls\n /bin/ls\n", diverted)).toEqual([
      ["bash", "/bin/sh.distrib"],
      ["dash", "/bin/sh"],
      ["ls", "/bin/ls.mine"],
    ])
  })
})

describe("whose a file is", () => {
  const patterns = generated(
    JSON.stringify([
      { paths: "/var/cache/**", reason: "caches" },
      { paths: "/**", to: "/etc/alternatives/*", reason: "alternatives" },
    ]),
  )
  const files: Files = new Map([
    ["/bin", link("usr/bin")],
    ["/usr/bin", { ...file, type: "dir" }],
    ["/usr/bin/sh", file],
    ["/usr/bin/awk", link("/etc/alternatives/awk")],
    ["/usr/bin/evil", link("/etc/alternatives/../../tmp/evil")],
    ["/var/cache/.x", file],
    ["/etc/y", file],
  ])
  const claims = [...packaged("base\n /bin\ndash\n /bin/sh\n"), { owner: component("helios"), paths: ["/etc/y"] }]

  test("the package's whose list reaches it by a link, the component's, or a pattern's", () => {
    const owners = owned(files, claims, patterns)
    expect(Object.fromEntries([...owners].map(([path, { kind, name }]) => [path, `${kind} ${name}`]))).toEqual({
      "/bin": "package base",
      "/usr/bin/sh": "package dash",
      "/usr/bin/awk": "generated /** → /etc/alternatives/*",
      "/var/cache/.x": "generated /var/cache/**",
      "/etc/y": "component helios",
    })
  })

  test("what lies over another counts, and nothing that somebody brings is generated", () => {
    const over = { owner: component("xorg"), paths: ["/usr/bin/sh", "/var/cache/.x"] }
    const owners = owned(files, [...claims, over], patterns)
    expect([owners.get("/usr/bin/sh"), owners.get("/var/cache/.x")]).toEqual([component("xorg"), component("xorg")])
  })
})

describe("the account", () => {
  const generatedBy = (name: string): Owner => ({ kind: "generated", name })
  const told = (files: Files, owners: Map<string, Owner>, code: string[] = []) => account("an image", files, owners, new Set(code))

  test("has a line for each file, and the counts", () => {
    const files: Files = new Map([
      ["/b", file],
      ["/a", file],
      ["/c", { ...file, type: "dir" }],
    ])
    const owners = new Map([
      ["/a", generatedBy("/*")],
      ["/b", component("helios")],
    ])
    expect(told(files, owners)).toBe(
      "/a\tgenerated /*\n/b\tcomponent helios\n2 files: 0 of packages, 1 of components, 1 generated, 0 of nobody\n",
    )
  })

  test("names at most 20 files of nobody, in one line that says what to do", () => {
    const files: Files = new Map(Array.from({ length: 30 }, (_, index) => [`/x${index}`, file]))
    expect(() => told(files, new Map())).toThrow(
      /^an image: 30 of 30 files belong to nobody: \/x0, (\/x\d+, ){18}\/x19 and others; let a package or a distro's root\/ bring them, .*common\/generated\.json match them$/,
    )
  })

  test.each([
    ["executable by its mode", { ...file, mode: "755" }, []],
    ["executable for its group", { ...file, mode: "2610" }, []],
    ["machine code", file, ["/cache"]],
  ] as [string, Entry, string[]][])("refuses a generated file that is %s", (_, entry, code) => {
    expect(() => told(new Map([["/cache", entry]]), new Map([["/cache", generatedBy("/*")]]), code)).toThrow(
      /: 1 of 1 files belong to nobody: \/cache \(a program, which \/\* may not be\);/,
    )
  })

  test.each([
    ["data", file],
    ["a link", link("/usr/bin/mawk")],
    ["empty", { ...file, mode: "755", size: 0 }],
  ])("lets pass a generated file that is %s", (_, entry) => {
    expect(told(new Map([["/cache", entry]]), new Map([["/cache", generatedBy("/*")]]))).toContain("1 generated")
  })

  test("doubts files with contents that are generated, and believes what file says in their order", () => {
    const files: Files = new Map([
      ["/a", file],
      ["/b", { ...file, size: 0 }],
      ["/c", link("/a")],
      ["/d", file],
    ])
    const owners = new Map([...files.keys()].map((path) => [path, path === "/d" ? component("x") : generatedBy("/*")]))
    expect(suspects(files, owners)).toEqual(["/a"])
    const paths = ["/a", "/b", "/c", "/d"]
    expect(machineCode(paths, "/a\0ASCII text\0/b\0ELF 64-bit LSB\0/c\0cannot open `/c' (No such file)\0")).toEqual(
      new Set(["/b", "/c", "/d"]),
    )
  })
})

describe("common/generated.json", () => {
  const text = readFileSync(join(ROOT, "common/generated.json"), "utf8")
  const patterns = generated(text)
  const owner = (path: string, entry = file) => patterns.find(({ matches }) => matches(path, entry))?.name

  test.each([
    ["too many", Array(41).fill({ paths: "/a", reason: "b" }), /expected at most 40 patterns/],
    ["no reason", [{ paths: "/a" }], /\[0\]\.reason: expected string, got nothing$/],
    ["a relative path", [{ paths: "**", reason: "b" }], /\[0\]\.paths: expected a glob of absolute paths, got "\*\*"$/],
  ])("%s is refused", (_, wrong, says) => expect(() => generated(JSON.stringify(wrong))).toThrow(says))

  test.each([
    "/usr/local/bin/x",
    "/usr/bin/x",
    "/opt/x",
    "/x",
    "/home/x",
    "/root/x",
    "/usr/lib/x.so",
    "/etc/x",
    "/etc/apt/sources.list.d/x",
    "/tmp/x",
  ])("matches no %s", (path) => {
    expect(owner(path)).toBe(undefined)
    expect(owner(path, link("/tmp/x"))).toBe(undefined)
  })

  test("matches a link of the alternatives anywhere", () => {
    expect(owner("/usr/share/icons/default/index.theme", link("/etc/alternatives/x-cursor-theme"))).toContain("/etc/alternatives")
  })
})
