/**
 * What is run on Helios' own repository at every change. It is no part of the module that others install, where it would run on theirs.
 * `dagger check --mod=dagger/dev`
 */
import { argument, type Container, check, type Directory, dag, func, object } from "@dagger.io/dagger"

const BASE = "debian:trixie-slim"
const PACKAGES = ["ca-certificates", "git", "jq", "make", "nodejs", "npm", "patch", "shellcheck", "shfmt"]
const INSTALL = 'apt-get update --error-on=any && apt-get install --yes --no-install-recommends "$@"'

/** The checks of Helios' repository that need no engine of their own. */
@object()
export class Dev {
  repository: Directory

  constructor(@argument({ defaultPath: "/", ignore: [".git", "**/node_modules", "report", "sdk"] }) repository: Directory) {
    this.repository = repository
  }

  /**
   * Types, style, layers and shell scripts.
   * `dagger check --mod=dagger/dev lint`
   */
  @func()
  @check()
  async lint(): Promise<Container> {
    return (await this.workshop()).withExec(["npm", "run", "check"])
  }

  /**
   * The tests that need no engine.
   * `dagger check --mod=dagger/dev tests`
   */
  @func()
  @check()
  async tests(): Promise<Container> {
    return (await this.workshop()).withExec(["npm", "run", "test:unit"])
  }

  /** The repository with its tools and locked npm packages. */
  private async workshop(): Promise<Container> {
    const lock = JSON.parse(await this.repository.file("sources.lock.json").contents()) as { image?: string; digest?: string }[]
    const digest = lock.find(({ image }) => image === BASE)?.digest
    return dag
      .container()
      .from(digest ? `${BASE}@${digest}` : BASE)
      .withEnvVariable("DEBIAN_FRONTEND", "noninteractive")
      .withExec(["sh", "-c", INSTALL, "sh", ...PACKAGES])
      .withEnvVariable("NODE_EXTRA_CA_CERTS", "/etc/ssl/certs/ca-certificates.crt")
      .withMountedCache("/root/.npm", dag.cacheVolume("helios-npm"))
      .withWorkdir("/farm")
      .withFile("package.json", this.repository.file("package.json"))
      .withFile("package-lock.json", this.repository.file("package-lock.json"))
      .withExec(["npm", "ci", "--no-audit", "--no-fund"])
      .withDirectory(".", this.repository)
  }
}
