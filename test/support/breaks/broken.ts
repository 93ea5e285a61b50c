import { existsSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import pLimit from "p-limit"
import { test } from "vitest"
import type { Results } from "../../../src/core/smoke/results.ts"
import { extend } from "../desktop/podman.ts"
import { publishedImage, reportFolder, smoke } from "../farm.ts"
import type { Defect } from "./defect.ts"

/** One break and the check that was seen to fail on it. */
export interface Break {
  name: string
  promise: string
  check: string
}

const HEAD = "| promise | broken image | check that failed |\n| --- | --- | --- |\n"

/** Adds rows to the table of broken images for people to read, in place of what an earlier run had for them. */
export function recordBreaks(breaks: Break[]): void {
  const path = join(reportFolder(), "broken.md")
  const cell = (text: string) => text.replaceAll("|", "\\|").replaceAll("\n", " ")
  const rows = new Map<string, string>()
  const old = existsSync(path) ? readFileSync(path, "utf8").slice(HEAD.length).split("\n").filter(Boolean) : []
  for (const row of old) rows.set(row.split(" | ").slice(0, 2).join(" | "), row)
  for (const { name, promise, check } of breaks) rows.set(`| ${promise} | ${cell(name)}`, `| ${promise} | ${cell(name)} | ${cell(check)} |`)
  writeFileSync(path, `${HEAD}${[...rows.values()].sort().join("\n")}\n`)
}

/** The checks of a defect's promise that failed. */
function failedChecks({ outcomes }: Results, { promise }: Defect) {
  return outcomes.find((outcome) => outcome.promise === promise)?.checks.filter(({ status }) => status === "failed") ?? []
}

/** The name of the check that failed on a defect for the right reason. */
export function caught(results: Results, defect: Defect): string | undefined {
  return failedChecks(results, defect).find(({ name, detail }) => defect.check.test(name) && defect.reason.test(detail))?.name
}

/** What proves the images that defects share: each is broken in all their ways, and proven when it is first asked for. */
export function proofs(defects: Defect[], profile: string, atOnce = 3, init?: string): (image: string) => Promise<Results> {
  const known = new Map<string, Promise<Results>>()
  const limit = pLimit(atOnce)
  const prove = async (image: string) => {
    const shared = defects.filter((defect) => defect.image === image)
    const lines = shared.flatMap(({ lines }) => lines)
    const container = await extend(`broken-${image}`, await publishedImage(profile, "bookworm", init), lines)
    return smoke("bookworm", { profile, init, only: [...new Set(shared.map(({ promise }) => promise))], container })
  }
  return (image) => {
    const proof = known.get(image) ?? limit(() => prove(image))
    known.set(image, proof)
    return proof
  }
}

/** Sees the check fail that guards against a defect, and writes that down; throws what failed instead. */
async function see(results: Results, defect: Defect): Promise<void> {
  const check = caught(results, defect)
  const failed = failedChecks(results, defect).map(({ name, detail }) => `${name}\n${detail}`)
  if (!check) throw new Error(failed.join("\n") || "no check failed")
  recordBreaks([{ promise: defect.promise, name: defect.name, check }])
}

/** A test for each defect: its check fails on its image, and says why. */
export function testDefects(defects: Defect[], proof: (image: string) => Promise<Results>): void {
  test.concurrent.each(defects.map((one) => [`${one.promise}: ${one.name}`, one] as const))("%s", async (_, defect) => {
    await see(await proof(defect.image), defect)
  })
}
