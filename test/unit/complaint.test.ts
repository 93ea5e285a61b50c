import { expect, test } from "vitest"
import { complaint } from "../../src/core/complaint.ts"

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
  ["nothing", "", ""],
])("a complaint is %s", (_, said, line) => expect(complaint(said)).toBe(line))

test("it is no longer than a line", () => expect(complaint(`error: ${"x".repeat(999)}`)).toHaveLength(300))
