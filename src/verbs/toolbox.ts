import { type Container, dag, type File } from "@dagger.io/dagger"
import { tools } from "../core/sources/tools.ts"
import { type Farm, farmText } from "./farm.ts"

/** The tools that make and check what images are trusted by, where a caller brings their own. */
export interface TrustTools {
  cosign?: Container
  syft?: Container
  grype?: Container
  /** A database of grype's, where it can't fetch one. */
  database?: File
  /** Exceptions from the scan's gate in place of the farm's own. */
  exceptions?: File
}

/** One of them: the caller's, or the published one that common/tools.json names, by its digest where the lock has it. */
export function trustTool({ lock }: Farm, name: "cosign" | "syft" | "grype", { [name]: given }: TrustTools): Container {
  if (given) return given
  const image = tools(farmText("common/tools.json")).images[name]
  const digest = lock.images.get(image)
  return dag.container().from(digest ? `${image}@${digest}` : image)
}
