import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { execa } from "execa"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import type { Source } from "../../../src/core/sources/lock.ts"
import { clean, MINUTE, MIRROR, NO_MIRROR, ROOT, room } from "../../support/farm.ts"
import { gitIn } from "../../support/git.ts"
import { asRunner, linesOf } from "../../support/github.ts"

const { inCopy } = (await import(join(ROOT, "test/bench/copy.mjs"))) as { inCopy: <T>(work: (copy: string) => Promise<T>) => Promise<T> }

type Entry = { image: string; digest: string | null } | Source

const steps = linesOf("update.yml")
const lineOf = (text: string) => steps.find(([, line]) => line.includes(text))?.[1] as string
const output = join(room(), "output")
const asked = join(room(), "asked")
const update = join(room(), "update.patch")

/** What GitHub gives each line; its own command line is one that notes what it was asked, as there is no GitHub here. */
const env = {
  BRANCH: "update-sources",
  CHECK: "success",
  GH_REPO: "owner/helios",
  GH_TOKEN: "none",
  GITHUB_OUTPUT: output,
  GITHUB_REF_NAME: "main",
  GITHUB_STEP_SUMMARY: join(room(), "summary"),
  RUN: "https://github.com/owner/helios/actions/runs/1",
  OPEN: "0",
  UPDATE: update,
}

beforeAll(() => {
  const bin = join(room(), "bin")
  mkdirSync(bin)
  writeFileSync(join(bin, "gh"), `#!/bin/sh\necho "$*" >>'${asked}'\nif [ "$1 $2" = 'pr list' ]; then echo "$OPEN"; fi\n`)
  chmodSync(join(bin, "gh"), 0o755)
  process.env.PATH = `${bin}:${process.env.PATH}`
})
afterAll(clean)

/** A lock with an older execline, and of the bases those alone that an embedded engine has. */
function older(text: string): string {
  const entries = (JSON.parse(text) as Entry[]).filter((entry) => !("image" in entry) || entry.image.startsWith("debian:"))
  const pin = { ref: "v2.9.6.1", commit: "32ed930a967c83c5b683d1d22c286b46a9f792ea" }
  const changed = entries.map((entry) => ("image" in entry ? entry : entry.name === "execline" ? { ...entry, ...pin } : entry))
  return `${JSON.stringify(changed, null, 2)}\n`
}

describe.skipIf(!MIRROR)(`what the update workflow runs, as written${MIRROR ? "" : `, ${NO_MIRROR}`}`, { timeout: 60 * MINUTE }, () => {
  test("makes a branch of the newest, and a pull request that tells what moved and what the tests came to", () =>
    inCopy(async (copy) => {
      const run = async (text: string, more = {}, cwd = copy) => {
        for (const path of [output, asked]) writeFileSync(path, "")
        const { exitCode, all } = await asRunner(lineOf(text), { ...env, ...more }, cwd, { call: ["call", `--mirror=${MIRROR}`] })
        expect(exitCode, all).toBe(0)
        return { said: readFileSync(output, "utf8"), asked: readFileSync(asked, "utf8") }
      }
      const read = (path: string) => readFileSync(join(copy, path), "utf8")
      const git = gitIn(copy)
      const origin = room()
      await execa("git", ["init", "--quiet", "--bare", origin])
      writeFileSync(join(copy, "sources.lock.json"), older(read("sources.lock.json")))
      await git("init", "--quiet", "--initial-branch=main")
      await git("remote", "add", "origin", origin)
      await git("add", "--all")
      await git("commit", "--quiet", "--message=before")

      expect(await run("git diff")).toEqual({ said: "", asked: "" })

      await run("sources update")
      const entries = JSON.parse(read("sources.lock.json")) as Entry[]
      const execline = entries.find((entry): entry is Source => "name" in entry && entry.name === "execline")
      expect(execline?.ref).not.toBe("v2.9.6.1")
      for (const entry of entries) if ("image" in entry) expect(entry.digest).toMatch(/^sha256:[0-9a-f]{64}$/)

      await run("vitest")
      expect(await run("git diff")).toEqual({ said: "newer=true\n", asked: "" })
      // Another machine, which has what is on main, and of this one the changes alone: with one too many, which it doesn't take.
      const other = room()
      await execa("git", ["clone", "--quiet", copy, other])
      await gitIn(other)("remote", "set-url", "origin", origin)
      const forged = "diff --git a/forged b/forged\nnew file mode 100644\n--- /dev/null\n+++ b/forged\n@@ -0,0 +1 @@\n+forged\n"
      writeFileSync(update, `${read("update.patch")}${forged}`)
      const made = await run("git push", {}, other)
      const commit = await gitIn(other)("rev-parse", "HEAD")
      await git("fetch", "--quiet", "origin", commit)
      await git("checkout", "--quiet", "--force", commit)
      expect(made).toEqual({ said: `commit=${commit}\n`, asked: "auth setup-git\n" })
      expect(await git("ls-remote", "origin")).toBe(`${commit}\trefs/heads/update-sources`)
      const files = (await git("show", "--name-only", "--format=", "HEAD")).split("\n")
      expect(files.filter((path) => !path.startsWith("test/unit/plans/"))).toEqual(["docs/data/digests.tsv", "sources.lock.json"])
      expect(files).toContain("test/unit/plans/bookworm-helios-s6-linux-amd64.json")

      const report = join(copy, "reports/bookworm-kvdi-supervisord-amd64")
      mkdirSync(report, { recursive: true })
      writeFileSync(join(report, "smoke.txt"), "kept\n\n12 passed, 0 failed, 0 skipped\n")
      await run("sources changes")
      const text = read("text.md")
      expect(text).toMatch(
        RegExp(`execline\\) \\| v2\\.9\\.6\\.1 \`32ed930a967c\` \\| ${execline?.ref} \`${execline?.commit.slice(0, 12)}\` \\| \\[\\d+\\]`),
      )
      expect(text).toMatch(/\| `debian:bookworm-slim` \| `sha256:[0-9a-f]{12}` \| `sha256:[0-9a-f]{12}` \|/)
      expect(text).toContain("Held at their release by their name: xorg-1.20.14, xorg-21.1.4.")
      expect(text).toContain("| bookworm-kvdi-supervisord-amd64 | 12 passed, 0 failed, 0 skipped |")
      expect(text).toContain("| trixie-kvdi-supervisord-amd64 | no report |")
      expect(text).toMatch(/\n```\n[^`]*\d+ of \d+ upstreams have something newer[^`]*\n```\n/)
      expect(text).toContain(`All of check on this commit: success, ${env.RUN}`)

      const [list, create] = (await run("gh pr")).asked.trim().split("\n")
      expect(list).toBe("pr list --head update-sources --json number --jq length")
      expect(create).toBe("pr create --head update-sources --base main --title The newest upstreams, bases and tools --body-file text.md")
      expect((await run("gh pr", { OPEN: "1" })).asked).toContain("\npr edit update-sources --body-file text.md\n")
    }))
})
