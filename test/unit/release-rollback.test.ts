import { expect, test } from "vitest"
import { manifests } from "../../src/core/registry/oci.ts"
import { rollback } from "../../src/verbs/release/rollback.ts"
import { Bench, commitOf, only, REPOSITORY, target } from "../support/releases/release.ts"

const [earlier, now] = ["a", "b"].map((letter, minute) => target("unstable", { commit: commitOf(letter), minute }))

test.each<[string, (bench: Bench, index: string) => void]>([
  ["nobody signed", (bench) => Object.assign(bench, { signer: new Bench().signer })],
  ["has an image that nobody signed", (bench, index) => bench.signer.unsign(REPOSITORY, manifests("it", index)[1]?.digest as string)],
])("rollback refuses an earlier index that %s in one line, and writes no tag", async (_, change) => {
  if (!earlier || !now) throw new Error("expected two publications")
  const bench = new Bench()
  await bench.published(earlier, commitOf("a"))
  const digest = await bench.published(now, commitOf("b"))
  change(bench, (await bench.registry.manifest(REPOSITORY, earlier.immutableTag)) as string)
  const outcome = only(await rollback(bench, [now]))
  expect([outcome.state, outcome.reason]).toEqual(["failed", expect.stringMatching(/^.*no signatures found$/)])
  expect([bench.registry.at(REPOSITORY, now.tag), bench.registry.writes]).toEqual([digest, []])
})
