import { type Container, type Directory, dag } from "@dagger.io/dagger"

/** websockify and noVNC, which show a VNC server as a page; noVNC is locked by its npm integrity hash. */
export function gateway(toolbox: Container, folder: Directory): Container {
  return toolbox
    .withEnvVariable("NODE_EXTRA_CA_CERTS", "/etc/ssl/certs/ca-certificates.crt")
    .withMountedCache("/root/.npm", dag.cacheVolume("helios-npm"))
    .withWorkdir("/gateway")
    .withFile("package.json", folder.file("package.json"))
    .withFile("package-lock.json", folder.file("package-lock.json"))
    .withExec(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"])
    .withFile("page/index.html", folder.file("index.html"))
    .withSymlink("../node_modules/@novnc/novnc", "page/novnc")
    .withFile("serve", folder.file("serve"), { permissions: 0o755 })
}
