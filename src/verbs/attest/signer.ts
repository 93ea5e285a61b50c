import { randomUUID } from "node:crypto"
import { type Container, dag, type File, ReturnType, type Secret } from "@dagger.io/dagger"
import { cosignRefusal, KEY, type Means, NO_SERVICES, PUBLIC_KEY, SIGNING_CONFIG, signing, verifying } from "../../core/attest/cosign.ts"
import { predicatesOf } from "../../core/attest/predicates.ts"
import { FarmError } from "../../core/errors.ts"
import { refusal } from "../../core/registry/access.ts"
import { address, type Registry } from "../registry/registry.ts"

/** By whom images are signed. */
export interface Signing {
  /** cosign's private key, with its passphrase where it has one. */
  key?: Secret
  passphrase?: Secret
  /** The public one, where it is only checked. */
  publicKey?: File
  /** A regular expression of the workflow that signs, and where its runner gets its identity. */
  identity?: string
  oidcUrl?: string
  oidcToken?: Secret
}

/** What signs in a registry, and checks what was signed. */
export interface Signer {
  registry: Registry
  cosign: Container
  means: Means
}

/** Where attestations go, which nobody is to read in a log. */
const PRINTED = "/tmp/attested"

/** Images of such tools have a user of their own. */
const READABLE = { mode: 0o444 }

/** Makes ready to sign and to check, or only to check where there is no key; throws where there is nothing for it. */
export async function openSigner(registry: Registry, cosign: Container, by: Signing, isToSign: boolean): Promise<Signer> {
  const { key, passphrase, publicKey, identity, oidcUrl, oidcToken } = by
  const ways = [key, publicKey, identity].filter(Boolean).length
  if (ways > 1) throw new FarmError("signed: --key, --public-key and --identity exclude one another: expected one of them")
  if (!oidcUrl !== !oidcToken || (oidcUrl && !identity))
    throw new FarmError("signed: --oidc-url and --oidc-token go together, with --identity")
  if (!ways || (isToSign && !key && !oidcUrl))
    throw new FarmError(
      `nothing would ${isToSign ? "sign" : "verify"} it: put signed before it, ${isToSign ? "with --key=file:cosign.key (`cosign generate-key-pair` makes one)" : "with --public-key=cosign.pub"}, or with --identity as the release workflow has it`,
    )
  const { service, auth } = registry
  let container = (service ? cosign.withServiceBinding("registry", service) : cosign)
    .withMountedSecret("/run/docker/config.json", auth, READABLE)
    .withEnvVariable("DOCKER_CONFIG", "/run/docker")
    .withNewFile(SIGNING_CONFIG, NO_SERVICES)
  if (identity) {
    if (oidcUrl && oidcToken)
      container = container
        .withEnvVariable("ACTIONS_ID_TOKEN_REQUEST_URL", oidcUrl)
        .withSecretVariable("ACTIONS_ID_TOKEN_REQUEST_TOKEN", oidcToken)
    return { registry, cosign: container, means: { by: "identity", pattern: identity } }
  }
  if (publicKey) return { registry, cosign: container.withMountedFile(PUBLIC_KEY, publicKey), means: { by: "key" } }
  container = passphrase ? container.withSecretVariable("COSIGN_PASSWORD", passphrase) : container.withEnvVariable("COSIGN_PASSWORD", "")
  container = container.withMountedSecret(KEY, key as Secret, READABLE)
  const shown = container.withExec(["public-key", `--key=${KEY}`], { useEntrypoint: true, expect: ReturnType.Any })
  const pub = await (await done("--key", shown)).stdout()
  return { registry, cosign: container.withNewFile(PUBLIC_KEY, pub), means: { by: "key" } }
}

/** Signs a manifest or an index that lies in the registry. */
export async function sign(signer: Signer, image: string, digest: string): Promise<void> {
  await ask(signer, image, digest, (used) => ["sign", ...signing(signer.means), ...http(signer), used])
}

/** Attests something of a manifest in the registry: a predicate as JSON of one of in-toto's types. */
export async function attest(signer: Signer, image: string, digest: string, type: string, predicate: string): Promise<void> {
  const file = dag.directory().withNewFile("predicate.json", predicate).file("predicate.json")
  const ready = { ...signer, cosign: signer.cosign.withMountedFile("/predicate.json", file) }
  const options = [`--type=${type}`, "--predicate=/predicate.json"]
  await ask(ready, image, digest, (used) => ["attest", ...options, ...signing(signer.means), ...http(signer), used])
}

/** Throws where a manifest or index isn't signed. */
export async function checkSigned(signer: Signer, image: string, digest: string): Promise<void> {
  await ask(signer, image, digest, (used) => ["verify", ...verifying(signer.means), ...http(signer), used])
}

/** What is attested of a manifest by a type, the latest last; throws where nothing is that was signed. */
export async function attested(signer: Signer, image: string, digest: string, type: string): Promise<unknown[]> {
  const { shown, used } = address(signer.registry, image, digest)
  const args = ["verify-attestation", `--type=${type}`, ...verifying(signer.means), ...http(signer), `--output-file=${PRINTED}`, used]
  return predicatesOf(await (await run(signer.cosign, shown, args)).file(PRINTED).contents())
}

async function ask({ registry, cosign }: Signer, image: string, digest: string, args: (used: string) => string[]): Promise<void> {
  const { shown, used } = address(registry, image, digest)
  await run(cosign, shown, args(used))
}

/** Runs cosign, never from a cache, as a registry answers otherwise after a push. */
async function run(cosign: Container, what: string, args: string[]): Promise<Container> {
  return done(what, cosign.withEnvVariable("HELIOS_RUN", randomUUID()).withExec(args, { useEntrypoint: true, expect: ReturnType.Any }))
}

/** The container after cosign ran in it; throws one line for what went wrong. */
async function done(what: string, ran: Container): Promise<Container> {
  if ((await ran.exitCode()) === 0) return ran
  const stderr = await ran.stderr()
  throw cosignRefusal(what, stderr) ?? refusal(what, stderr)
}

function http({ registry: { service } }: Signer): string[] {
  return service ? ["--allow-http-registry"] : []
}
