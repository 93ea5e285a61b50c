import { readdirSync } from "node:fs"
import { join } from "node:path"
import { ROOT } from "../../test/support/catalog.ts"

/** The site's pages, by their path in the repository. */
export const PAGES = readdirSync(join(ROOT, "docs"), { recursive: true, encoding: "utf8" })
  .filter((path) => path.endsWith(".md") && !path.startsWith(".vitepress"))
  .map((path) => `docs/${path}`)
  .sort()
