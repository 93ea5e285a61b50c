import { join } from "node:path"
import { execa } from "execa"
import { MIRROR, room } from "../farm.ts"
import type { Cluster } from "./cluster.ts"

/**
 * Gives a cluster the kinds of objects that a public repository among the mirrors defines in a folder. Nothing else of it is fetched from
 * a server that knows filters, as GitHub does, and git's own where `uploadpack.allowFilter` is on.
 */
export async function define(cluster: Cluster, repository: string, folder: string): Promise<void> {
  const clone = room()
  await execa("git", ["clone", "--quiet", "--depth=1", "--filter=blob:none", "--no-checkout", `${MIRROR}/github.com/${repository}`, clone])
  await execa("git", ["-C", clone, "checkout", "HEAD", "--", folder])
  // What kubectl would note of each is longer than a note may be.
  await cluster.kubectl(["create", `--filename=${join(clone, folder)}`])
  await cluster.kubectl(["wait", "--for=condition=Established", "crd", "--all", "--timeout=60s"])
}
