import { describe, expect, test } from "vitest"
import { address, gitFailure, refsOf } from "../../src/core/sources/git.ts"

const upstream = { name: "s6", repo: "https://github.com/skarnet/s6", ref: "v2", commit: "0".repeat(40) }

test.each([
  [undefined, "https://github.com/skarnet/s6"],
  ["git://mirror.example", "git://mirror.example/github.com/skarnet/s6"],
  ["https://mirror.example/git/", "https://mirror.example/git/github.com/skarnet/s6"],
])("with the mirror %s an upstream is fetched from %s", (mirror, from) => {
  expect(address(upstream, mirror)).toBe(from)
})

// Each printed by git 2.39 or 2.47 itself.
describe("why a fetch failed, by what git printed:", () => {
  const HUNG_UP = "it hung up"
  const COMMIT = "not our ref: it has no such commit, or gives none by its hash"
  const LOGIN = "it wants a login, or has no such repository: --git-config=file:PATH has logins"
  const REPOSITORY = "it has no such repository, or may not give it"
  test.each([
    ["fatal: remote error: upload-pack: not our ref 1111111111111111111111111111111111111111", COMMIT],
    ["error: Server does not allow request for unadvertised object 1111111111111111111111111111111111111111", COMMIT],
    ["fatal: unable to connect to 127.0.0.1:\n127.0.0.1[0: 127.0.0.1]: errno=Connection refused", "connection refused"],
    ["fatal: unable to access 'http://a/b/': Failed to connect to a port 1 after 0 ms: Couldn't connect to server", "connection refused"],
    ["fatal: unable to look up nowhere.invalid (port 9418) (Name or service not known)", "no such host: nowhere.invalid"],
    ["fatal: unable to access 'https://nowhere.invalid/a/': Could not resolve host: nowhere.invalid", "no such host: nowhere.invalid"],
    ["fatal: unable to access 'https://a/': Could not resolve proxy: proxy.invalid", "no such proxy: proxy.invalid"],
    ["fatal: unable to access 'https://a/': CONNECT tunnel failed, response 407", "the proxy answered 407"],
    ["fatal: remote error: access denied or repository not exported: /none", REPOSITORY],
    ["remote: Not Found\nfatal: repository 'http://127.0.0.1:1/a/' not found", REPOSITORY],
    ["fatal: could not read Username for 'https://github.com': terminal prompts disabled", LOGIN],
    ["fatal: Authentication failed for 'http://127.0.0.1:1/a/'", LOGIN],
    ["fatal: unable to access 'http://127.0.0.1:1/a/': The requested URL returned error: 403", LOGIN],
    ["git@a: Permission denied (publickey).\nfatal: Could not read from remote repository.", LOGIN],
    ["fatal: the remote end hung up unexpectedly\nfatal: early EOF\nfatal: index-pack failed", HUNG_UP],
    ["fatal: read error: Connection reset by peer", HUNG_UP],
    [
      "fatal: dumb http transport does not support shallow capabilities",
      "it serves files alone, and no commit by its hash: serve it by git daemon or git http-backend",
    ],
    [
      "warning: x\nfatal: unable to access 'https://a/': SSL certificate problem: certificate has expired",
      "SSL certificate problem: certificate has expired",
    ],
    ["", "git said nothing"],
  ])("%s", (printed, reason) => {
    expect(gitFailure(printed)).toBe(reason)
  })

  test("what is unknown is one line, and no longer than one", () => {
    expect(gitFailure(`first\nfatal: ${"x".repeat(400)}\nlast`)).toBe("x".repeat(160))
  })
})

test("an annotated tag is the commit that it stands for", () => {
  const printed = ["a\trefs/heads/main", "b\trefs/tags/v1", "c\trefs/tags/v1^{}", "d\trefs/tags/v2", ""].join("\n")
  expect([...refsOf(printed)]).toEqual([
    ["refs/heads/main", "a"],
    ["refs/tags/v1", "c"],
    ["refs/tags/v2", "d"],
  ])
})
