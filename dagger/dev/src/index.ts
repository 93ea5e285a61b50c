/**
 * What is run on Helios' own repository: at every change, and for its documents' pictures. It is no part of the module that others install, where it would run on theirs.
 * `dagger check --mod=dagger/dev`
 */
import { existsSync } from "node:fs"
import { argument, type Container, check, type Directory, dag, type File, func, object } from "@dagger.io/dagger"

const BASE = "debian:trixie-slim"
/** There on an engine whose images of Debian are stand-ins, with digests of their own. */
const STAND_INS = "/etc/helios/stand-ins"
const PACKAGES = ["ca-certificates", "git", "jq", "make", "nodejs", "npm", "patch", "shellcheck", "shfmt"]
const INSTALL = 'apt-get update --error-on=any && apt-get install --yes --no-install-recommends "$@"'

/** The checks of Helios' repository that need no engine of their own, and what draws its documents' pictures. */
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

  /**
   * A PNG of a page as a browser of that size shows it at first; of a picture, which is then no larger than that.
   * `dagger call --mod=dagger/dev picture --page=report/smoke.html --output=smoke.png`
   */
  @func()
  async picture(page: File, width: number = 1280, height: number = 720): Promise<File> {
    const [path, picture] = [`/page/${await page.name()}`, "/picture.png"]
    const options = ["--no-sandbox", "--hide-scrollbars", `--window-size=${width},${height}`, `--screenshot=${picture}`]
    return (await this.debian("chromium-headless-shell", "fonts-dejavu-core"))
      .withMountedFile(path, page)
      .withExec(["chromium-headless-shell", ...options, `file://${path}`])
      .file(picture)
  }

  /** The repository with its tools and locked npm packages. */
  private async workshop(): Promise<Container> {
    return (await this.debian(...PACKAGES))
      .withEnvVariable("NODE_EXTRA_CA_CERTS", "/etc/ssl/certs/ca-certificates.crt")
      .withMountedCache("/root/.npm", dag.cacheVolume("helios-npm"))
      .withWorkdir("/farm")
      .withFile("package.json", this.repository.file("package.json"))
      .withFile("package-lock.json", this.repository.file("package-lock.json"))
      .withExec(["npm", "ci", "--no-audit", "--no-fund"])
      .withDirectory(".", this.repository)
  }

  /** Debian with these packages. */
  private async debian(...packages: string[]): Promise<Container> {
    const lock = JSON.parse(await this.repository.file("sources.lock.json").contents()) as { image?: string; digest?: string }[]
    const digest = existsSync(STAND_INS) ? undefined : lock.find(({ image }) => image === BASE)?.digest
    return dag
      .container()
      .from(digest ? `${BASE}@${digest}` : BASE)
      .withEnvVariable("DEBIAN_FRONTEND", "noninteractive")
      .withExec(["sh", "-c", INSTALL, "sh", ...packages])
  }
}
