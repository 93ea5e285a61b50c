import { type Container, type Directory, dag } from "@dagger.io/dagger"

/** Installs what a lock of ours names in a folder, each package by its integrity hash, running none of their scripts. */
export function npmCi(container: Container, folder: string, lock: Directory): Container {
  return container
    .withEnvVariable("NODE_EXTRA_CA_CERTS", "/etc/ssl/certs/ca-certificates.crt")
    .withMountedCache("/root/.npm", dag.cacheVolume("helios-npm"))
    .withWorkdir(folder)
    .withFile("package.json", lock.file("package.json"))
    .withFile("package-lock.json", lock.file("package-lock.json"))
    .withExec(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"])
}
