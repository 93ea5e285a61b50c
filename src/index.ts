/**
 * A build farm for remote-desktop container images: one call builds any desktop, boots it and tests it.
 * `dagger call smoke --distro=bookworm summary`
 */
import type { Container, Directory, File, Platform, Secret, Service, Socket } from "@dagger.io/dagger"
import { dag, func, object } from "@dagger.io/dagger"
import type { Init, Profile } from "./core/catalog/profiles.ts"
import { FarmError } from "./core/errors.ts"
import { parseOrigin } from "./core/plan/labels.ts"
import { plan } from "./core/plan/plan.ts"
import { planRelease } from "./core/release/targets.ts"
import type { Browser } from "./core/smoke/browser.ts"
import { type Image, imageOf } from "./objects/image.ts"
import { Release } from "./objects/release.ts"
import type { SmokeReport } from "./objects/smoke-report.ts"
import { type Sources, sourcesOf } from "./objects/sources.ts"
import { stageFiles } from "./verbs/build/stage.ts"
import { type DistroRow, distroRows } from "./verbs/distro-table.ts"
import { openFarm, origin } from "./verbs/farm.ts"
import { draw } from "./verbs/graph.ts"
import { cells } from "./verbs/matrix.ts"
import { today } from "./verbs/today.ts"

/** A build farm for remote-desktop container images. */
@object()
export class Helios {
  extra?: Directory
  bases?: File
  archives?: File
  mirror?: string
  gitConfig?: Secret
  ssh?: Socket
  private asOf?: string
  private origin: string

  /**
   * @param distros Further distros: a folder laid out like distros/.
   * @param mirror Where upstreams are fetched from in a closed network: git://HOST/PATH, which has github.com/OWNER/NAME below it.
   * @param gitConfig git's configuration for fetching them, such as file:~/.gitconfig: logins (http.URL.extraHeader), proxies, other addresses.
   * @param ssh The agent for those of ssh://, such as $SSH_AUTH_SOCK.
   * @param asOf A date in UTC: today's for packages as the archives have them now, an earlier one for the archives of that day.
   * @param bases Images that are taken from elsewhere or by another digest, as JSON: {"debian:trixie-slim": "HOST/NAME:TAG" or "sha256:…"}.
   * @param archives Archives of packages, npm and PyPI as another registry has them, as JSON: {"debian": "https://HOST/debian", "npm": "https://HOST/npm/"}.
   * @param commit The farm's git commit, for the image's labels; the digest of its files by default.
   * @param created When that commit was made, for the image's labels: RFC 3339; 1970-01-01T00:00:00Z by default, so that equal inputs give equal images.
   */
  constructor(
    distros?: Directory,
    mirror?: string,
    gitConfig?: Secret,
    ssh?: Socket,
    asOf?: string,
    bases?: File,
    archives?: File,
    commit?: string,
    created?: string,
  ) {
    Object.assign(this, { extra: distros, bases, archives, mirror, gitConfig, ssh, asOf, origin: JSON.stringify({ commit, created }) })
  }

  /** The farm's version. `dagger call version` */
  @func()
  version(): string {
    return origin().version
  }

  /** Every desktop that can be built: a row for each distro and profile. `dagger call distros summary` */
  @func()
  async distros(): Promise<DistroRow[]> {
    return distroRows(await openFarm(this))
  }

  /**
   * Every image as JSON for CI: distro, profile, init and platform. A distro whose life has ended is left out, and a line says so.
   * `dagger call matrix`
   * @param changed The paths that `git diff --no-renames --name-only` prints, a line each; lists only the images that these affect.
   */
  @func({ cache: "never" })
  async matrix(changed?: File): Promise<string> {
    return JSON.stringify(await cells(await openFarm(this), today(), changed))
  }

  /**
   * Everything that decides what an image holds, as JSON.
   * `dagger call plan --distro=bookworm`
   */
  @func()
  async plan(distro: string, profile?: Profile, platform?: Platform, init?: Init, xorg?: string): Promise<string> {
    return (await this.image(distro, profile, platform, init, xorg)).plan()
  }

  /**
   * The build graph of an image as SVG.
   * `dagger call graph --distro=bookworm --output=graph.svg`
   */
  @func()
  async graph(distro: string, profile?: Profile, platform?: Platform, init?: Init, xorg?: string): Promise<File> {
    return draw(await openFarm(this), JSON.parse(await this.plan(distro, profile, platform, init, xorg)))
  }

