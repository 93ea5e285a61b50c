import { randomUUID } from "node:crypto"
import { type Container, dag, type File, ReturnType, type Secret } from "@dagger.io/dagger"
import {
  annotating,
  cosignError,
  identityPattern,
  KEY,
  type Means,
  NO_SERVICES,
  PUBLIC_KEY,
  SIGNING_CONFIG,
  signaturesOf,
  signedIn,
  signing,
  TRUSTED_ROOT,
  verifying,
} from "../../core/attest/cosign.ts"
import { predicatesOf } from "../../core/attest/predicates.ts"
import { assertSignsFor, assertSigstore, parseTrustRoot, type TrustRoot } from "../../core/attest/sigstore.ts"
import type { Workflow } from "../../core/attest/workflow.ts"
import { FarmError } from "../../core/errors.ts"
import { isUntagged, RegistryError, registryError } from "../../core/registry/answers.ts"
import { beside } from "../../stages/direct.ts"
import { inTurn } from "../registry/commands.ts"
import { NEARBY, type Reachable } from "../registry/skopeo.ts"
import { askWorkflow } from "./oidc.ts"
import type { Cleaner, Signer } from "./signer.ts"

/** The keys or the identity that images are signed with. */
export interface Signing {
  /** cosign's private key, and its passphrase if it has one. */
  key?: Secret
  passphrase?: Secret
  /** The public key, if signatures are only checked. */
  publicKey?: File
  /** A regular expression of the workflow that signs, and where its runner gets its identity token. */
  identity?: string
  oidcUrl?: string
  oidcToken?: Secret
  /** Who else than GitHub attests identities, and another Sigstore than the public one. */
  oidcIssuer?: string
  signingConfig?: File
  trustedRoot?: File
}

/** cosign as it is pulled, which is when it is needed. */
type Pulled = () => Promise<Container>

/** cosign with all that it needs to sign or to verify in a registry. */
interface Ready {
  registry: Reachable
  cosign: Container
  means: Means
  workflow?: Workflow
}

/** The file for attestations, which are too long for a log. */
const PRINTED = "/tmp/attested"

/** How long a registry may take to say what a tag names and by whom it is signed. */
const PATIENCE = "--timeout=75s"

/** The tools' images have a user of their own. */
const READABLE = { mode: 0o444 }

/** A signer with cosign behind it, or one that only verifies; throws if there is no key for it. */
export async function openSigner(registry: Reachable, cosign: Pulled, by: Signing, isToSign: boolean): Promise<Signer> {
  return behind(await ready(registry, cosign, by, isToSign))
}

/** What takes signatures and attestations away, with cosign behind it. */
export function openCleaner(registry: Reachable, cosign: Pulled): Cleaner {
  return {
    async clean(repository, digest) {
      const container = connected(registry, await cosign())
      const what = registry.address(repository, digest)
      const options = ["--type=referrer", "--force", ...insecure(registry)]
      const said = await (await run(container, what, ["clean", ...options, registry.reached(repository, digest)])).stderr()
      // It ends as if nothing had been when the registry refused.
      const [, refused] = said.match(/^could not delete .*:\n(.*)$/m) ?? []
      if (refused !== undefined) throw registryError(what, refused)
    },
  }
}

/** cosign where it reaches the registry, as the account. */
function connected({ service, auth }: Reachable, cosign: Container): Container {
  return (service ? beside(cosign, NEARBY, service) : cosign)
    .withMountedSecret("/run/docker/config.json", auth, READABLE)
    .withEnvVariable("DOCKER_CONFIG", "/run/docker")
}

const insecure = ({ service }: Reachable) => (service ? ["--allow-http-registry"] : [])

