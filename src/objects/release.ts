import type { Container, Directory, File, Platform, Secret, Service, Socket } from "@dagger.io/dagger"
import { func, object } from "@dagger.io/dagger"
import { formatTargets } from "../core/release/outcome.ts"
import { restrictPlan } from "../core/release/supported.ts"
import { joined, outdated, promoted, proven, pruned, published, reported, rolledBack, verified } from "../verbs/release/carry-out.ts"
import { datedPlan, type ReleaseInputs } from "../verbs/release/context.ts"

/** The images that a git ref publishes, and the registry that they go to. */
@object()
export class Release {
  plan: string
  password?: Secret
  extra?: Directory
  bases?: File
  archives?: File
  gitConfig?: Secret
  ssh?: Socket
  storeAt?: string
  storeKey?: File
  storeLogin?: Secret
  storeLocal?: Service
  key?: Secret
  passphrase?: Secret
  publicKey?: File
  identity?: string
  oidcUrl?: string
  oidcToken?: Secret
  signingConfig?: File
  trustedRoot?: File
  oidcIssuer?: string
  cosign?: Container
  syft?: Container
  grype?: Container
  database?: File
  exceptions?: File
  local?: Service
  zstd?: boolean
  /**
   * Restricts the release to some images. `dagger call release --ref=main --commit=$(git rev-parse HEAD) --repository=ghcr.io/OWNER only --distro=bookworm --profile=kvdi publish`
   * @param distro These distros; all by default.
   * @param profile These profiles; all by default.
   * @param init These inits; all by default.
   */
  @func()
  only(distro: string[] = [], profile: string[] = [], init: string[] = []): Release {
    return Object.assign(this, { plan: JSON.stringify(restrictPlan(JSON.parse(this.plan), { distro, profile, init })) })
  }

  /**
   * Signs with a key of cosign's, or as a workflow of GitHub's; to verify and to roll back, --public-key or --identity is enough.
   * `dagger call release --ref=main --commit=$(git rev-parse HEAD) --repository=ghcr.io/OWNER with-signing --key=file:cosign.key publish`
   * @param key The private key, such as file:cosign.key or env:COSIGN_PRIVATE_KEY.
   * @param passphrase Of the key, such as env:COSIGN_PASSWORD; none by default.
   * @param publicKey The public key, if nothing is signed.
   * @param identity A regular expression of the workflow that signs and its refs: ^https://github\.com/OWNER/REPOSITORY/\.github/workflows/release\.yml@refs/heads/main$
   * @param oidcUrl Where that workflow's runner gets its identity: $ACTIONS_ID_TOKEN_REQUEST_URL.
   * @param oidcToken What it shows there: env:ACTIONS_ID_TOKEN_REQUEST_TOKEN.
   * @param signingConfig Where a Sigstore of your own is, as `cosign signing-config create` writes it; the public one by default.
   * @param trustedRoot Its keys and certificates, as `cosign trusted-root create` writes them; to verify, these are enough.
   * @param oidcIssuer Who attests the workflow, as certificates have it; https://token.actions.githubusercontent.com by default.
   */
  @func()
  withSigning(
    key?: Secret,
    passphrase?: Secret,
    publicKey?: File,
    identity?: string,
    oidcUrl?: string,
    oidcToken?: Secret,
    signingConfig?: File,
    trustedRoot?: File,
    oidcIssuer?: string,
  ): Release {
    return Object.assign(this, { key, passphrase, publicKey, identity, oidcUrl, oidcToken, signingConfig, trustedRoot, oidcIssuer })
  }

  /**
   * Takes tools of your own, such as copies in a closed network, each with its program as entrypoint; a registry on this machine; zstd.
   * `dagger call release --ref=main --commit=$(git rev-parse HEAD) --repository=127.0.0.1:5000/PATH with-tools --local=tcp://127.0.0.1:5000 --database=db.tar.zst publish`
   */
  @func()
  withTools(
    /** Signs and verifies; common/tools.json names the versions of all three. */ cosign?: Container,
    /** Finds the packages in an image. */ syft?: Container,
    /** Finds their vulnerabilities. */ grype?: Container,
    /** A database of grype's; it fetches the day's by default. */ database?: File,
    /** Accepted vulnerabilities, in place of common/release/exceptions.json. */ exceptions?: File,
    /** The registry itself, if only this machine reaches it: tcp://127.0.0.1:5000, by plain HTTP. */ local?: Service,
    /** Compress layers by zstd, which is smaller, in place of gzip, which every client reads. */ zstd: boolean = false,
  ): Release {
    return Object.assign(this, { cosign, syft, grype, database, exceptions, local, zstd })
  }

