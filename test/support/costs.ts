import { execa } from "execa"
import { nights, readParts } from "../../docs/.vitepress/tables/costs.ts"
import { need } from "./farm.ts"

/** Draws what nights of a farm take of machines, from a file of measured parts: docs/pictures/costs.svg is of docs/data/costs.json. */
export async function drawCosts(parts: string, svg: string): Promise<void> {
  await need("gnuplot", ["gnuplot-nox"])
  const rows = nights(readParts(parts)).map(
    ({ name, ...night }) => `"${name.replace(/, /, ",\\n")}" ${night.buildHours} ${night.smokeHours}`,
  )
  const plot = [
    'set terminal svg size 900,420 font "DejaVu Sans,11" background "#ffffff"',
    `set output "${svg}"`,
    'set ylabel "hours of machines with two cores, a night"',
    "set style data histograms; set style histogram rowstacked; set style fill solid; set boxwidth 0.6",
    "set grid ytics; set key top right; set yrange [0:*]; set xtics font ',9'; set bmargin 4",
    "$nights << EOD",
    ...rows,
    "EOD",
    'plot $nights using 2:xtic(1) title "building" linecolor "#2a7f62", "" using 3 title "smoke" linecolor "#c9d8d2"',
  ]
  await execa("gnuplot", { input: plot.join("\n") })
}
