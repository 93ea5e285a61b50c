import { call } from "./dagger.mjs"
import { figure, median, percentile } from "./figures.mjs"

const BARS = {
  kvdi: { usable: 3, idle: 250e6 },
  helios: { browser: 4, idle: 350e6 },
}

/**
 * Of each image: seconds from a container's start to its first frame, to a usable desktop and, of one that is seen in a browser,
 * until a browser shows it; and the bytes that an idle one holds in memory.
 */
export async function boots({ boots: count, images, log }) {
  const figures = []
  for (const image of images("boots")) {
    log(`${image.name}: ${count} boots, one after the other, and an idle minute`)
    const { stdout } = await call([...image.farm, "image", ...image.options, "bench-boot", `--count=${count}`])
    figures.push(...judge(image.name, JSON.parse(stdout)))
  }
  return figures
}

function judge(name, { boots: all, browsed, idle }) {
  const bars = BARS[name]
  const [frame, usable, look] = ["frame", "usable", "look"].map((key) => all.map((boot) => boot[key]))
  const probe = `asked for every ${Math.round((0.05 + median(look)) * 1000)} ms, of which one look takes ${Math.round(median(look) * 1000)}`
  const largest = idle.processes.slice(0, 6).map((each) => `${each.name} ${(each.bytes / 1e6).toFixed(0)}`)
  return [
    figure(`${name}: start → first frame, p50`, median(frame), "s"),
    figure(`${name}: start → first frame, p95`, percentile(frame, 0.95), "s"),
    figure(`${name}: start → usable desktop, p50`, median(usable), "s", { most: bars.usable, note: probe }),
    figure(`${name}: start → usable desktop, p95`, percentile(usable, 0.95), "s"),
    ...inBrowser(name, browsed, bars.browser),
    figure(`${name}: memory when idle (PSS)`, idle.bytes, "B", { most: bars.idle, note: `MB: ${largest.join(", ")}` }),
  ]
}

/** Usable in a browser is a desktop that can be used and that the page shows: the later of both. */
function inBrowser(name, browsed, most) {
  if (!browsed.length) return []
  const shown = browsed.map(({ usable, page }) => Math.max(usable, page))
  const note = "by boots of their own, with a browser beside them that was open before and tries the page until it comes"
  return [
    figure(`${name}: start → usable desktop in the browser, p50`, median(shown), "s", { most, note }),
    figure(`${name}: start → usable desktop in the browser, p95`, percentile(shown, 0.95), "s"),
  ]
}
