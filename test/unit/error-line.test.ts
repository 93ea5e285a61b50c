import { expect, test } from "vitest"
import { errorLine, imageFailure } from "../../src/core/error-line.ts"
import { FarmError } from "../../src/core/errors.ts"

test.each([
  ["one line", "E: Unable to locate package nope\n", "Unable to locate package nope"],
  ["the first of several", "E: Unable to locate package a\nE: Unable to locate package b\n", "Unable to locate package a"],
  [
    "what follows a colon",
    "Error: Problems in request:\nmissing groups or modules: x:1\n",
    "Problems in request: missing groups or modules: x:1",
  ],
  [
    "what is indented",
    "Error: \n Problem: conflicting requests\n  - nothing provides a needed by b\n(try to add '--nobest')\n",
    "Problem: conflicting requests - nothing provides a needed by b",
  ],
  ["what was said before", "Package a.rpm is not signed\nError: GPG check FAILED\n", "GPG check FAILED (Package a.rpm is not signed)"],
  [
    "all of what was said before",
    "y.rpm is there\nNo key for x.rpm.\n Keys are in: z\nError: GPG check FAILED\n",
    "GPG check FAILED (No key for x.rpm. Keys are in: z)",
  ],
  ["the last line of what has no such word", "key: expected this\nkey: got that\n", "key: got that"],
  [
    "a warning of a key, which tells more than the error that comes of it",
    "W: GPG error: http://a sid InRelease: NO_PUBKEY 1\nE: The repository 'http://a sid InRelease' is not signed.\n",
    "GPG error: http://a sid InRelease: NO_PUBKEY 1",
  ],
  [
    "an archive's broken signature, of a day as of today",
    "Err:1 http://a/20261101T000000Z sid InRelease\nW: GPG error: http://a/20261101T000000Z sid InRelease: The following signatures were invalid: BADSIG 1 It\nE: The repository 'http://a/20261101T000000Z sid InRelease' is not signed.\n",
    "GPG error: http://a/20261101T000000Z sid InRelease: The following signatures were invalid: BADSIG 1 It",
  ],
  ["nothing", "", ""],
])("a complaint is %s", (_, said, line) => expect(errorLine(said)).toBe(line))

test("it is no longer than a line", () => expect(errorLine(`error: ${"x".repeat(999)}`)).toHaveLength(300))

const ADVICE = "fix that, or run it again: it continues from there"

test.each([
  ["what the farm refused", new FarmError("--ref=x: expected y"), "--ref=x: expected y"],
  [
    "a command's complaint",
    Object.assign(new Error("exit code: 100 [traceparent:1-2]"), { stderr: "E: Unable to locate package nope\n" }),
    `helios:v1.2.3-sid: Unable to locate package nope; ${ADVICE}`,
  ],
  [
    "the engine's, in one line",
    new Error('cleanup failed: "certs": exit code: 1\n, output: connection reset by peer\n [traceparent:4dd6-e742]'),
    `helios:v1.2.3-sid: cleanup failed: "certs": exit code: 1 , output: connection reset by peer; ${ADVICE}`,
  ],
])("an image ends for %s", (_, cause, line) => expect(imageFailure("helios:v1.2.3-sid", cause)).toBe(line))
