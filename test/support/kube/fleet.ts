import { readFileSync } from "node:fs"
import { execa } from "execa"
import { need } from "../farm.ts"

/** What thousand.test.ts measures. */
export interface FleetFigures {
  desktops: number
  nodes: number
  readySeconds?: number
  updatedSeconds?: number
  goneSeconds?: number
  /** What each program of the control plane used until all were ready. */
  controlPlane?: Record<string, { megabytes: number; seconds: number }>
  /** How many pods were ready after how many seconds. */
  ready: [seconds: number, pods: number][]
}

/** Draws how the pods came, from a file of such figures. */
export async function drawFleet(figures: string, svg: string): Promise<void> {
  await need("gnuplot", ["gnuplot-nox"])
  const { ready } = JSON.parse(readFileSync(figures, "utf8")) as FleetFigures
  const plot = [
    'set terminal svg size 800,400 font "DejaVu Sans,12" background "#ffffff"',
    `set output "${svg}"`,
    'set xlabel "seconds from the first helm install"',
    'set ylabel "desktops ready"',
    "set grid; set key off",
    'plot "-" with lines linewidth 2 linecolor "#2a7f62"',
    ...ready.map((point) => point.join(" ")),
    "e",
  ]
  await execa("gnuplot", { input: plot.join("\n") })
}
