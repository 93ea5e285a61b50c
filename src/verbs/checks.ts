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

/** Types, style and shell scripts. */
export async function lint(farm: Farm, repository: Directory): Promise<Container> {
  return (await workshop(farm, repository)).withExec(["npm", "run", "check"])
}

/** The tests that need no engine. */
export async function tests(farm: Farm, repository: Directory): Promise<Container> {
  return (await workshop(farm, repository)).withExec(["npm", "run", "test:unit"])
}
