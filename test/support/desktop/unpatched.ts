import { readFileSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { execa } from "execa"
import { FIRST_PATCH, UNPATCHED } from "../breaks/helios-steady.ts"
import { MINUTE, MIRROR, ROOT } from "../farm.ts"
import { pull } from "./podman.ts"

const { inCopy } = (await import(join(ROOT, "test/bench/copy.mjs"))) as { inCopy: <T>(work: (copy: string) => Promise<T>) => Promise<T> }

/** Publishes bookworm's helios as a farm builds it whose series of KasmVNC ends before the promise `steady`, and fetches it. */
export async function publishUnpatched(): Promise<void> {
  await inCopy(async (farm) => {
    const folder = join(farm, "common/build/patches/kasmvnc")
    const path = join(folder, "series.json")
    const series = JSON.parse(readFileSync(path, "utf8")) as { file?: string }[]
    const first = series.findIndex(({ file }) => file === FIRST_PATCH)
    if (first < 0) throw new Error(`common/build/patches/kasmvnc/series.json: expected ${FIRST_PATCH}, got none of that name`)
    writeFileSync(path, JSON.stringify(series.slice(0, first)))
    // A patch that no series has is refused.
    for (const { file } of series.slice(first)) if (file) rmSync(join(folder, file))
    const words = ["call", `--mirror=${MIRROR}`, "build", "--distro=bookworm", "--profile=helios", "publish", `--address=${UNPATCHED}`]
    await execa(join(ROOT, "dagger/run"), words, { cwd: farm, stdin: "ignore", timeout: 60 * MINUTE })
  })
  await pull(UNPATCHED)
}
