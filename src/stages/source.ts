import { type Container, type Directory, dag, type File, type Secret, type Socket } from "@dagger.io/dagger"

/** What a fetch needs beside git itself. */
export interface Fetching {
  /** A container with git, an SSH client and certificates. */
  toolbox: Container
  /** common/build/scripts/fetch-source. */
  program: File
  /** common/release/idle-timeout. */
  idleTimeout: File
  /** git's own configuration, with logins and proxies. */
  config?: Secret
  /** An agent that has SSH's keys. */
  agent?: Socket
}

/** How much of an upstream is fetched: the files of its commit; the repository of that commit alone; the repository as far back as fixes are taken from. */
export type Extent = "tree" | "snapshot" | "history"

/** A container that fetches upstreams. */
export function fetcher({ toolbox, program, idleTimeout, config, agent }: Fetching): Container {
  const programs = dag.directory().withFile("fetch-source", program).withFile("idle-timeout", idleTimeout)
  const git = toolbox.withDirectory("/usr/local/bin", programs, { permissions: 0o755 })
  const configured = config ? git.withMountedSecret("/run/git/config", config).withEnvVariable("GIT_CONFIG_GLOBAL", "/run/git/config") : git
  return agent ? configured.withUnixSocket("/run/git/agent", agent).withEnvVariable("SSH_AUTH_SOCK", "/run/git/agent") : configured
}

/** An upstream at a commit, by its full hash, which git itself checks; no submodule, tag or branch of it is asked for. */
export function fetchCommit(fetcher: Container, extent: Extent, address: string, commit: string): Directory {
  return fetcher.withExec(["fetch-source", extent, address, commit]).directory("/out")
}

/** What an upstream's branches and tags are at that moment, as `git ls-remote` prints it. */
export function remoteRefs(fetcher: Container, address: string, moment: string): Promise<string> {
  return fetcher.withEnvVariable("HELIOS_RUN", moment).withExec(["fetch-source", "refs", address]).file("/out/refs").contents()
}
