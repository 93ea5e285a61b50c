import type { Container, Directory } from "@dagger.io/dagger"
import type { Places } from "../core/sources/archives.ts"
import { direct } from "./direct.ts"
import { npmCi } from "./npm.ts"

/**
 * Where images are tried: an OCI runtime, a VNC client and what judges pixels and sound, beside the image and not in it; with a
 * browser for those that are seen in one.
 */
export function lab(toolbox: Container, checks: Directory, browser: boolean, places: Places): Container {
  const installed = (browser ? npmCi(toolbox, "/opt/browser", checks.directory("lab/browser"), places.npm).withWorkdir("/") : toolbox)
    .withMountedFile("/tmp/requirements.txt", checks.file("lab/requirements.txt"))
    .withExec([
      "pip",
      "install",
      "--quiet",
      "--break-system-packages",
      "--no-deps",
      "--require-hashes",
      "--no-cache-dir",
      "--root-user-action=ignore",
      "--requirement=/tmp/requirements.txt",
      ...index(places.pypi),
    ])
    .withoutMount("/tmp/requirements.txt")
  return direct(installed)
    .withMountedDirectory("/smoke", checks)
    .withMountedTemp("/lab")
    .withEnvVariable("PATH", "/smoke/lab/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin")
    .withEnvVariable("BATS_LIB_PATH", "/usr/lib/bats")
}

/** Which index pip takes packages from, each by its hash; without encryption too, which it doesn't by itself. */
function index(address?: string): string[] {
  if (!address) return []
  return [`--index-url=${address}`, ...(address.startsWith("http:") ? [`--trusted-host=${new URL(address).host}`] : [])]
}
