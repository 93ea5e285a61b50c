import { join } from "node:path"
import { afterAll, test } from "vitest"
import { clean, ROOT } from "../support/farm.ts"
import { PICTURES } from "./pictures.ts"

afterAll(clean)

// One alone: npm run docs:pictures -- -t NAME.
test.each(Object.entries(PICTURES))("%s", async (name, make) => {
  await make(join(ROOT, "docs/pictures", name))
})
