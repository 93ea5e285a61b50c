import { show, showBar } from "./figures.mjs"

const [WIDTH, ROW, LEFT, BAR] = [1040, 24, 500, 300]
const COLOUR = { true: "#2a7f62", false: "#c0392b" }
const STYLE = `text { font: 13px system-ui, sans-serif; fill: #222 } .title { font-size: 18px; font-weight: 600 }
  .small { fill: #666; font-size: 12px } .value { text-anchor: end } rect.track { fill: #eef0f2 } line { stroke: #222; stroke-width: 1.5 }`

const escapeText = (value) => String(value).replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;")

const text = (x, y, content, kind = "") => `<text x="${x}" y="${y}" class="${kind}">${escapeText(content)}</text>`

/** One figure: name and value, and with a bar a bar chart's bar, whose line is what must be reached. */
function row(figure, y) {
  const { name, value, unit, bar, sense, ok } = figure
  const words = [text(20, y + 16, name), text(LEFT - 10, y + 16, show(value, unit), "value")]
  if (bar === undefined) return words.join("")
  const scale = (BAR * 0.75) / Math.max(bar, 1)
  const length = Math.max(2, Math.min(BAR, value * scale))
  const at = LEFT + bar * scale
  return [
    ...words,
    `<rect class="track" x="${LEFT}" y="${y + 4}" width="${BAR}" height="16"/>`,
    `<rect x="${LEFT}" y="${y + 4}" width="${length.toFixed(1)}" height="16" fill="${COLOUR[ok]}"/>`,
    `<line x1="${at.toFixed(1)}" x2="${at.toFixed(1)}" y1="${y}" y2="${y + 24}"/>`,
    text(LEFT + BAR + 14, y + 16, `${showBar(figure)}  ${ok ? "ok" : sense === "at most" ? "over" : "under"}`),
  ].join("")
}

/** The figures as SVG: first those that have a bar, each against it, then the others. */
export function chart({ figures, machine, commit, date }) {
  const judged = figures.filter(({ bar }) => bar !== undefined)
  const others = figures.filter(({ bar }) => bar === undefined)
  const lines = []
  let y = 76
  for (const [heading, group] of [
    ["What must be reached: the line is the bar", judged],
    ["What else was measured", others],
  ]) {
    lines.push(text(20, y + 16, heading, "small"))
    y += ROW + 4
    for (const each of group) {
      lines.push(row(each, y))
      y += ROW
    }
    y += 14
  }
  const facts = `${machine.cores} cores, ${(machine.memory / 1e9).toFixed(0)} GB, Linux ${machine.kernel}, load ${machine.load}`
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${y}" width="${WIDTH}" height="${y}">
<style>${STYLE}</style>
<rect width="100%" height="100%" fill="white"/>
${text(20, 34, "Helios, measured: the desktops on bookworm", "title")}
${text(20, 56, `${date.slice(0, 16).replace("T", " ")} UTC, commit ${commit}; ${facts}`, "small")}
${lines.join("\n")}
</svg>
`
}
