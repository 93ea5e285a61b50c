import { expect, test } from "vitest"
import { difference, fileChanges, formatDiff, type Side } from "../../src/core/image/diff.ts"
import type { Entry } from "../../src/core/image/mtree.ts"
import type { Owner } from "../../src/core/image/ownership.ts"

let inode = 0
const file = (size: number, more: Partial<Entry> = {}): Entry => ({
  ...{ type: "file", mode: "644", owner: "0:0", size, sha256: `${size}` },
  ...{ inode: String(inode++), ...more },
})

function side(packages: string, files: Record<string, [Entry, string?]>): Side {
  const owners = Object.entries(files).flatMap(([path, [, owner]]): [string, Owner][] => {
    const [kind, name = ""] = owner?.split(" ") ?? []
    return kind ? [[path, { kind: kind as Owner["kind"], name }]] : []
  })
  return { packages, files: new Map(Object.entries(files).map(([path, [entry]]) => [path, entry])), owners: new Map(owners) }
}

const dir: Entry = { type: "dir", mode: "755", owner: "0:0", size: 0, inode: "d" }
const before = side("bash 5.1 amd64\nfonts 2 all\nlibc6 2.36 amd64\nlibc6 2.36 i386\n", {
  "/tmp": [{ ...dir, mode: "1777" }],
  "/bin/bash": [file(1000), "package bash"],
  "/bin/sh": [{ ...file(0), type: "link", link: "bash" }, "package bash"],
  "/fonts/a": [file(700_000), "package fonts"],
  "/lib/libc.so": [file(2_000_000), "package libc6"],
  "/etc/helios/x": [file(100), "component helios"],
  "/opt/gone": [file(50)],
  "/usr/bin/Xvnc": [file(10), "component xorg"],
  "/var/cache/c": [file(10), "generated /var/cache/**"],
})
const after = side("bash 5.2 amd64\nlibc6 2.36 amd64\nlibc6 2.36 i386\nxterm 379-1 amd64\n", {
  "/tmp": [dir],
  "/new": [dir],
  "/bin/bash": [file(1200), "package bash"],
  "/bin/sh": [{ ...file(0), type: "link", link: "dash" }, "package bash"],
  "/usr/bin/xterm": [file(900_000), "package xterm"],
  "/usr/share/xterm": [file(100), "package xterm"],
  "/lib/libc.so": [file(2_000_000, { sha256: "other", mode: "4755" }), "package libc6"],
  "/etc/helios/x": [file(2100), "component helios"],
  "/usr/bin/Xvnc": [file(30), "component xorg"],
  "/var/cache/c": [file(10, { sha256: "z" }), "generated /var/cache/**"],
})

test("an image against itself has nothing", () => {
  const none = difference(before, before)
  expect(none).toMatchObject({
    packages: { added: [], removed: [], changed: [] },
    files: { added: 0, removed: 0, changed: 0 },
    changes: [],
  })
  expect(formatDiff(none, false)).toBe("nothing differs: the same packages and files, of 2.7 MB\n")
})

test("what differs, as JSON", () => {
  const found = difference(before, after)
  expect(JSON.parse(JSON.stringify(found))).toEqual(found)
  expect(found.packages).toEqual({
    added: ["xterm 379-1"],
    removed: ["fonts 2"],
    changed: [{ name: "bash", from: "5.1", to: "5.2" }],
  })
  expect(found.files).toEqual({ added: 2, removed: 2, changed: 7 })
  expect(found.bytes).toEqual({ from: 2_701_170, to: 2_903_440 })
})

test("what differs, for people: packages with what their files come to, and by name what nothing explains", () => {
  expect(formatDiff(difference(before, after), false)).toBe(`size: 2.7 MB → 2.9 MB, +202.2 kB
packages: 1 added, 1 removed, 1 changed
+ xterm 379-1: 2 added, 0 removed, 0 changed, +900.1 kB
- fonts 2: 0 added, 1 removed, 0 changed, -700 kB
~ bash 5.1 → 5.2: 0 added, 0 removed, 2 changed, +200 B
files: 2 added, 2 removed, 7 changed
~ /etc/helios/x 100 B → 2.1 kB, +2 kB
~ /lib/libc.so other contents of the same size; mode 644 → 4755
- /opt/gone 50 B
~ /tmp mode 1777 → 755
  component xorg: 0 added, 0 removed, 1 changed, +20 B
  generated: 0 added, 0 removed, 1 changed, 0 B
`)
})

test("--all names every file", () => {
  const lines = formatDiff(difference(before, after), true).split("\n")
  for (const line of [
    "+ /usr/bin/xterm 900 kB",
    "~ /bin/sh link bash → dash",
    "- /fonts/a 700 kB",
    "~ /usr/bin/Xvnc 10 B → 30 B, +20 B",
    "~ /var/cache/c other contents of the same size",
  ])
    expect(lines).toContain(line)
  expect(lines).not.toContainEqual(expect.stringMatching(/^ /))
})

test("files alone, those first whose size changed most", () => {
  const { added, removed, changed, bytes, most } = fileChanges(before.files, after.files)
  expect({ added, removed, changed }).toEqual(difference(before, after).files)
  expect(bytes).toEqual(difference(before, after).bytes)
  expect(most).toHaveLength(added + removed + changed)
  expect(most.slice(0, 2)).toMatchInlineSnapshot(`
    [
      "+ /usr/bin/xterm 900 kB",
      "- /fonts/a 700 kB",
    ]
  `)
  const many = new Map(Array.from({ length: 150 }, (_, at) => [`/${at}`, file(at)]))
  expect(fileChanges(new Map(), many)).toMatchObject({ added: 150, most: { length: 100, 0: "+ /149 149 B" } })
  expect(fileChanges(many, many)).toMatchObject({ added: 0, removed: 0, changed: 0, most: [] })
})
