import { describe, expect, test } from "vitest"
import { isAbsent, isUntagged, parseRan, registryError } from "../../src/core/registry/answers.ts"

describe("what a registry says", () => {
  const said = (message: string) => `Getting image source signatures\ntime="2026-11-25T23:00:00Z" level=fatal msg="${message}"\n`

  test.each([
    [
      'pinging container registry h: Get \\"http://h/v2/\\": dial tcp 1.2.3.4:5000: connect: connection refused',
      "the registry doesn't answer",
    ],
    ["reading manifest v1 in h/a: unauthorized: authentication required", "the registry rejected the credentials"],
    ["writing blob: received unexpected HTTP status: 500 Internal Server Error", "the registry failed"],
    ["writing blob: unexpected status code 507 Insufficient Storage", "the registry failed"],
    ["Patch: write tcp: connection reset by peer", "the registry doesn't answer"],
    ["nothing came for 75 s", "the registry doesn't answer"],
    ['Get \\"http://registry:9/v2/\\": http: server closed idle connection', "the registry doesn't answer"],
    [
      'Get \\"https://h/v2/\\": http: server gave HTTP response to HTTPS client',
      "the registry speaks plain HTTP: add `with-tools --local=tcp://",
    ],
    ["reading manifest v1 in h/a: StatusCode: 404, 404 page not found", "that is no registry's answer: check --repository, and proxies"],
    ["name unknown: The repository with name 'a' does not exist in the registry with id '1'", "the repository doesn't exist: create it"],
    ["Failed to delete h/a: The operation is unsupported. (405 Method Not Allowed)", "the registry doesn't do that by its API"],
    ["idle-timeout: 20: skopeo: not found", "a program is missing where it runs: check with-tools"],
    ["something new", "check the registry's logs"],
  ])("%s is told of in one line", (message, advice) => {
    const { message: line, kind } = registryError("h/a:v1", said(message))
    expect(line).toMatch(/^h\/a:v1: [^\n]*; then run it again: it continues from there$/)
    expect(line).toContain(message.replaceAll("\\", ""))
    expect(line).toContain(advice)
    expect(["limited", "immutable"]).not.toContain(kind)
  })

  test.each([
    ["toomanyrequests: You have reached your pull rate limit", "limited"],
    ["writing blob: received unexpected HTTP status: 429 Too Many Requests", "limited"],
    ["GET https://h/v2/a/manifests/v1: unexpected status code 429 Too Many Requests", "limited"],
    ["tag invalid: The image tag 'v1' already exists in the 'a' repository and cannot be overwritten", "immutable"],
    ["writing manifest: uploading manifest v1: precondition: 'a:v1' configured as immutable.", "immutable"],
    ["uploading manifest v1 to h/a: invalid status code from registry 412 (Precondition Failed)", "immutable"],
    ["uploading manifest v1 to h/a: received unexpected HTTP status: 409 Conflict", "immutable"],
    ["uploading manifest v1: denied: requested access to the resource is denied", "denied"],
    ["uploading manifest v1: unexpected status code 403 Forbidden", "denied"],
    ["manifest sha256:4290000000 of team-429/a: manifest unknown", "other"],
  ])("%s is %s", (message, kind) => {
    expect(registryError("h/a:v1", said(message)).kind).toBe(kind)
  })
})

describe("what a registry doesn't have", () => {
  test.each([
    ["reading manifest v1 in h/a: manifest unknown", true],
    ["fetching tags list: name unknown: repository name not known to registry", true],
    ["reading manifest v1 in h/a: unknown: artifact a:v1 not found", true],
    ["reading manifest v1 in h/a: StatusCode: 404, 404 page not found", false],
    ["received unexpected HTTP status: 404 Not Found", false],
    ["received unexpected HTTP status: 403 Forbidden", false],
    ['exec: "skopeo": executable file not found in $PATH', false],
    ["idle-timeout: 20: skopeo: not found", false],
    ["dial tcp: lookup registry: no such host: not found", false],
    ["unauthorized: authentication required", false],
  ])("%s: %j", (printed, absent) => {
    expect(isAbsent(printed)).toBe(absent)
  })
})

test("a tag that isn't there is told apart from a manifest that isn't", () => {
  const answer = "GET http://h/v2/a/manifests/no: MANIFEST_UNKNOWN: manifest unknown; map[Tag:no]"
  expect(isUntagged(`error during command execution: image tag not found: ${answer}`)).toBe(true)
  expect(isUntagged("error during command execution: image tag not found: GET http://h/v2/a/manifests/no: 404 page not found")).toBe(false)
  expect(isUntagged(`error during command execution: ${answer}`)).toBe(false)
})

test("what several commands came to is told apart, byte for byte", () => {
  const base64 = (text: string) => Buffer.from(text).toString("base64")
  const text = '{"a": "ä\\n"}\n\n'
  expect(parseRan(`0 ${base64(text)} \n1  ${base64("no\nsuch")}\n`)).toEqual([
    { exitCode: 0, stdout: text, stderr: "" },
    { exitCode: 1, stdout: "", stderr: "no\nsuch" },
  ])
})