  /**
   * One image: its container, plan, size, packages, smoke test, screenshot and service.
   * `dagger call image --distro=bookworm size`
   * @param distro A distro's name; `distros` lists them.
   * @param profile What kind of desktop; the distro's first by default.
   * @param platform linux/amd64 or linux/arm64; the engine's own by default.
   * @param init What supervises the processes: s6 for helios, supervisord or systemd for kvdi.
   * @param xorg The X server's version, for profiles that build it; the family's own by default.
   * @param sanitize Build the X server so that it ends with a report when it misuses memory, and logs undefined behaviour; it is slow.
   */
  @func()
  async image(distro: string, profile?: Profile, platform?: Platform, init?: Init, xorg?: string, sanitize?: boolean): Promise<Image> {
    const [farm, own] = [await openFarm(this), await dag.defaultPlatform()]
    const request = { distro, profile, platform: platform ?? own, init, xorg, sanitize, asOf: this.asOf, today: today() }
    const from = JSON.stringify(parseOrigin(JSON.parse(this.origin)))
    return imageOf(JSON.stringify(plan(farm.catalog, farm, request), null, 2), from, this)
  }

  /**
   * Builds an image: a container to publish, export or open a terminal in.
   * `dagger call build --distro=bookworm`
   */
  @func()
  async build(distro: string, profile?: Profile, platform?: Platform, init?: Init, xorg?: string): Promise<Container> {
    return (await this.image(distro, profile, platform, init, xorg)).container()
  }

  /**
   * Boots an image and checks its promises, anew at every call.
   * `dagger call smoke --distro=bookworm summary`
   * @param only Check these promises alone.
   * @param container Check this image in place of the farm's own, such as one that was built FROM it.
   * @param browser Look at its page in this browser; in Chromium by default.
   */
  @func({ cache: "never" })
  async smoke(
    distro: string,
    profile?: Profile,
    platform?: Platform,
    init?: Init,
    xorg?: string,
    only: string[] = [],
    container?: Container,
    browser?: Browser,
  ): Promise<SmokeReport> {
    return (await this.image(distro, profile, platform, init, xorg)).smoke(only, container, browser)
  }

  /**
   * A desktop as a page on http://localhost:3000, which asks the user helios for a password. Dagger opens that port to the network.
   * `dagger call desktop --distro=bookworm --password=env:PASSWORD up`
   * @param password What the page asks for, 8 to 128 bytes; `dagger/run` makes one if it is left out.
   */
  @func({ cache: "never" })
  async desktop(distro: string, password: Secret, profile?: Profile, platform?: Platform, init?: Init, xorg?: string): Promise<Service> {
    return (await this.image(distro, profile, platform, init, xorg)).service(password)
  }

  /**
   * The files that one stage yields, for debugging: gateway, lab, packages, rootfs or a component such as xorg.
   * `dagger call stage --name=packages --distro=bookworm entries`
   */
  @func()
  async stage(name: string, distro: string, profile?: Profile, platform?: Platform, init?: Init, xorg?: string): Promise<Directory> {
    return stageFiles(await openFarm(this), JSON.parse(await this.plan(distro, profile, platform, init, xorg)), name)
  }

  /**
   * Every upstream and base image that the lock pins: list, outdated, update and mirror.
   * `dagger call sources list`
   */
  @func()
  sources(): Sources {
    return sourcesOf(this)
  }

  /**
   * What a git ref publishes: main as unstable-DISTRO, testing as testing-DISTRO, a tag vX.Y.Z as vX.Y.Z-DISTRO.
   * `dagger call release --ref=refs/heads/main --commit=$(git rev-parse HEAD) --repository=ghcr.io/OWNER tags`
   * @param ref The git ref, such as refs/heads/main or refs/tags/v1.2.3.
   * @param commit The farm's git commit, all 40 digits.
   * @param repository HOST/PATH of the registry; the images' own names, helios and helios-kvdi, follow it.
   * @param username The account that publishes there; anonymous by default.
   * @param password Its password or token, such as env:TOKEN.
   * @param unpinned Take images without a digest as well, which provenance tells.
   */
  @func()
  async release(ref: string, commit: string, repository: string, username?: string, password?: Secret, unpinned = false): Promise<Release> {
    const { commit: own = commit, created } = parseOrigin(JSON.parse(this.origin))
    if (own !== commit)
      throw new FarmError(`--commit=${own} before release, --commit=${commit} after it: expected one of them, or the same`)
    const version = this.extra ? undefined : origin().version
    const { asOf, mirror, extra, bases, archives, gitConfig, ssh } = this
    const asked = { ref, commit, created, version, repository, username, asOf, mirror, ...(unpinned && { unpinned }) }
    const plan = JSON.stringify(planRelease((await openFarm(this)).catalog, asked))
    return Object.assign(new Release(), { plan, password, extra, bases, archives, gitConfig, ssh })
  }
}
