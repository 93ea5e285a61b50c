import { join } from "node:path"
import type { Cluster } from "./cluster.ts"
import { mirrored } from "./mirrored.ts"

/** Gives a cluster the kinds of objects that a repository of the mirrors defines in a folder. */
export async function define(cluster: Cluster, repository: string, folder: string): Promise<void> {
  // What kubectl would note of each is longer than a note may be.
  await cluster.kubectl(["create", `--filename=${join(await mirrored(repository, folder), folder)}`])
  await cluster.kubectl(["wait", "--for=condition=Established", "crd", "--all", "--timeout=60s"])
}
