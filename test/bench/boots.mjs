import { IMAGE } from "./calls.mjs"
import { call } from "./dagger.mjs"
import { figure, median, percentile } from "./figures.mjs"

const IDLE_BYTES = 250e6
const USABLE_SECONDS = 3

/** Seconds from a container's start to its first frame and to a usable desktop, and what an idle one holds in memory. */
export async function boots({ boots: count, log }) {
  log(`${count} boots, one after the other, and an idle minute`)
  const measured = JSON.parse((await call(["image", ...IMAGE, "boots", `--count=${count}`])).stdout)
  const [frame, usable, look] = ["frame", "usable", "look"].map((name) => measured.boots.map((boot) => boot[name]))
  const probe = `asked for every ${Math.round((0.05 + median(look)) * 1000)} ms, of which one look takes ${Math.round(median(look) * 1000)}`
  const largest = measured.idle.processes.slice(0, 6).map(({ name, bytes }) => `${name} ${(bytes / 1e6).toFixed(0)}`)
  return [
    figure("start → first frame, p50", median(frame), "s"),
    figure("start → first frame, p95", percentile(frame, 0.95), "s"),
    figure("start → usable desktop, p50", median(usable), "s", { most: USABLE_SECONDS, note: probe }),
    figure("start → usable desktop, p95", percentile(usable, 0.95), "s"),
    figure("memory when idle (PSS)", measured.idle.bytes, "B", { most: IDLE_BYTES, note: `MB: ${largest.join(", ")}` }),
  ]
}