async function ready(registry: Reachable, cosign: Pulled, by: Signing, isToSign: boolean): Promise<Ready> {
  const { key, passphrase, publicKey, identity, oidcUrl, oidcToken } = by
  const ways = [key, publicKey, identity].filter(Boolean).length
  if (ways > 1) throw new FarmError("with-signing: --key, --public-key and --identity exclude one another: expected one of them")
  if (!oidcUrl !== !oidcToken || (oidcUrl && !identity))
    throw new FarmError("with-signing: --oidc-url and --oidc-token go together, with --identity")
  assertSigstore(by, isToSign)
  if (!ways || (isToSign && !key && !oidcUrl))
    throw new FarmError(
      isToSign
        ? "no signing key: add `with-signing --key=file:cosign.key` (`cosign generate-key-pair` makes one), or --identity as release.yml does"
        : "no key to verify with: add `with-signing --public-key=cosign.pub`, or --identity as release.yml does",
    )
  if (identity) identityPattern(identity)
  let container = connected(registry, await cosign())
  if (identity) {
    const { container: prepared, trust } = await withSigstore(container, by)
    const means = { by: "identity", pattern: identity, issuer: by.oidcIssuer || undefined, trust } as const
    if (!oidcUrl || !oidcToken) return { registry, cosign: prepared, means }
    container = prepared
      .withEnvVariable("ACTIONS_ID_TOKEN_REQUEST_URL", oidcUrl)
      .withSecretVariable("ACTIONS_ID_TOKEN_REQUEST_TOKEN", oidcToken)
    return { registry, cosign: container, means, workflow: await askWorkflow(oidcUrl, oidcToken) }
  }
  // As new files, which anybody in the container reads: cosign makes some of its own that their owner alone does.
  if (publicKey) return { registry, cosign: container.withNewFile(PUBLIC_KEY, await publicKey.contents()), means: { by: "key" } }
  container = passphrase ? container.withSecretVariable("COSIGN_PASSWORD", passphrase) : container.withEnvVariable("COSIGN_PASSWORD", "")
  container = container.withMountedSecret(KEY, key as Secret, READABLE).withNewFile(SIGNING_CONFIG, NO_SERVICES)
  const shown = container.withExec(["public-key", `--key=${KEY}`], { useEntrypoint: true, expect: ReturnType.Any })
  const pub = await (await done("--key", shown)).stdout()
  return { registry, cosign: container.withNewFile(PUBLIC_KEY, pub), means: { by: "key" } }
}

/** cosign with the files of a Sigstore of the caller's, and what its trust root has; the public one's come with cosign. */
async function withSigstore(
  cosign: Container,
  { signingConfig, trustedRoot }: Signing,
): Promise<{ container: Container; trust?: TrustRoot }> {
  if (!trustedRoot) return { container: cosign }
  const root = await trustedRoot.contents()
  const trust = parseTrustRoot(root)
  const container = cosign.withNewFile(TRUSTED_ROOT, root)
  if (!signingConfig) return { container, trust }
  const config = await signingConfig.contents()
  assertSignsFor(trust, config)
  return { container: container.withNewFile(SIGNING_CONFIG, config), trust }
}

function behind({ registry, cosign, means, workflow }: Ready): Signer {
  const http = insecure(registry)
  const ask = (container: Container, repository: string, reference: string, args: string[]) =>
    run(container, registry.address(repository, reference), [...args, ...http, registry.reached(repository, reference)])
  return {
    means,
    workflow,
    async sign(repository, digest, as) {
      await ask(cosign, repository, digest, ["sign", ...(as ? annotating(as) : []), ...signing(means)])
    },
    async attest(repository, digest, type, predicate) {
      const file = dag.directory().withNewFile("predicate.json", predicate).file("predicate.json")
      const options = [`--type=${type}`, "--predicate=/predicate.json"]
      await ask(cosign.withMountedFile("/predicate.json", file), repository, digest, ["attest", ...options, ...signing(means)])
    },
    async signatures(repository, digest) {
      const asked = await ask(cosign, repository, digest, ["verify", "--output=json", ...verifying(means)])
      return signaturesOf(registry.address(repository, digest), await asked.stdout())
    },
    async signedUnder(repository, tag) {
      try {
        const asked = await ask(cosign, repository, tag, ["verify", "--output=json", PATIENCE, ...verifying(means)])
        return signedIn(registry.address(repository, tag), await asked.stdout())
      } catch (cause) {
        if (cause instanceof RegistryError && isUntagged(cause.said)) return undefined
        throw cause
      }
    },
    async attestations(repository, digest, type) {
      const options = [`--type=${type}`, `--output-file=${PRINTED}`]
      const asked = await ask(cosign, repository, digest, ["verify-attestation", ...options, ...verifying(means)])
      return predicatesOf(await asked.file(PRINTED).contents())
    },
  }
}

/** Runs cosign uncached, as a push changes what a registry answers. */
async function run(cosign: Container, what: string, args: string[]): Promise<Container> {
  return inTurn(() =>
    done(what, cosign.withEnvVariable("HELIOS_RUN", randomUUID()).withExec(args, { useEntrypoint: true, expect: ReturnType.Any })),
  )
}

/** The container after cosign ran in it; throws one line if that failed. */
async function done(what: string, ran: Container): Promise<Container> {
  if ((await ran.exitCode()) === 0) return ran
  const stderr = await ran.stderr()
  const ofRegistry = registryError(what, stderr)
  throw ofRegistry.kind === "limited" ? ofRegistry : (cosignError(what, stderr) ?? ofRegistry)
}
