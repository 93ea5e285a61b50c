import { describe, expect, test } from "vitest"
import { bytesOf, filesOf, follower } from "../../src/core/image/mtree.ts"

const MTREE = `#mtree
. mode=755 gid=0 uid=0 inode=1 type=dir
./bin mode=777 gid=0 uid=0 inode=2 type=link link=usr/bin
./usr/bin mode=755 gid=0 uid=0 inode=3 type=dir
./usr/bin/perl mode=755 gid=0 uid=0 inode=4 type=file size=3808560 sha256digest=1ab9
./usr/bin/perl5 mode=755 gid=0 uid=0 inode=4 type=file size=3808560 sha256digest=1ab9
./usr/bin/\\305\\221\\040\\075\\040\\134x2d mode=4755 gid=7 uid=9 inode=5 type=file size=7 sha256digest=22
./var/a\\012b mode=644 gid=0 uid=0 inode=6 type=file size=1 sha256digest=33
./var/\\377 mode=644 gid=0 uid=0 inode=7 type=file size=2 sha256digest=44
./dev/null mode=666 gid=0 uid=0 inode=8 type=char
`
const files = filesOf(MTREE)

test("what mtree tells of each file", () => {
  expect(files.get("/bin")).toEqual({ type: "link", mode: "777", owner: "0:0", size: 0, link: "usr/bin", inode: "2" })
  expect(files.get("/usr/bin/perl")).toMatchObject({ type: "file", size: 3808560, sha256: "1ab9" })
  expect(files.get("/dev/null")).toMatchObject({ type: "char", size: 0 })
})

test("names have their own letters, spaces and backslashes, but no line breaks and no bytes that are none", () => {
  expect(files.get("/usr/bin/ő = \\x2d")).toMatchObject({ mode: "4755", owner: "9:7" })
  expect([...files.keys()].filter((path) => path.startsWith("/var/"))).toEqual(["/var/a\\012b", "/var/\\377"])
})

test("hard links weigh once", () => expect(bytesOf(files)).toBe(3808560 + 7 + 1 + 2))

describe("a path as it is on the disk", () => {
  const links = (all: Record<string, string>) =>
    filesOf(
      Object.entries(all)
        .map(([path, link]) => `.${path} mode=777 gid=0 uid=0 inode=1 type=link link=${link}\n`)
        .join(""),
    )

  test.each([
    ["/bin/sh", "/usr/bin/sh"],
    ["/bin", "/bin"],
    ["/etc/passwd", "/etc/passwd"],
    ["/var/run/lock/x", "/tmp/lock/x"],
    ["/opt/a/b/c", "/srv/deep/b/c"],
  ])("%s is %s", (path, real) => {
    const follow = follower(
      links({ "/bin": "usr/bin", "/var/run": "/run", "/run/lock": "../tmp/./lock", "/opt/a": "../srv/x", "/srv/x": "deep" }),
    )
    expect(follow(path)).toBe(real)
  })

  test("links that go round end", () => expect(follower(links({ "/a": "b", "/b": "a" }))("/a/x")).toMatch(/^\/[ab]\/x$/))
})
