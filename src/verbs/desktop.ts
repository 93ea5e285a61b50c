import { randomInt } from "node:crypto"
import { type Container, dag, type Service } from "@dagger.io/dagger"
import { FarmError } from "../core/errors.ts"
import type { Plan } from "../core/plan.ts"
import { Init } from "../core/profiles.ts"
import { gateway } from "../stages/gateway.ts"
import type { Farm } from "./farm.ts"
import { tool } from "./lab.ts"

const ALPHABET = "abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"

/**
 * Refuses an image that Dagger can't show. Systemd needs a cgroup to write to, which Dagger gives a container with all of the
 * machine's capabilities alone; with those it sets the machine's own kernel parameters.
 */
export function checkShown({ init }: Plan): void {
  if (init === Init.Systemd)
    throw new FarmError(`--init=${init}: Dagger gives a desktop no cgroup to write to; take another init, or run the image with podman`)
}

/** A desktop as a page on port 3000; a VNC server gets noVNC and websockify beside it. */
export async function desktop(farm: Farm, plan: Plan, image: Container): Promise<Service> {
  const named = image.withEnvVariable("USER", "helios").withEnvVariable("UID", "1000")
  if (plan.ports.includes(3000)) return named.withEnvVariable("AUTH", "proxy").asService({ useEntrypoint: true, noInit: true })
  const letters = Array.from({ length: 8 }, () => ALPHABET[randomInt(ALPHABET.length)])
  const password = dag.setSecret(`desktop-${letters.slice(0, 3).join("")}`, letters.join(""))
  const server = named
    .withEnvVariable("DISPLAY_SOCK_ADDR", "tcp://0.0.0.0:5900")
    .withSecretVariable("PASSWORD", password)
    .withExposedPort(5900)
    .asService({ useEntrypoint: true, noInit: true })
  const page = gateway(await tool(farm, "gateway"), farm.folder("common/gateway"))
  return page
    .withServiceBinding("desktop", server)
    .withSecretVariable("PASSWORD", password)
    .withExposedPort(3000)
    .asService({ args: ["/gateway/serve", "desktop:5900", plan.distro] })
}