  /**
   * Lists what would be published: each tag, the immutable tag beside it, and the platforms; one line if that is nothing.
   * `dagger call release --ref=refs/tags/v1.2.3 --commit=$(git rev-parse HEAD) --repository=ghcr.io/OWNER tags`
   */
  @func({ cache: "never" })
  tags(): string {
    return formatTargets(this.inputs().plan)
  }

  /**
   * Builds, scans, pushes by digest, pulls, smoke-tests, signs, joins and tags; prints a line per tag, as an error if one failed.
   * `dagger call release --ref=refs/heads/main --commit=$(git rev-parse HEAD) --repository=ghcr.io/OWNER --username=NAME --password=env:TOKEN with-signing --key=file:cosign.key publish`
   */
  @func({ cache: "never" })
  async publish(): Promise<string> {
    return published(this.inputs())
  }

  /**
   * Builds, pushes and smoke-tests the images of one platform, without tags; `join` combines the results of several machines.
   * `dagger call release --ref=main --commit=$(git rev-parse HEAD) --repository=ghcr.io/OWNER prove --platform=linux/arm64 --output=arm64.json`
   * @param platform The platform; the engine's own by default.
   */
  @func({ cache: "never" })
  async prove(platform?: Platform): Promise<string> {
    return proven(this.inputs(), platform)
  }

  /**
   * Joins the results of `prove` to indexes, and tags them; an index that lacks a platform isn't tagged.
   * `dagger call release --ref=main --commit=$(git rev-parse HEAD) --repository=ghcr.io/OWNER join --proven=amd64.json,arm64.json`
   * @param proven What each `prove` returned.
   */
  @func({ cache: "never" })
  async join(proven: File[]): Promise<string> {
    return joined(this.inputs(), proven)
  }

  /**
   * Tags and signs what another channel has of --commit, by digest, without building; its SBOM is scanned anew. What that channel doesn't
   * have is told and no failure: the exit code is of what was refused.
   * `dagger call release --ref=refs/tags/v1.2.3 --commit=$(git rev-parse HEAD) --repository=ghcr.io/OWNER with-signing --key=file:cosign.key promote`
   * @param from The channel: testing or unstable.
   */
  @func({ cache: "never" })
  async promote(from: string = "testing"): Promise<string> {
    return promoted(this.inputs(), from)
  }

  /**
   * Points the ref's tags at the index before their current one, if that was signed as theirs; its SBOM is scanned anew.
   * `dagger call release --ref=refs/heads/main --commit=$(git rev-parse HEAD) --repository=ghcr.io/OWNER with-signing --public-key=cosign.pub rollback`
   */
  @func({ cache: "never" })
  async rollback(): Promise<string> {
    return rolledBack(this.inputs())
  }

  /**
   * Deletes the channel's immutable tags beyond the last ones of each tag, with what hangs on them; never what a tag or a rollback needs.
   * `dagger call release --ref=refs/heads/main --commit=$(git rev-parse HEAD) --repository=ghcr.io/OWNER prune --keep=3`
   * @param keep How many stay.
   * @param dryRun Only tell what would be deleted.
   */
  @func({ cache: "never" })
  async prune(keep: number, dryRun: boolean = true): Promise<string> {
    return pruned(this.inputs(), keep, dryRun)
  }

  /**
   * Lists, in `matrix` format, the images that need rebuilding: missing, built from another commit, or with packages that an upgrade would
   * replace. The archives are asked for each platform, by the image's own package manager and without emulation.
   * `dagger call release --ref=refs/heads/main --commit=$(git rev-parse HEAD) --repository=ghcr.io/OWNER stale`
   */
  @func({ cache: "never" })
  async stale(): Promise<string> {
    return outdated(this.inputs())
  }

  /**
   * Verifies that what the tags name was signed as them, of --commit: signatures, SBOM, provenance, scan and tests, and every blob.
   * `dagger call release --ref=main --commit=$(git rev-parse HEAD) --repository=ghcr.io/OWNER with-signing --public-key=cosign.pub verify`
   */
  @func({ cache: "never" })
  async verify(): Promise<string> {
    return verified(this.inputs({ isToRead: true }))
  }

  /**
   * The release's report of what is in the registry, verified: report.md, report.html, sizes.svg, desktops/; summary.md has no pictures.
   * `dagger call release --ref=v1.2.3 --commit=$(git rev-parse HEAD) --repository=ghcr.io/OWNER with-signing --public-key=cosign.pub report --output=report`
   */
  @func({ cache: "never" })
  async report(): Promise<Directory> {
    return reported(this.inputs({ isToRead: true }))
  }

  /** Dated only now, so that the calls before this one are the same next time, and their answers come from a cache. */
  private inputs(how?: Parameters<typeof datedPlan>[1]): ReleaseInputs {
    return { ...this, plan: datedPlan(this.plan, how) }
  }
}
