import { readFileSync } from "node:fs"
import { join } from "node:path"
import { execaSync } from "execa"
import { expect, test } from "vitest"
import { ROOT } from "../support/catalog.ts"

const linesOf = (path: string) => readFileSync(join(ROOT, "common/overlays", path), "utf8").split("\n")

/** The signals that are blocked for what a shell becomes after it has run a program. */
function blocked(shell: string[]): number[] {
  const { stdout } = execaSync(shell[0] as string, [...shell.slice(1), "-c", "env >/dev/null; exec grep ^SigBlk /proc/self/status"])
  const mask = BigInt(`0x${stdout.split("\t")[1]}`)
  return Array.from({ length: 64 }, (_, at) => at + 1).filter((number) => (mask >> BigInt(number - 1)) & 1n)
}

/** What a script's first line gives env. */
const first = (path: string) => (linesOf(path)[0] as string).replace("#!/usr/bin/env -S ", "")

test("the shell of helios-init keeps blocked what its first line blocks, SIGINT and SIGTERM", () => {
  const lines = linesOf("helios/usr/local/bin/helios-init")
  expect(lines[0]).toBe("#!/command/execlineb -bS0")
  const [shell = ""] = (lines.find((line) => line.includes("/lib/helios/bin/init ")) ?? "").split(" /usr/local/lib/")
  expect(blocked(["env", "--block-signal=INT,TERM", ...shell.split(" ")])).toEqual([2, 15])
})

test("before systemd its stop signal is blocked, by the first program and the shell after it", () => {
  const [block = "", next] = first("kvdi-systemd/usr/local/sbin/init").split(" ")
  expect(next).toBe("/usr/local/bin/kvdi-init")
  expect(blocked(["env", block, "env", "-S", first("kvdi/usr/local/bin/kvdi-init")])).toEqual([37])
})
