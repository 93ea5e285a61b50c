import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { afterAll, describe, expect, test } from "vitest"
import { clean, failures, MIRROR, NO_MIRROR, ROOT, smoke } from "../../support/farm.ts"

const checks = join(ROOT, "common/smoke/helios")

/** The promises of which checks look at the page in a browser. */
const seen = readdirSync(checks)
  .filter((file) => file.endsWith(".bats") && /^ *(page|browse) box\b/m.test(readFileSync(join(checks, file), "utf8")))
  .map((file) => file.replace(".bats", ""))
  .sort()

afterAll(clean)

describe.skipIf(!MIRROR)(`helios in Firefox${MIRROR ? "" : `, ${NO_MIRROR}`}`, () => {
  test("every promise that is looked at in a browser is kept in Firefox ESR, none skipped", async () => {
    expect(seen).toEqual(expect.arrayContaining(["audio", "clipboard", "input", "resize", "view-only"]))
    const results = await smoke("bookworm", { profile: "helios", only: seen, more: ["--browser=firefox"] })
    expect(failures(results)).toEqual([])
    expect(results.outcomes.map(({ promise, status }) => `${promise} ${status}`).sort()).toEqual(seen.map((name) => `${name} passed`))
    expect(results.image).toMatch(/ firefox$/)
  })
})
