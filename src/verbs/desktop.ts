import { randomInt } from "node:crypto"
import { type Container, dag, type Secret, type Service } from "@dagger.io/dagger"
import { Init } from "../core/catalog/profiles.ts"
import { FarmError } from "../core/errors.ts"
import type { Plan } from "../core/plan/plan.ts"
import { direct } from "../stages/direct.ts"
import { gateway } from "../stages/gateway.ts"
import type { Farm } from "./farm.ts"
import { tool } from "./toolbox.ts"

const ALPHABET = "abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"

/** Where containers find the password that users are asked for. A file ends with a newline or not, to helios' image too. */
const PASSWORD_FILE = "/run/secrets/password"

/**
 * Refuses an image that Dagger can't show, and a password that its page wouldn't take. Systemd needs a cgroup to write to, which Dagger
 * gives a container with all of the machine's capabilities alone; with those it sets the machine's own kernel parameters.
 */
export async function checkShown({ init }: Plan, password: Secret): Promise<void> {
  if (init === Init.Systemd)
    throw new FarmError(`--init=${init}: Dagger gives a desktop no cgroup to write to; take another init, or run the image with podman`)
  const problem = passwordProblem(await password.plaintext())
  if (problem) throw new FarmError(`--password: ${problem}`)
}

/** What is wrong with a password, which is not shown. */
export function passwordProblem(text: string): string | undefined {
  const line = text.replace(/\n$/, "")
  const bytes = Buffer.byteLength(line)
  if (bytes < 8 || bytes > 128) return `expected 8 to 128 bytes, got ${bytes}; leave it out and dagger/run makes one`
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  return /[\x00-\x1f\x7f]/.test(line) ? "expected characters that can be typed, got a control character, such as a newline" : undefined
}

/** A desktop as a page on port 3000 that asks the user helios for the password; a VNC server gets a gateway before it, and a password of its own. */
export async function desktop(farm: Farm, plan: Plan, image: Container, password: Secret): Promise<Service> {
  const named = direct(image).withEnvVariable("USER", "helios").withEnvVariable("UID", "1000")
  const asking = (container: Container) =>
    container.withMountedSecret(PASSWORD_FILE, password).withEnvVariable("PASSWORD_FILE", PASSWORD_FILE)
  if (plan.ports.includes(3000)) return asking(named).asService({ useEntrypoint: true, noInit: true })
  const inner = dag.setSecret(`vnc-${letters(8)}`, letters(8))
  const server = named
    .withEnvVariable("DISPLAY_SOCK_ADDR", "tcp://0.0.0.0:5900")
    .withSecretVariable("PASSWORD", inner)
    .withExposedPort(5900)
    .asService({ useEntrypoint: true, noInit: true })
  return asking(gateway(await tool(farm, "gateway"), farm.folder("common/gateway"), farm.places.npm))
    .withServiceBinding("desktop", server)
    .withSecretVariable("VNC_PASSWORD", inner)
    .withExposedPort(3000)
    .asService({ args: ["/gateway/serve", "desktop:5900", plan.distro] })
}

const letters = (count: number) => Array.from({ length: count }, () => ALPHABET[randomInt(ALPHABET.length)]).join("")
