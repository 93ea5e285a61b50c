import { call } from "./dagger.mjs"
import { rates } from "./rates.mjs"

const MOST_TURNS = 3

/** What each image's VNC server sends a client while the same picture moves on its display, turn by turn, and how they compare. */
export async function frames({ repeats, seconds, images, log }) {
  const wanted = images("frames")
  const measured = Object.fromEntries(wanted.map(({ name }) => [name, []]))
  const turns = Math.min(repeats, MOST_TURNS)
  for (let turn = 1; turn <= turns; turn++) {
    for (const { name, farm, options } of wanted) {
      log(`turn ${turn} of ${turns}: ${name}, ${seconds} s of a moving picture`)
      measured[name].push(JSON.parse((await call([...farm, "image", ...options, "bench-frames", `--seconds=${seconds}`])).stdout))
    }
  }
  return rates(measured)
}
