import { createSign, generateKeyPairSync, randomUUID } from "node:crypto"
import type { RequestListener } from "node:http"
import { listen } from "../upstreams/served.ts"

/** A run of a workflow, as far as its token tells. */
export interface Run {
  /** OWNER/NAME. */
  repository: string
  /** The workflow's file, such as release.yml. */
  workflow: string
  ref: string
  sha: string
}

/** An issuer of identities, which is to a workflow's run what GitHub is. */
export interface Issuer {
  /** What its tokens have in iss. */
  address: string
  /** What a runner has of it in its environment. */
  environment: { ACTIONS_ID_TOKEN_REQUEST_URL: string; ACTIONS_ID_TOKEN_REQUEST_TOKEN: string }
  /** The run that asks from now on. */
  runs(run: Run): void
  close(): void
}

const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url")

/** The claims that Fulcio takes from a token of GitHub's. */
function claimsOf({ repository, workflow, ref, sha }: Run, audience: string | null) {
  const path = `${repository}/.github/workflows/${workflow}@${ref}`
  return {
    aud: audience,
    sub: `repo:${repository}:ref:${ref}`,
    job_workflow_ref: path,
    job_workflow_sha: sha,
    workflow_ref: path,
    workflow_sha: sha,
    workflow,
    repository,
    repository_id: "1",
    repository_owner: repository.split("/")[0],
    repository_owner_id: "2",
    repository_visibility: "public",
    ref,
    sha,
    event_name: "push",
    runner_environment: "github-hosted",
    run_id: "3",
    run_attempt: "1",
  }
}

/** Starts an issuer on one of this machine's addresses: OpenID's discovery, its key, and the tokens that runners ask GitHub for. */
export async function startIssuer(host: string): Promise<Issuer> {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 })
  const secret = randomUUID()
  let running: Run | undefined
  let address = ""

  const token = (audience: string | null) => {
    const now = Math.floor(Date.now() / 1000)
    const times = { iat: now, nbf: now, exp: now + 300, jti: randomUUID() }
    const signed = `${encoded({ alg: "RS256", kid: "1" })}.${encoded({ iss: address, ...times, ...claimsOf(running as Run, audience) })}`
    return `${signed}.${createSign("RSA-SHA256").update(signed).sign(privateKey, "base64url")}`
  }

  const answer: RequestListener = (request, response) => {
    const { pathname, searchParams } = new URL(request.url as string, address)
    const says = (value: unknown) => response.setHeader("content-type", "application/json").end(JSON.stringify(value))
    if (pathname === "/.well-known/openid-configuration")
      return says({
        issuer: address,
        jwks_uri: `${address}/keys`,
        response_types_supported: ["id_token"],
        subject_types_supported: ["public"],
        id_token_signing_alg_values_supported: ["RS256"],
      })
    if (pathname === "/keys") return says({ keys: [{ ...publicKey.export({ format: "jwk" }), kid: "1", use: "sig", alg: "RS256" }] })
    if (pathname !== "/token") return response.writeHead(404).end()
    const isAllowed = request.headers.authorization?.toLowerCase() === `bearer ${secret}`
    return isAllowed ? says({ value: token(searchParams.get("audience")) }) : response.writeHead(401).end()
  }

  const { port, close } = await listen(answer, host)
  address = `http://${host}:${port}`
  const environment = {
    ACTIONS_ID_TOKEN_REQUEST_URL: `${address}/token?api-version=2.0`,
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: secret,
  }
  const runs = (run: Run) => {
    running = run
  }
  return { address, environment, runs, close }
}
