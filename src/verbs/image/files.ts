import { type Container, type Directory, ReturnType } from "@dagger.io/dagger"
import { errorLine } from "../../core/error-line.ts"
import { FarmError } from "../../core/errors.ts"
import { generated } from "../../core/image/generated.ts"
import { type Files, filesOf, MTREE } from "../../core/image/mtree.ts"
import { account, type Claim, machineCode, OWN, type Owner, owned, packaged, suspects } from "../../core/image/ownership.ts"
import type { Plan } from "../../core/plan/plan.ts"
import { components } from "../build/components.ts"
import { install } from "../build/install.ts"
import { type Farm, farmText } from "../farm.ts"
import { tool } from "../toolbox.ts"

const LIST = ["bsdtar", "--create", "--file=/inventory", "--format=mtree", `--options=${MTREE}`, "--directory=/image", "."]

/** Where a program's words go that are too many to be shown while it runs. */
const SAID = "/said"

/** An image's files and their owners; a file without an owner is missing there. */
export interface Owned {
  files: Files
  owners: Map<string, Owner>
}

/** Lists every file of an image with its owner; throws if one has no owner, or is a program among the generated ones. */
export async function files(farm: Farm, plan: Plan, image: Container): Promise<string> {
  const found = await ownership(farm, plan, image)
  const doubted = suspects(found.files, found.owners)
  const said = await (await mountImage(farm, image))
    .withNewFile("/doubted", doubted.map((path) => `/image${path}\0`).join(""))
    .withExec(["xargs", "--null", "--arg-file=/doubted", "--no-run-if-empty", "file", "-00"], { redirectStdout: SAID })
    .file(SAID)
    .contents()
  return account(`${plan.repository} ${plan.distro} ${plan.init}`, found.files, found.owners, machineCode(doubted, said))
}

/** Lists everything in an image. */
export async function listFiles(farm: Farm, image: Container): Promise<Files> {
  return filesOf(await (await mountImage(farm, image)).withExec(LIST).file("/inventory").contents())
}

/** The owner of each file of an image, by its package manager and by what a plan puts below and over packages. */
export async function ownership(farm: Farm, plan: Plan, image: Container): Promise<Owned> {
  const { files: owners, diverted } = plan.packageManager
  const laid = [...plan.archives.folders, ...plan.settings].map((path) => farm.folder(path))
  const [files, packages, moved, below, list, built, over] = await Promise.all([
    listFiles(farm, image),
    askPackageManager(image, owners),
    diverted ? askPackageManager(image, diverted) : "",
    Promise.all(laid.map((folder) => claim(OWN, folder))),
    install(farm, plan).then(async ({ list }) => claim(OWN, await list())),
    Promise.all(
      [...components(farm, plan)].map(async ([name, build]) =>
        Promise.all((await build()).map((layer) => claim({ kind: "component", name }, layer))),
      ),
    ),
    Promise.all(plan.overlays.map((path) => claim(OWN, farm.folder(path)))),
  ])
  const keys = { owner: OWN, paths: plan.archives.keys.map(({ path }) => path) }
  // Whoever lies over the others comes last.
  const all = [keys, ...below, ...packaged(packages, moved), list, ...built.flat(), ...over]
  return { files, owners: owned(files, all, generated(farmText("common/generated.json"))) }
}

/** Runs a command of an image's own package manager; throws one line if it fails. */
export async function askPackageManager(image: Container, command: string[]): Promise<string> {
  const ran = image.withExec(command, { expect: ReturnType.Any, redirectStdout: SAID })
  const exitCode = await ran.exitCode()
  if (exitCode === 0) return ran.file(SAID).contents()
  throw new FarmError(`${command[0]} failed in the image: ${errorLine(await ran.stderr()) || `exit code ${exitCode}`}`)
}

async function mountImage(farm: Farm, image: Container): Promise<Container> {
  return (await tool(farm, "files")).withMountedDirectory("/image", image.rootfs()).withEnvVariable("LC_ALL", "C.UTF-8")
}

async function claim(owner: Owner, folder: Directory): Promise<Claim> {
  const paths = await folder.glob("**/*")
  return { owner, paths: paths.filter((path) => !path.endsWith("/")).map((path) => `/${path}`) }
}
