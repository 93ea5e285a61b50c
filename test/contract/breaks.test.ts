import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { execa } from "execa"
import { afterAll, describe, expect, test } from "vitest"
import { BREAKS } from "../support/breaks/all.ts"
import { ROOT } from "../support/catalog.ts"

const room = mkdtempSync(join(tmpdir(), "helios-breaks-"))
afterAll(() => rmSync(room, { recursive: true }))

describe.each(BREAKS)("images of $overlays that are broken", ({ overlays, defects, byPodman }) => {
  const root = join(room, overlays.join("-"))
  for (const overlay of overlays) cpSync(join(ROOT, "common/overlays", overlay), root, { recursive: true, verbatimSymlinks: true })

  /** The edits of files that the overlays bring: a defect's name, sed's script as the shell has it, and the file. */
  const edits = [...defects, ...byPodman].flatMap(({ promise, name, lines }) =>
    lines.flatMap((line) => {
      const [, script, files = ""] = line.match(/^RUN sed -i ((?:-E )?(?:'.*'|".*")) ((?:\/\S+ ?)+)$/s) ?? []
      const ours = files.split(" ").filter((file) => file && existsSync(join(root, file)))
      return script ? ours.map((file) => [`${promise}: ${name}`, file, script] as const) : []
    }),
  )

  test.each(edits)("%s: an edit changes %s", async (_, file, script) => {
    const text = readFileSync(join(root, file), "utf8")
    const { stdout } = await execa("sh", ["-c", `sed ${script} "$1"`, "-", join(root, file)], { stripFinalNewline: false })
    expect(stdout).not.toBe(text)
  })
})
