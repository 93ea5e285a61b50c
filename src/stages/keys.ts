import { type Container, type Directory, dag, type File } from "@dagger.io/dagger"
import type { Key } from "../core/distro.ts"

/** The keys of package archives at the paths where an image looks for them; the build fails at one that is another than its pin, or has expired. */
export function keys(pinned: Key[], base: Container, toolbox: Container, program: File): Directory {
  const checker = toolbox.withFile("/usr/local/bin/check-key", program, { permissions: 0o755 })
  return pinned.reduce((folder, { path, url, fingerprint }) => {
    const key = url ? dag.http(url) : base.file(path)
    const checked = checker.withFile("/key", key, { permissions: 0o644 }).withExec(["check-key", "/key", fingerprint])
    return folder.withFile(path, checked.file("/key"))
  }, dag.directory())
}
