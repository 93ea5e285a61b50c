import { lstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs"
import { join } from "node:path"
import { execa } from "execa"
import { until } from "../farm.ts"
import { withDisplay } from "./display.ts"
import { Picture } from "./pixels.ts"
import { type Box, create, must, podman } from "./podman.ts"
import type { Runs } from "./profiles.ts"
import { works } from "./promises.ts"

/** A desktop whose home is a folder of this machine, that another image filled. */
export class Moved {
  private constructor(
    readonly box: Box,
    private readonly runs: Runs,
  ) {}

  /** Boots an image with that folder as its home, at the place where HOME says. */
  static async boot(image: string, runs: Runs, folder: string, home = "/home/bob"): Promise<Moved> {
    const moved = new Moved(await create(image, [...runs.options, `--env=HOME=${home}`, `--volume=${folder}:${home}`]), runs)
    await moved.start()
    return moved
  }

  async start(): Promise<void> {
    await this.runs.start(this.box)
    await works(this.box, this.runs, 60)
  }

  async stop(): Promise<void> {
    await must(["stop", "--time=20", this.box.name])
  }

  /** An X client of this machine on the display: what it printed. */
  private async onDisplay(command: string, ...words: string[]): Promise<Buffer> {
    return withDisplay(this.box, async (env) => Buffer.from((await execa(command, words, { env, encoding: "buffer" })).stdout))
  }

  private async windowsOf(program: string): Promise<string[]> {
    return (await this.onDisplay("xdotool", "search", "--onlyvisible", "--class", `^${program}$`)).toString().trim().split("\n")
  }

  /** Waits for a panel along an edge, and for a wallpaper of many colours beside the icons. */
  async showsDesktop(): Promise<void> {
    await until("a panel is shown", 30, async () => (await this.windowsOf("xfce4-panel")).length > 0, 200)
    await until("a wallpaper is shown", 30, async () => {
      const picture = new Picture(await this.onDisplay("import", "-window", "root", "png:-"))
      return picture.colours(600, 100, 600, 500) > 200
    })
  }

  /** Waits until the panel's menu opens. */
  async opensMenu(): Promise<void> {
    const before = (await this.windowsOf("xfce4-panel")).length
    await this.asUser("xfce4-popup-applicationsmenu")
    await until("the menu is open", 15, async () => (await this.windowsOf("xfce4-panel")).length > before)
  }

  /** What a program of the user prints. */
  asUser(...words: string[]): Promise<string> {
    return must(["exec", this.box.name, "as-user", ...words])
  }

  /** What the log has of the settings that were made to fit, from all its starts. */
  async told(): Promise<string[]> {
    const { stdout, stderr } = await podman(["logs", this.box.name])
    return `${stdout}\n${stderr}`.split("\n").flatMap((line) => line.match(/^helios: .*\/xfce-perchannel-xml\/(.*)$/)?.[1] ?? [])
  }
}

/** What a home has, by path: the text of a file, or where a link leads. What sessions write at each start is left out. */
export function contentsOf(folder: string): Record<string, string> {
  const paths = readdirSync(folder, { recursive: true }).map(String)
  const kept = paths.filter((path) => !/^(\.cache\/|\.Xauthority$)/.test(path)).sort()
  return Object.fromEntries(
    kept.flatMap((path) => {
      const status = lstatSync(join(folder, path))
      if (status.isSymbolicLink()) return [[path, readlinkSync(join(folder, path))]]
      return status.isFile() ? [[path, readFileSync(join(folder, path), "utf8")]] : []
    }),
  )
}
