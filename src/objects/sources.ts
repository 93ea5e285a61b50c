import { type Changeset, type Directory, dag, func, object } from "@dagger.io/dagger"
import { type Farm, farmText, openFarm } from "../verbs/farm.ts"
import { list, mirror, type OutdatedRow, outdated, type SourceRow, update } from "../verbs/sources.ts"

/** What images are made from: every upstream by commit, every base image by digest. */
@object()
export class Sources {
  private from?: string

  constructor(from?: string) {
    this.from = from
  }

  /**
   * Everything that sources.lock.json pins.
   * `dagger call sources list name`
   */
  @func()
  async list(): Promise<SourceRow[]> {
    return list(await this.farm())
  }

  /**
   * The upstreams that have something newer than their pin; asked anew at every call.
   * `dagger call sources outdated name`
   */
  @func({ cache: "never" })
  async outdated(): Promise<OutdatedRow[]> {
    return outdated(await this.farm())
  }

  /**
   * The lock with today's newest commits and digests, as a change to sources.lock.json.
   * `dagger call sources update`
   */
  @func({ cache: "never" })
  async update(): Promise<Changeset> {
    const before = dag.directory().withNewFile("sources.lock.json", farmText("sources.lock.json"))
    return before.withNewFile("sources.lock.json", await update(await this.farm())).changes(before)
  }

  /**
   * Bare repositories with every pinned commit, for networks that don't reach the upstreams.
   * `dagger call sources mirror export --path=mirror`, then `git daemon --export-all --base-path=mirror` and `--mirror=git://HOST`
   */
  @func()
  async mirror(): Promise<Directory> {
    return mirror(await this.farm())
  }

  private farm(): Promise<Farm> {
    return openFarm({ mirror: this.from })
  }
}
