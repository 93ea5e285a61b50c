import { type Changeset, type Directory, dag, type File, func, object, type Secret, type Socket } from "@dagger.io/dagger"
import { type Farm, farmText, type Guest, openFarm } from "../verbs/farm.ts"
import { changes } from "../verbs/sources/changes.ts"
import { list, mirror, outdated, update } from "../verbs/sources/sources.ts"
import { today } from "../verbs/today.ts"

/** The upstreams as a caller reaches them. */
export function sourcesOf({ bases, archives, mirror, gitConfig, ssh }: Guest): Sources {
  return Object.assign(new Sources(), { bases, archives, from: mirror, gitConfig, ssh })
}

/** What images are made from: every upstream by commit, every base image by digest. */
@object()
export class Sources {
  private from?: string
  bases?: File
  archives?: File
  gitConfig?: Secret
  ssh?: Socket

  /**
   * Everything that sources.lock.json pins, a line each: name, tag or branch, commit or digest, and repository.
   * `dagger call sources list`
   */
  @func()
  async list(): Promise<string> {
    return list(await this.farm())
  }

  /**
   * A line for each upstream with something newer than its pin, and their number; asks anew at every call.
   * `dagger call sources outdated`
   */
  @func({ cache: "never" })
  async outdated(): Promise<string> {
    return outdated(await this.farm())
  }

  /**
   * The newest commits as a change to sources.lock.json, which is shown and applied if you confirm it.
   * `dagger call sources update`, `dagger call -y sources update` where nobody is asked, `… update as-patch contents` to read it
   *
   * @param images Pin the base images' digests of today as well. Only with an engine that reaches a real registry: the embedded
   *   engine's bases are stand-ins with digests of their own.
   */
  @func({ cache: "never" })
  async update(images = false): Promise<Changeset> {
    const before = dag.directory().withNewFile("sources.lock.json", farmText("sources.lock.json"))
    return before.withNewFile("sources.lock.json", await update(await this.farm(), images)).changes(before)
  }

  /**
   * Bare repositories with every pinned commit, for networks that don't reach the upstreams.
   * `dagger call sources mirror export --path=mirror`, then `git daemon --export-all --base-path=mirror` and `--mirror=git://HOST`
   */
  @func()
  async mirror(): Promise<Directory> {
    return mirror(await this.farm())
  }

  /**
   * The changes since an earlier lock, as Markdown: from where to where, with a link to compare and the number of commits.
   * `git show HEAD~1:sources.lock.json >before.json`, then `dagger call sources changes --since=before.json`
   *
   * @param since The earlier sources.lock.json.
   * @param reports Smoke tests' reports, in a folder DISTRO-PROFILE-INIT-ARCHITECTURE for each image, to add their counts.
   */
  @func()
  async changes(since: File, reports?: Directory): Promise<string> {
    return changes(await this.farm(), await since.contents(), today(), reports)
  }

  private farm(): Promise<Farm> {
    return openFarm({ bases: this.bases, archives: this.archives, mirror: this.from, gitConfig: this.gitConfig, ssh: this.ssh })
  }
}
