import { type Container, type Directory, dag } from "@dagger.io/dagger"
import type { Key } from "../core/catalog/distro.ts"

/** The key of a package archive, at the path where an image expects it; the build fails if it isn't the pinned one, or has expired. */
export function archiveKey({ path, url, fingerprint }: Key, base: Container, checker: Container): Directory {
  const key = url ? dag.http(url) : base.file(path)
  const checked = checker.withFile("/key", key, { permissions: 0o644 }).withExec(["check-key", "/key", fingerprint])
  return dag.directory().withFile(path, checked.file("/key"))
}
