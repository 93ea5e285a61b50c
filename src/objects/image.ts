import { type Container, type Directory, dag, type File, func, object, type Secret, type Service, type Socket } from "@dagger.io/dagger"
import { kvdiTemplate } from "../core/plan/kvdi-template.ts"
import { type Origin, parseOrigin } from "../core/plan/labels.ts"
import { type Plan, plan, type Request } from "../core/plan/plan.ts"
import type { Browser } from "../core/smoke/browser.ts"
import { scanReport, spdxOf } from "../verbs/attest/sbom.ts"
import { build, EPOCH } from "../verbs/build/build.ts"
import { checkShown, desktop } from "../verbs/desktop.ts"
import { type Farm, type Guest, guestOf } from "../verbs/farm.ts"
import { diff } from "../verbs/image/diff.ts"
import { files } from "../verbs/image/files.ts"
import { inventory } from "../verbs/image/packages.ts"
import { ofPlatform } from "../verbs/image/platform.ts"
import { besideLab, openLab, size } from "../verbs/smoke/lab.ts"
import { boots, frames } from "../verbs/smoke/measure.ts"
import { screenshot } from "../verbs/smoke/screenshot.ts"
import { selectBrowser, selectPromises, smoke } from "../verbs/smoke/smoke.ts"
import { openStocked } from "../verbs/store/open.ts"
import { SmokeReport } from "./smoke-report.ts"

/** The image that is asked for, labelled with its origin; no constructor, as Dagger would read the types of its arguments. */
export function imageOf(farm: Farm, request: Request, from: string, guest: Guest): Image {
  const origin = JSON.stringify(parseOrigin(JSON.parse(from)))
  return Object.assign(new Image(), { plan_: JSON.stringify(plan(farm.catalog, farm, request), null, 2), origin, ...guestOf(guest) })
}

/** One image of the farm: a distro's desktop for one platform. */
@object()
export class Image {
  private plan_: string
  private origin: string
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

  /**
   * Everything that decides what the image holds, as JSON.
   * `dagger call image --distro=bookworm plan`
   */
  @func()
  plan(): string {
    return this.plan_
  }

  /**
   * The image itself, to publish, export or open a terminal in.
   * `dagger call image --distro=bookworm container export --path=image.tar`
   */
  @func()
  async container(): Promise<Container> {
    return build(await this.farm(), this.parsed(), JSON.parse(this.origin) as Origin)
  }

  /**
   * Bytes of all its files, uncompressed.
   * `dagger call image --distro=bookworm size`
   */
  @func()
  async size(): Promise<number> {
    return size(await openLab(await this.farm(), this.parsed(), await this.container()))
  }

  /**
   * Boots the image and checks its promises, anew at every call.
   * `dagger call image --distro=bookworm smoke summary`
   * @param only Check these promises alone.
   * @param container Check this image in place of the farm's own, such as one that was built FROM it.
   * @param browser Look at its page in this browser; in Chromium by default.
   */
  @func({ cache: "never" })
  async smoke(only: string[] = [], container?: Container, browser?: Browser): Promise<SmokeReport> {
    const [farm, plan] = [await this.farm(), this.parsed()]
    const [asked, shownIn] = [selectPromises(plan, only), selectBrowser(plan, browser)]
    const image = () => (container ? ofPlatform(plan, "container", container, "checks it") : this.container())
    const { results, artifacts } = await smoke(farm, plan, await besideLab(farm, plan, shownIn, image), asked, shownIn)
    return new SmokeReport(JSON.stringify(results), artifacts)
  }

  /**
   * A PNG of the desktop a moment after its start.
   * `dagger call image --distro=bookworm screenshot --output=desktop.png`
   * @param size The size that its client asks for, WIDTHxHEIGHT, up to 3840x2160.
   */
  @func({ cache: "never" })
  async screenshot(size: string = "1280x720"): Promise<File> {
    return screenshot(await this.farm(), this.parsed(), () => this.container(), size)
  }

