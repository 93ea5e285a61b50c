import { readFileSync } from "node:fs"
import { join } from "node:path"
import { inFolder } from "./copy.mjs"
import { call } from "./dagger.mjs"
import { figure, median, percentile } from "./figures.mjs"

/**
 * What a request takes who is logged in to a helios desktop while 40 connections guess, and while none does: turn about, as the check of
 * `guessing` measures it.
 */
export async function guessing({ images, log }) {
  const figures = []
  for (const { name, farm, options } of images("guessing").filter((image) => image.name === "helios")) {
    log(`${name}: requests beside 40 connections that guess`)
    figures.push(
      ...(await inFolder(async (folder) => {
        await call([...farm, "smoke", ...options, "--only=guessing", "logs", "export", `--path=${folder}`])
        return judge(name, JSON.parse(readFileSync(join(folder, "guessing/guessing.json"), "utf8")))
      })),
    )
  }
  return figures
}

function judge(name, { quiet, busy }) {
  const ratios = busy.map((each, index) => each.median / quiet[index].median)
  const took = (turns) => median(turns.map((turn) => turn.median))
  const note = `${ratios.length} pairs, from ${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)}; p95 of them ${percentile(ratios, 0.95).toFixed(2)}`
  return [
    figure(`${name}: a request when nobody guesses, p50`, took(quiet), "ms"),
    figure(`${name}: a request while 40 connections guess, p50`, took(busy), "ms"),
    figure(`${name}: guessed at ÷ not, p50 of pairs`, median(ratios), "x", { most: 2, note }),
  ]
}
