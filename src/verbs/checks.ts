import { type Container, type Directory, dag } from "@dagger.io/dagger"
import type { Farm } from "./farm.ts"
import { tool } from "./toolbox.ts"

/** The farm's repository with its own tools and locked npm packages, to run its checks in. */
async function workshop(farm: Farm, repository: Directory): Promise<Container> {
  return (await tool(farm, "checks"))
    .withEnvVariable("NODE_EXTRA_CA_CERTS", "/etc/ssl/certs/ca-certificates.crt")
    .withMountedCache("/root/.npm", dag.cacheVolume("helios-npm"))
    .withWorkdir("/farm")
    .withFile("package.json", repository.file("package.json"))
    .withFile("package-lock.json", repository.file("package-lock.json"))
    .withExec(["npm", "ci", "--no-audit", "--no-fund"])
    .withDirectory(".", repository)
}

/** A container in which types, style, layers and shell scripts were checked; its build fails if one isn't clean. */
export async function lint(farm: Farm, repository: Directory): Promise<Container> {
  return (await workshop(farm, repository)).withExec(["npm", "run", "check"])
}

/** A container in which the tests that need no engine have passed. */
export async function tests(farm: Farm, repository: Directory): Promise<Container> {
  return (await workshop(farm, repository)).withExec(["npm", "run", "test:unit"])
}