  /**
   * Measures how long its desktop takes to start, and its memory 60 s later, as JSON; boots anew at every call.
   * `dagger call image --distro=bookworm bench-boot`
   * @param count How often it is booted, one after the other: at least once.
   */
  @func({ cache: "never" })
  async benchBoot(count: number = 20): Promise<string> {
    return boots(await this.farm(), this.parsed(), () => this.container(), count)
  }

  /**
   * Measures what its VNC server sends a client while a picture moves on the desktop, as JSON: frames, bytes, the server's CPU
   * seconds and how often a second the picture moved; of KasmVNC also the output of its -selfBench. Measures anew at every call.
   * `dagger call image --distro=bookworm bench-frames`
   * @param seconds How long it measures: at least one.
   */
  @func({ cache: "never" })
  async benchFrames(seconds: number = 10): Promise<string> {
    return frames(await this.farm(), this.parsed(), () => this.container(), seconds)
  }

  /**
   * The distro's packages in the image with their versions, a line each.
   * `dagger call image --distro=bookworm packages`
   */
  @func()
  async packages(): Promise<string> {
    return inventory(this.parsed(), await this.container())
  }

  /**
   * A kVDI template for an image of the kvdi profile, to apply to a cluster.
   * `dagger call image --distro=bookworm --profile=kvdi kvdi-template --address=REGISTRY/helios-kvdi:bookworm`
   * @param address Where the cluster finds the image.
   */
  @func()
  kvdiTemplate(address: string): string {
    return kvdiTemplate(this.parsed(), address)
  }

  /**
   * The desktop as a page on port 3000, which asks the user helios for a password.
   * `dagger call image --distro=bookworm service --password=env:PASSWORD up`
   * @param password What the page asks for, 8 to 128 bytes.
   */
  @func({ cache: "never" })
  async service(password: Secret): Promise<Service> {
    await checkShown(this.parsed(), password)
    return desktop(await this.farm(), this.parsed(), await this.container(), password)
  }

  /**
   * An SPDX document of what is in the image: the distro's packages, every upstream built from source with its patches, npm's packages.
   * `dagger call image --distro=bookworm sbom --output=bookworm.spdx.json`
   * @param syft Finds the packages; common/tools.json names its version.
   */
  @func()
  async sbom(syft?: Container): Promise<File> {
    const time = (JSON.parse(this.origin) as Origin).created ?? EPOCH
    const bill = await spdxOf(await this.farm(), this.parsed(), await this.container(), { syft }, time)
    return dag.directory().withNewFile("spdx.json", bill).file("spdx.json")
  }

  /**
   * Known vulnerabilities that nothing answers; fails on critical and high ones that have a fix, and on any of what is built from source.
   * `dagger call image --distro=bookworm scan`
   * @param syft Finds the packages; common/tools.json names its version.
   * @param grype Finds their vulnerabilities; likewise.
   * @param database A database of grype's; it fetches the day's by default.
   * @param exceptions Accepted vulnerabilities, in place of common/release/exceptions.json.
   */
  @func({ cache: "never" })
  async scan(syft?: Container, grype?: Container, database?: File, exceptions?: File): Promise<string> {
    return scanReport(await this.farm(), this.parsed(), await this.container(), { syft, grype, database, exceptions })
  }

  /**
   * The differences to another image, such as the one in use: packages, files and sizes.
   * `dagger call image --distro=bookworm diff --from=REGISTRY/helios:unstable-bookworm`
   * @param from The other, older image.
   * @param all List every file, also those of packages that differ, of components and generated ones.
   */
  @func({ cache: "never" })
  async diff(from: Container, all: boolean = false): Promise<string> {
    return diff(await this.farm(), this.parsed(), from, () => this.container(), all)
  }

  /**
   * Every file with its owner, a line each, and the counts; fails if a file has no owner, or is a program among the generated ones.
   * `dagger call image --distro=bookworm files`
   */
  @func()
  async files(): Promise<string> {
    return files(await this.farm(), this.parsed(), await this.container())
  }

  private parsed(): Plan {
    return JSON.parse(this.plan_) as Plan
  }

  private farm(): Promise<Farm> {
    return openStocked(this)
  }
}
