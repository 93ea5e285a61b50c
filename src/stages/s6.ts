import type { Container, Directory, File } from "@dagger.io/dagger"

/** skarnet's tools, static, and s6-overlay's scripts, to be laid over an image of any distro. */
export function s6(toolbox: Container, sources: Record<string, Directory>, script: File): Directory {
  return Object.entries(sources)
    .reduce((container, [name, source]) => container.withDirectory(`/src/${name}`, source), toolbox)
    .withMountedFile("/build.sh", script)
    .withExec(["sh", "/build.sh"])
    .directory("/out")
}
