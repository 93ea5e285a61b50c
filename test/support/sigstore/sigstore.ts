import { generateKeyPairSync } from "node:crypto"
import { mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { execa } from "execa"
import { MINUTE, need, room, until } from "../farm.ts"
import { type Issuer, startIssuer } from "./issuer.ts"
import { freePorts } from "./ports.ts"

/** Sigstore's own servers, in the versions that cosign's go.mod names where it does, and the newest that this Go compiles. */
const MODULES = {
  fulcio: ["github.com/sigstore/fulcio", "v1.8.8"],
  posix: ["github.com/sigstore/rekor-tiles/v2/cmd/rekor-server/posix", "v2.3.0"],
  "timestamp-server": ["github.com/sigstore/timestamp-authority/v2/cmd/timestamp-server", "v2.1.2"],
} as const

/** A Sigstore of this machine's, without a log of certificates. */
export interface Sigstore {
  issuer: Issuer
  /** What `with-signing` takes: where it is, and what it is known by. */
  signingConfig: string
  trustedRoot: string
  close(): Promise<void>
}

let built: Promise<string> | undefined

/** The folder of its servers, compiled from their Go modules; the first time that takes minutes. */
function serversBuilt(): Promise<string> {
  const build = async () => {
    await need("go", ["golang-go"])
    const bin = room()
    const env = { CGO_ENABLED: "0", GOBIN: bin, GOFLAGS: "-mod=mod -trimpath -ldflags=-s" }
    for (const [path, version] of Object.values(MODULES))
      await execa("go", ["install", `${path}@${version}`], { env, timeout: 30 * MINUTE })
    return bin
  }
  built ??= build()
  return built
}

/**
 * Starts fulcio, rekor and a timestamp authority on one of this machine's addresses, with an issuer of identities that fulcio believes; one at
 * a time, as the authority's metrics always have port 2112.
 */
export async function startSigstore(cosign: string, host = "127.0.0.1"): Promise<Sigstore> {
  const bin = await serversBuilt()
  const folder = room()
  const file = (name: string, text: string) => {
    writeFileSync(join(folder, name), text)
    return join(folder, name)
  }
  const issuer = await startIssuer(host)
  const ports = await freePorts(7, host)
  const [ca, log, tsa] = ports.map((port) => `http://${host}:${port}`) as [string, string, string]
  const [caPort, logPort, tsaPort, ...inner] = ports.map(String)

  const ended = new AbortController()
  const running = [] as Promise<unknown>[]
  const start = (name: keyof typeof MODULES, args: string[]) => {
    const log = { file: join(folder, `${name}.log`) }
    const options = { cwd: folder, reject: false, stdout: log, stderr: log, cancelSignal: ended.signal, forceKillAfterDelay: 2000 } as const
    running.push(execa(join(bin, name), ["serve", ...args], options))
  }

  const believed = { [issuer.address]: { IssuerURL: issuer.address, ClientID: "sigstore", Type: "github-workflow" } }
  // By gRPC it is its own HTTP that asks, on loopback.
  start("fulcio", [
    "--ca=ephemeralca",
    "--ct-log-url=",
    `--config-path=${file("fulcio.json", JSON.stringify({ OIDCIssuers: believed }))}`,
    ...[`--host=${host}`, `--port=${caPort}`, `--grpc-host=127.0.0.1`, `--grpc-port=${inner[0]}`, `--metrics-port=${inner[1]}`],
    `--legacy-unix-domain-socket=${join(folder, "fulcio.socket")}`,
  ])
  const { privateKey, publicKey } = generateKeyPairSync("ed25519")
  mkdirSync(join(folder, "log"))
  start("posix", [
    `--hostname=${host}`,
    `--storage-dir=${join(folder, "log")}`,
    `--signer-filepath=${file("log.key", String(privateKey.export({ type: "pkcs8", format: "pem" })))}`,
    ...[`--http-address=${host}`, `--http-port=${logPort}`, `--grpc-address=${host}`, `--grpc-port=${inner[2]}`],
    ...[`--http-metrics-port=${inner[3]}`, "--checkpoint-interval=1s", "--batch-max-age=100ms"],
  ])
  start("timestamp-server", [`--host=${host}`, `--port=${tsaPort}`, "--timestamp-signer=memory", "--disable-ntp-monitoring"])

  const asked = async (url: string) => {
    const answer = await fetch(url)
    if (!answer.ok) throw new Error(`${url}: ${answer.status}`)
    return answer.text()
  }
  const has = (what: string, url: string) => until(what, 60, () => asked(url))
  const bundle = JSON.parse(await has("fulcio answers", `${ca}/api/v2/trustBundle`)) as { chains: { certificates: string[] }[] }
  const chain = file("ca.pem", (bundle.chains[0]?.certificates ?? []).join("\n"))
  const stamps = file("tsa.pem", await has("the timestamp authority answers", `${tsa}/api/v1/timestamp/certchain`))
  await has("rekor answers", `${log}/healthz`)

  const since = `start-time=${new Date(Date.now() - MINUTE).toISOString().replace(/\.\d+Z/, "Z")}`
  const key = file("log.pub", String(publicKey.export({ type: "spki", format: "pem" })))
  const [trustedRoot, signingConfig] = [join(folder, "trusted_root.json"), join(folder, "signing_config.json")]
  await execa(cosign, [
    ...["trusted-root", "create", `--out=${trustedRoot}`, `--fulcio=url=${ca},certificate-chain=${chain}`],
    ...[`--rekor=url=${log},public-key=${key},origin=${host},${since}`, `--tsa=url=${tsa},certificate-chain=${stamps}`],
  ])
  const service = (url: string, version: number) => `url=${url},api-version=${version},operator=test,${since}`
  await execa(cosign, [
    ...[
      "signing-config",
      "create",
      `--out=${signingConfig}`,
      `--fulcio=${service(ca, 1)}`,
      `--oidc-provider=${service(issuer.address, 1)}`,
    ],
    ...[`--rekor=${service(log, 2)}`, "--rekor-config=ANY", `--tsa=${service(`${tsa}/api/v1/timestamp`, 1)}`, "--tsa-config=ANY"],
  ])
  const close = async () => {
    ended.abort()
    await Promise.all(running)
    issuer.close()
  }
  return { issuer, signingConfig, trustedRoot, close }
}
