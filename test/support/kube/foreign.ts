import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { parse, stringify } from "yaml"
import { room } from "../farm.ts"
import { mirrored } from "./mirrored.ts"

/** bjw-s's chart for programs without one, with its library beside it; what it would fetch of its schema is taken from there. */
export async function appTemplate(): Promise<string> {
  const source = join(await mirrored("bjw-s-labs/helm-charts"), "charts")
  const chart = room()
  cpSync(join(source, "other/app-template"), chart, { recursive: true, dereference: true })
  const library = join(chart, "charts/common")
  cpSync(join(source, "library/common"), library, { recursive: true, dereference: true })
  rmSync(join(library, "test-chart"), { recursive: true, force: true })
  for (const path of readdirSync(chart, { recursive: true, encoding: "utf8" }).filter((one) => one.endsWith(".json"))) {
    const text = readFileSync(join(chart, path), "utf8")
    writeFileSync(
      join(chart, path),
      text.replaceAll(/https:\/\/raw\.githubusercontent\.com\/bjw-s-labs\/[^"#]*\/charts\/library\/common\//g, `file://${library}/`),
    )
  }
  return chart
}

/** oauth2-proxy's chart, without the store of sessions that it may bring, which these values don't ask for. */
export async function oauth2Proxy(): Promise<string> {
  const chart = join(await mirrored("oauth2-proxy/manifests"), "helm/oauth2-proxy")
  const { dependencies, ...rest } = parse(readFileSync(join(chart, "Chart.yaml"), "utf8"))
  if (dependencies.some(({ condition }: { condition?: string }) => condition !== "redis-ha.enabled")) throw new Error("another dependency")
  writeFileSync(join(chart, "Chart.yaml"), stringify(rest))
  rmSync(join(chart, "Chart.lock"), { force: true })
  return chart
}
