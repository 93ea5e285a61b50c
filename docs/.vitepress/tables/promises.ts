import { existsSync, readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { ROOT } from "../../../test/support/catalog.ts"
import { tableOf } from "./columns.ts"

/** The folders of common/smoke that hold promises: of all images, and of each profile. */
export const FOLDERS = ["common", "helios", "kvdi"] as const
export type Folder = (typeof FOLDERS)[number]

/** What images promise, and by what it is proven. */
export interface Promised {
  folder: Folder
  name: string
  promise: string
  /** Whether `smoke` checks it, on an image that runs in the engine. */
  bySmoke: boolean
  /** Whether an end-to-end test checks it, on an image that podman runs. */
  byPodman: boolean
}

const read = (path: string) => readFileSync(join(ROOT, path), "utf8")

/** The sentences that a file of bats begins with: the first paragraph of its comment. */
function promiseOf(bats: string): string {
  const [head = ""] = bats.match(/^(?:# .*\n)+/) ?? []
  return head.replaceAll(/^# /gm, "").trim().replaceAll("\n", " ")
}

/** The tests with podman that a profile's images have in common with others, and its own. */
const PODMAN: Record<Folder, string[]> = {
  common: ["podman", "helios"],
  helios: ["helios"],
  kvdi: ["podman"],
}

/** The names that tests of those files have before their colon. */
function titlesIn(files: string[]): string[] {
  const texts = files.map((name) => read(`test/e2e/default/${name}.test.ts`)).join("\n")
  return [...texts.matchAll(/^ *test\(["'`]([a-z-]+(?:, [a-z-]+)*):/gm)].flatMap(([, names = ""]) => names.split(", "))
}

const BY_PODMAN_ALONE: Record<Folder, Record<string, string>> = JSON.parse(read("docs/data/podman-promises.json"))

function promisesIn(folder: Folder): Promised[] {
  const files = readdirSync(join(ROOT, "common/smoke", folder)).filter((file) => file.endsWith(".bats"))
  const titles = titlesIn(PODMAN[folder])
  const bySmoke = files.map((file): Promised => {
    const name = file.replace(".bats", "")
    const promise = promiseOf(read(`common/smoke/${folder}/${file}`))
    return { folder, name, promise, bySmoke: true, byPodman: titles.includes(name) }
  })
  const others = Object.entries(BY_PODMAN_ALONE[folder]).map(([name, promise]): Promised => {
    return { folder, name, promise, bySmoke: existsSync(join(ROOT, "common/smoke", folder, `${name}.bats`)), byPodman: true }
  })
  return [...bySmoke, ...others].sort((a, b) => a.name.localeCompare(b.name, "en"))
}

/** Every promise, sorted by name within its folder. */
export const PROMISES: Promised[] = FOLDERS.flatMap(promisesIn)

/** The promises of a folder as a table. */
export function promisesTable(folder: string): string {
  return tableOf(
    PROMISES.filter((one) => one.folder === folder),
    {
      name: ({ name }) => `\`${name}\``,
      "proven by": ({ bySmoke, byPodman }) => [...(bySmoke ? ["smoke"] : []), ...(byPodman ? ["podman"] : [])].join(", "),
      promise: ({ promise }) => promise,
    },
  )
}
