import { type Container, type Directory, dag, ImageLayerCompression, ImageMediaTypes } from "@dagger.io/dagger"
import { type Descriptor, manifests } from "../../core/registry/oci.ts"
import type { Farm } from "../farm.ts"
import { tool } from "../toolbox.ts"

/** An image as an OCI layout, and what its index says of it. */
export async function toOciLayout(farm: Farm, image: Container, zstd = false): Promise<Descriptor & { layout: Directory }> {
  // Named, as the engine takes what it has at hand otherwise, and then the digest depends on what was done before.
  const forcedCompression = zstd ? ImageLayerCompression.Zstd : ImageLayerCompression.Gzip
  const archive = image.asTarball({ mediaTypes: ImageMediaTypes.OcimediaTypes, forcedCompression })
  const layout = (await tool(farm, "registry"))
    .withMountedFile("/image.tar", archive)
    .withDirectory("/layout", dag.directory())
    .withExec(["tar", "--extract", "--file=/image.tar", "--directory=/layout"])
    .directory("/layout")
  const [descriptor] = manifests("index.json", await layout.file("index.json").contents()) as [Descriptor]
  return { ...descriptor, layout }
}
