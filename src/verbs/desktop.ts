import { randomInt } from "node:crypto"
import { type Container, dag, type Service } from "@dagger.io/dagger"
import type { Plan } from "../core/plan.ts"
import { Init } from "../core/profiles.ts"
import { gateway } from "../stages/gateway.ts"
import type { Farm } from "./farm.ts"
import { tool } from "./lab.ts"

const ALPHABET = "abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"

/** A desktop as a page on port 3000; a VNC server gets noVNC and websockify beside it. */
export async function desktop(farm: Farm, plan: Plan, image: Container): Promise<Service> {
  const named = image.withEnvVariable("USER", "helios").withEnvVariable("UID", "1000")
  if (plan.ports.includes(3000)) return named.withEnvVariable("AUTH", "proxy").asService({ useEntrypoint: true, noInit: true })
  const letters = Array.from({ length: 8 }, () => ALPHABET[randomInt(ALPHABET.length)])
  const password = dag.setSecret(`desktop-${letters.slice(0, 3).join("")}`, letters.join(""))
  const isSystemd = plan.init === Init.Systemd
  const server = (isSystemd ? named.withMountedTemp("/run").withMountedTemp("/run/lock") : named)
    .withEnvVariable("DISPLAY_SOCK_ADDR", "tcp://0.0.0.0:5900")
    .withSecretVariable("PASSWORD", password)
    .withExposedPort(5900)
    // Dagger mounts cgroups to be read alone: with its capabilities systemd mounts one of its own.
    .asService({ useEntrypoint: true, noInit: true, insecureRootCapabilities: isSystemd })
  const page = gateway(await tool(farm, "gateway"), farm.folder("common/gateway"))
  return page
    .withServiceBinding("desktop", server)
    .withSecretVariable("PASSWORD", password)
    .withExposedPort(3000)
    .asService({ args: ["/gateway/serve", "desktop:5900", plan.distro] })
}
