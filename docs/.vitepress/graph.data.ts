import { instance } from "@viz-js/viz"
import { graph } from "../../src/core/plan/graph.ts"
import { plan } from "../../src/core/plan/plan.ts"
import { farm, pins } from "../../test/support/catalog.ts"

/** The build graph of bookworm's helios image as SVG: what `dagger call graph` draws, from the same description, without an engine. */
export default {
  async load(): Promise<string> {
    const dot = graph(plan(farm(), pins(), { distro: "bookworm", profile: "helios", platform: "linux/amd64" }))
    return (await instance()).renderString(dot, { format: "svg", engine: "dot" })
  },
}
