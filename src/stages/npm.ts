import { type Container, type Directory, dag } from "@dagger.io/dagger"

/** Where node finds the script below. */
const LOGIN = "/proxy-login.cjs"

/** Debian 13's npm says a proxy's login as `auth`; what it asks the proxy by looks for `username` and `password`, and would ask without. */
const NAMED = `for (const [from, name] of [["http-proxy-agent", "HttpProxyAgent"], ["https-proxy-agent", "HttpsProxyAgent"]]) {
  const agents = require(from)
  agents[name] = class extends agents[name] {
    constructor(proxy, options) {
      super(proxy, options)
      if (!proxy.auth) return
      const [username, ...password] = proxy.auth.split(":")
      Object.assign(proxy, { username: encodeURIComponent(username), password: encodeURIComponent(password.join(":")) })
    }
  }
}
`

/**
 * Installs what a lock of ours names in a folder, each package by its integrity hash, running none of their scripts, from another registry than
 * npm's own if that is given.
 */
export function npmCi(container: Container, folder: string, lock: Directory, registry: string | undefined): Container {
  return container
    .withEnvVariable("NODE_EXTRA_CA_CERTS", "/etc/ssl/certs/ca-certificates.crt")
    .withMountedCache("/root/.npm", dag.cacheVolume("helios-npm"))
    .withWorkdir(folder)
    .withFile("package.json", lock.file("package.json"))
    .withFile("package-lock.json", lock.file("package-lock.json"))
    .withNewFile(LOGIN, NAMED)
    .withEnvVariable("NODE_OPTIONS", `--require=${LOGIN}`)
    .withExec(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", ...(registry ? [`--registry=${registry}`] : [])])
    .withoutEnvVariable("NODE_OPTIONS")
    .withoutFile(LOGIN)
}

/** An upstream's source over what is installed for it: our lock takes the place of its own, and a change of the source installs nothing anew. */
export function withSource(installed: Container, source: Directory): Container {
  return installed.withDirectory(".", source, { exclude: ["package.json", "package-lock.json"] })
}
