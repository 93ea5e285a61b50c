import { figure, median } from "./figures.mjs"

const SERVERS = { kvdi: "TigerVNC", helios: "KasmVNC" }
const PASSES = { tight: "Tight and JPEG 8", page: "as its page asks" }
/** What is told of a pass: a name, its value in one turn, and its unit. */
const RATES = [
  ["frames/s", ({ frames, seconds }) => frames / seconds, "/s"],
  ["bandwidth", ({ bytes, seconds }) => bytes / seconds, "B/s"],
  ["bytes/frame", ({ bytes, frames }) => bytes / frames, "B"],
  ["processor time/frame", ({ cpu, frames }) => (cpu / frames) * 1000, "ms"],
]

/**
 * Figures of what VNC servers sent while a picture moved on their displays: each one's own, then KasmVNC's by TigerVNC's.
 * @param {Record<string, { passes: object[], selfBench: object[] }[]>} measured By profile, what `image … bench-frames` gave in each turn.
 * @returns {import("./figures.mjs").Figure[]} Throws when a client saw no frame at all.
 */
export function rates(measured) {
  const medians = Object.entries(measured).flatMap(([profile, turns]) => passes(profile, turns))
  const own = medians.flatMap(({ who, values, note }) =>
    RATES.map(([name, , unit], index) => figure(`${who}: ${name}`, values[index], unit, index ? {} : { note })),
  )
  const tiger = medians.find(({ profile }) => profile === "kvdi")
  const others = tiger ? medians.filter(({ profile }) => profile === "helios") : []
  const ratios = others.flatMap(({ who, values }) =>
    RATES.map(([name], index) => figure(`${who} ÷ TigerVNC: ${name}`, values[index] / tiger.values[index], "x")),
  )
  return [...own, ...ratios, ...Object.values(measured).flatMap(selfBench)]
}

function passes(profile, turns) {
  return turns[0].passes.map(({ pass }) => {
    const who = `${SERVERS[profile]}, ${PASSES[pass]}`
    const counted = turns.map((turn) => turn.passes.find((each) => each.pass === pass))
    if (counted.some(({ frames }) => !frames)) throw new Error(`${who}: expected frames, got none in ${counted[0].seconds} s`)
    const moved = median(counted.map((each) => each.moved)).toFixed(1)
    const note = `the picture of 800x600 moved ${moved} times a second; median of ${turns.length} turns of ${Math.round(counted[0].seconds)} s`
    return { profile, who, note, values: RATES.map(([, rate]) => median(counted.map(rate))) }
  })
}

/** KasmVNC's own benchmark: how long one run of each of its parts takes with a frame of noise, 1600x1200, in one thread. */
function selfBench(turns) {
  return turns[0].selfBench.map(({ what }) => {
    const runs = turns.map((turn) => turn.selfBench.find((each) => each.what === what))
    return figure(`KasmVNC -selfBench: ${what}`, median(runs.map((each) => each.ms / each.runs)), "ms")
  })
}
