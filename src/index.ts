/**
 * A build farm for remote-desktop container images: one call builds any desktop, boots it and tests it.
 * `dagger call smoke --distro=bookworm summary`
 */
import type { Container, Directory, File, Platform, Secret, Service, Socket } from "@dagger.io/dagger"
import { dag, func, object } from "@dagger.io/dagger"
import type { Init, Profile } from "./core/catalog/profiles.ts"
import type { Browser } from "./core/smoke/browser.ts"
import { type Distros, distrosOf } from "./objects/distros.ts"
import { type Image, imageOf } from "./objects/image.ts"
import { Release } from "./objects/release.ts"
import type { SmokeReport } from "./objects/smoke-report.ts"
import { type Sources, sourcesOf } from "./objects/sources.ts"
import { Store } from "./objects/store.ts"
import { stageFiles } from "./verbs/build/stage.ts"
import { guestOf, openFarm, origin } from "./verbs/farm.ts"
import { draw } from "./verbs/graph.ts"
import { cells } from "./verbs/matrix.ts"
import { requested } from "./verbs/release/context.ts"
import { openStocked } from "./verbs/store/open.ts"
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
  storeAt?: string
  storeKey?: File
  storeLogin?: Secret
  storeLocal?: Service
  private asOf?: string
  private origin: string

  constructor(
    /** Further distros: a folder laid out like distros/. */ distros?: Directory,
    /** Where upstreams are fetched from in a closed network: git://HOST/PATH, which has github.com/OWNER/NAME below it. */ mirror?: string,
    /** git's configuration for fetching them, such as file:~/.gitconfig: logins (http.URL.extraHeader), proxies, other addresses. */ gitConfig?: Secret,
    /** The agent for those of ssh://, such as $SSH_AUTH_SOCK. */ ssh?: Socket,
    /** A date in UTC: today's for packages as the archives have them now, an earlier one for the archives of that day. */ asOf?: string,
    /** Images that are taken from elsewhere or by another digest, as JSON: {"debian:trixie-slim": "HOST/NAME:TAG" or "sha256:…"}. */ bases?: File,
    /** Archives of packages, npm and PyPI as another registry has them, as JSON: {"debian": "https://HOST/debian", "npm": "https://HOST/npm/"}. */ archives?: File,
    /** The farm's git commit, for the image's labels; the digest of its files by default. */ commit?: string,
    /** When that commit was made, for the image's labels: RFC 3339; 1970-01-01T00:00:00Z by default, so that equal inputs give equal images. */ created?: string,
    /** A registry with components that others built, as HOST/PATH: one that is signed is taken, and not compiled. */ store?: string,
    /** The public key of whom to believe there: cosign.pub. */ storeKey?: File,
    /** The workflow to believe there in place of a key, as with-signing takes it. */ storeIdentity?: string,
    /** The account there as NAME:TOKEN, such as env:LOGIN; anonymous by default. */ storeLogin?: Secret,
    /** That registry itself, if only this machine reaches it: tcp://127.0.0.1:5000, by plain HTTP. */ storeLocal?: Service,
  ) {
    const [origin, storeAt] = [JSON.stringify({ commit, created }), JSON.stringify({ repository: store, identity: storeIdentity })]
    const guest = { extra: distros, bases, archives, mirror, gitConfig, ssh, storeAt, storeKey, storeLogin, storeLocal }
    Object.assign(this, { ...guest, asOf, origin })
  }

  /** The farm's version. `dagger call version` */
  @func()
  version(): string {
    return origin().version
  }

  /** Every desktop that can be built: a line or a row for each distro and profile. `dagger call distros summary` */
  @func()
  async distros(): Promise<Distros> {
    return distrosOf(await openFarm(this))
  }

  /**
   * Every image as JSON for CI: distro, profile, init, platform and shard, the engine of a farm with several. A distro whose life has ended is left out, and a line says so.
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
    const request = { distro, profile, platform: platform ?? (await dag.defaultPlatform()), init, xorg, sanitize, asOf: this.asOf }
    return imageOf(await openFarm(this), { ...request, today: today() }, this.origin, this)
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
   */
  @func({ cache: "never" })
  async smoke(
    distro: string,
    profile?: Profile,
    platform?: Platform,
    init?: Init,
    xorg?: string,
    /** Check these promises alone. */ only: string[] = [],
    /** Check this image in place of the farm's own, such as one that was built FROM it. */ container?: Container,
    /** Look at its page in this browser; in Chromium by default. */ browser?: Browser,
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
    return stageFiles(await openStocked(this), JSON.parse(await this.plan(distro, profile, platform, init, xorg)), name)
  }

  /**
   * The store of components that --store names: list, push, prune and verify.
   * `dagger call --store=ghcr.io/OWNER --store-key=cosign.pub store list`
   */
  @func()
  store(): Store {
    return Object.assign(new Store(), { ...guestOf(this), asOf: this.asOf, origin: this.origin })
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
    const { mirror, ...guest } = guestOf(this)
    const asked = { ref, commit, repository, username, asOf: this.asOf, mirror, ...(unpinned && { unpinned }) }
    const plan = await requested(await openFarm(this), asked, JSON.parse(this.origin), !guest.extra)
    return Object.assign(new Release(), { plan, password, ...guest })
  }
}
