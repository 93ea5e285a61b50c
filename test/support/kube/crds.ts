import { join } from "node:path"
import { execa } from "execa"
import { MIRROR, room } from "../farm.ts"
import type { Cluster } from "./cluster.ts"

/** Gives a cluster the kinds of objects that a public repository among the mirrors defines in a folder. */
export async function define(cluster: Cluster, repository: string, folder: string): Promise<void> {
  const clone = room()
  await execa("git", ["clone", "--quiet", "--depth=1", `${MIRROR}/github.com/${repository}`, clone])
  // What kubectl would note of each is longer than a note may be.
  await cluster.kubectl(["create", `--filename=${join(clone, folder)}`])
  await cluster.kubectl(["wait", "--for=condition=Established", "crd", "--all", "--timeout=60s"])
}
