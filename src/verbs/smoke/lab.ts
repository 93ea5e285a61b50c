import { type Container, dag } from "@dagger.io/dagger"
import type { Plan } from "../../core/plan/plan.ts"
import { Browser } from "../../core/smoke/browser.ts"
import type { Farm } from "../farm.ts"
import { emptyLab } from "../toolbox.ts"

/** How much more time checks give an image of another platform than the engine's, whose programs are emulated. */
export async function emulationFactor({ platform }: Plan): Promise<number> {
  return platform === (await dag.defaultPlatform()) ? 1 : 15
}

/** What work comes to; all that the lab has beside an image is installed meanwhile. */
export async function besideLab<T>(farm: Farm, plan: Plan, browser: Browser | undefined, work: () => Promise<T>): Promise<T> {
  const [done] = await Promise.all([work(), emptyLab(farm, plan, browser).then((lab) => lab.sync())])
  return done
}

/** The lab with an image in it. */
export async function openLab(farm: Farm, plan: Plan, image: Container, browser = Browser.Chromium): Promise<Container> {
  return (await emptyLab(farm, plan, browser))
    .withMountedDirectory("/image", image.rootfs())
    .withNewFile("/image.json", JSON.stringify(await describe(image)))
    .withEnvVariable("PROFILE", plan.profile)
    .withEnvVariable("INIT", plan.init)
    .withEnvVariable("BROWSER", browser)
    .withEnvVariable("SLOWNESS", String(await emulationFactor(plan)))
    .withEnvVariable("HELIOS_RUN", String(Date.now()))
}

/** Bytes of the files of the image in a lab, uncompressed, each hard link counted once. */
export async function size(lab: Container): Promise<number> {
  const measured = await lab.withExec(["du", "--summarize", "--bytes", "/image"]).stdout()
  return Number(measured.split("\t")[0])
}

/** What a container runtime reads of an image, in the shape of an OCI image configuration. */
async function describe(image: Container) {
  const [entrypoint, args, user, variables, labels] = await Promise.all([
    image.entrypoint(),
    image.defaultArgs(),
    image.user(),
    image.envVariables(),
    image.labels(),
  ])
  const Env = await Promise.all(variables.map(async (variable) => `${await variable.name()}=${await variable.value()}`))
  const Labels = Object.fromEntries(await Promise.all(labels.map(async (label) => [await label.name(), await label.value()])))
  return { config: { Entrypoint: entrypoint, Cmd: args, User: user, Env, Labels } }
}
