import { type Directory, dag, type File, func, object, type Secret, type Service } from "@dagger.io/dagger"
import { channel, type Order, type Publication, selected } from "../core/channels.ts"
import { FarmError } from "../core/errors.ts"
import { provenOf } from "../core/proven.ts"
import { type Published, report } from "../core/published.ts"
import { table } from "../core/table.ts"
import { concerned } from "../verbs/concerned.ts"
import { openFarm } from "../verbs/farm.ts"
import { promote } from "../verbs/promote.ts"
import { join, prove, publish, type Train } from "../verbs/publish.ts"
import { openRegistry } from "../verbs/registry.ts"
import { rollback } from "../verbs/rollback.ts"

/** What a git ref publishes, and where. */
@object()
export class Release {
  private order: string
  private username?: string
  private password?: Secret
  private local?: Service
  private distros?: Directory
  private mirror?: string

  constructor(order: string, username?: string, password?: Secret, local?: Service, distros?: Directory, mirror?: string) {
    this.order = order
    this.username = username
    this.password = password
    this.local = local
    this.distros = distros
    this.mirror = mirror
  }

  /**
   * The same for some images alone.
   * `dagger call release --ref=main --commit=$(git rev-parse HEAD) --repository=ghcr.io/OWNER only --distro=bookworm --profile=kvdi publish`
   *
   * @param distro These distros; all by default.
   * @param profile These profiles; all by default.
   * @param init These inits; all by default.
   */
  @func()
  only(distro: string[] = [], profile: string[] = [], init: string[] = []): Release {
    const { publications, ...order } = this.parsed()
    const chosen = JSON.stringify({ ...order, publications: selected(publications, { distro, profile, init }) })
    return new Release(chosen, this.username, this.password, this.local, this.distros, this.mirror)
  }

  /**
   * What would be published, a line each: the tag that moves, the twin that stays, and the platforms; one line when it is nothing.
   * `dagger call release --ref=refs/tags/v1.2.3 --commit=$(git rev-parse HEAD) --repository=ghcr.io/OWNER tags`
   */
  @func()
  tags(): string {
    const { ref, repository, publications } = this.parsed()
    if (!publications.length) return `${ref} publishes nothing: main, testing and tags such as v1.2.3 do\n`
    const lines = publications.map((one) => [`${repository}/${one.repository}:${one.tag}`, one.twin, one.platforms.join(", ")])
    return `${table([["TAG", "TWIN", "PLATFORMS"], ...lines])}\n`
  }

  /**
   * Builds, uploads by digest, pulls, smoke-tests, joins and tags; a line for each tag, and an error that has them all when one failed.
   * `dagger call release --ref=refs/heads/main --commit=$(git rev-parse HEAD) --repository=ghcr.io/OWNER --username=NAME --password=env:TOKEN publish`
   */
  @func({ cache: "never" })
  async publish(): Promise<string> {
    return this.done((train, all) => publish(train, all))
  }

  /**
   * Proves the images of one platform and tags nothing: what it returns is for `join`, so that each platform has a machine of its own.
   * `dagger call release --ref=main --commit=$(git rev-parse HEAD) --repository=ghcr.io/OWNER prove --platform=linux/arm64 --output=arm64.json`
   *
   * @param platform The platform; the engine's own by default.
   */
  @func({ cache: "never" })
  async prove(platform?: string): Promise<string> {
    const wanted = platform ?? (await dag.defaultPlatform())
    return JSON.stringify(await prove(await this.train(), this.parsed().publications, wanted), null, 2)
  }

  /**
   * Joins what `prove` left on several machines, and tags it; an index that lacks a platform isn't tagged.
   * `dagger call release --ref=main --commit=$(git rev-parse HEAD) --repository=ghcr.io/OWNER join --proven=amd64.json,arm64.json`
   *
   * @param proven What each `prove` returned.
   */
  @func({ cache: "never" })
  async join(proven: File[]): Promise<string> {
    const all = provenOf(await Promise.all(proven.map((file) => file.contents())))
    return this.done(({ registry }, publications) => join(registry, publications, all))
  }

  /**
   * Tags what another channel holds, by digest: nothing is built again. What it holds must have been built from --commit.
   * `dagger call release --ref=refs/tags/v1.2.3 --commit=$(git rev-parse HEAD) --repository=ghcr.io/OWNER promote`
   *
   * @param from The channel: testing or unstable.
   */
  @func({ cache: "never" })
  async promote(from: string = "testing"): Promise<string> {
    return this.done(({ registry, commit }, all) => promote(registry, commit, all, channel(from)))
  }

  /**
   * Moves the ref's tags back to what they named before.
   * `dagger call release --ref=refs/heads/main --commit=$(git rev-parse HEAD) --repository=ghcr.io/OWNER rollback`
   */
  @func({ cache: "never" })
  async rollback(): Promise<string> {
    return this.done(({ registry }, all) => rollback(registry, all))
  }

  /**
   * The images, as `matrix` tells them, that would be others if they were built now: not there, of another commit, or with packages that
   * the archives have newer. Each published image is asked by its own package manager, on the first of its platforms alone.
   * `dagger call release --ref=refs/heads/main --commit=$(git rev-parse HEAD) --repository=ghcr.io/OWNER concerned`
   */
  @func({ cache: "never" })
  async concerned(): Promise<string> {
    const { publications } = this.parsed()
    return JSON.stringify(publications.length ? await concerned(await this.train(), publications) : [])
  }

  private async done(work: (train: Train, all: Publication[]) => Promise<Published[]>): Promise<string> {
    const { repository, publications } = this.parsed()
    if (!publications.length) return this.tags()
    const all = await work(await this.train(), publications)
    const told = report(repository, all)
    if (all.some(({ state }) => state === "failed")) throw new FarmError(told)
    return `${told}\n`
  }

  private async train(): Promise<Train> {
    const { repository, commit, time, asOf } = this.parsed()
    const farm = await openFarm({ distros: this.distros, mirror: this.mirror })
    const access = { repository, username: this.username, password: this.password, service: this.local }
    return { farm, registry: await openRegistry(farm, access), commit, today: time.slice(0, 10), asOf }
  }

  private parsed(): Order {
    return JSON.parse(this.order) as Order
  }
}
