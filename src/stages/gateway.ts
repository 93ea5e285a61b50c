import type { Container, Directory } from "@dagger.io/dagger"
import { npmCi } from "./npm.ts"

/** nginx, websockify and noVNC, which show a VNC server as a page behind a password; noVNC is locked by its npm integrity hash. */
export function gateway(toolbox: Container, folder: Directory, registry: string | undefined): Container {
  return npmCi(toolbox, "/gateway", folder, registry)
    .withFile("page/index.html", folder.file("index.html"))
    .withSymlink("../node_modules/@novnc/novnc", "page/novnc")
    .withFile("nginx.conf", folder.file("nginx.conf"))
    .withFile("serve", folder.file("serve"), { permissions: 0o755 })
}
