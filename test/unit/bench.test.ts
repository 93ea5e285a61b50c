import { join } from "node:path"
import { describe, expect, test } from "vitest"
import { ROOT } from "../support/catalog.ts"

type Figure = { name: string; value: number; unit: string; note?: string }
type Pass = { pass: string; seconds: number; frames: number; bytes: number; cpu: number; moved: number }
type Turn = { passes: Pass[]; selfBench: { what: string; ms: number; runs: number }[] }

const { rates } = (await import(join(ROOT, "test/bench/rates.mjs"))) as { rates: (measured: Record<string, Turn[]>) => Figure[] }
const { onSecondLine } = (await import(join(ROOT, "test/bench/mark.mjs"))) as { onSecondLine: (script: string, line: string) => string }

const pass = (name: string, frames: number, bytes: number, cpu: number): Pass => ({
  pass: name,
  seconds: 10,
  frames,
  bytes,
  cpu,
  moved: 60,
})
const kvdi = [600, 500, 400].map((frames) => ({ passes: [pass("tight", frames, 100 * frames, 5)], selfBench: [] }))
const helios = [
  { passes: [pass("tight", 250, 50_000, 5), pass("page", 240, 2400, 6)], selfBench: [{ what: "Analysis", ms: 64, runs: 32 }] },
]
const values = (figures: Figure[]) => Object.fromEntries(figures.map(({ name, value }) => [name, value]))

describe("what VNC servers send", () => {
  test("a server's figures are the medians of its turns, KasmVNC's are compared with TigerVNC's", () => {
    expect(values(rates({ kvdi, helios }))).toEqual({
      "TigerVNC, Tight and JPEG 8: frames/s": 50,
      "TigerVNC, Tight and JPEG 8: bandwidth": 5000,
      "TigerVNC, Tight and JPEG 8: bytes/frame": 100,
      "TigerVNC, Tight and JPEG 8: processor time/frame": 10,
      "KasmVNC, Tight and JPEG 8: frames/s": 25,
      "KasmVNC, Tight and JPEG 8: bandwidth": 5000,
      "KasmVNC, Tight and JPEG 8: bytes/frame": 200,
      "KasmVNC, Tight and JPEG 8: processor time/frame": 20,
      "KasmVNC, as its page asks: frames/s": 24,
      "KasmVNC, as its page asks: bandwidth": 240,
      "KasmVNC, as its page asks: bytes/frame": 10,
      "KasmVNC, as its page asks: processor time/frame": 25,
      "KasmVNC, Tight and JPEG 8 ÷ TigerVNC: frames/s": 0.5,
      "KasmVNC, Tight and JPEG 8 ÷ TigerVNC: bandwidth": 1,
      "KasmVNC, Tight and JPEG 8 ÷ TigerVNC: bytes/frame": 2,
      "KasmVNC, Tight and JPEG 8 ÷ TigerVNC: processor time/frame": 2,
      "KasmVNC, as its page asks ÷ TigerVNC: frames/s": 0.48,
      "KasmVNC, as its page asks ÷ TigerVNC: bandwidth": 0.048,
      "KasmVNC, as its page asks ÷ TigerVNC: bytes/frame": 0.1,
      "KasmVNC, as its page asks ÷ TigerVNC: processor time/frame": 2.5,
      "KasmVNC -selfBench: Analysis": 2,
    })
  })

  test("without helios there is TigerVNC alone and nothing to compare it with", () => {
    expect(rates({ kvdi }).map(({ name }) => name.split(":")[0])).toEqual(Array(4).fill("TigerVNC, Tight and JPEG 8"))
  })

  test("a client that saw no frame is an error, not a figure", () => {
    expect(() => rates({ kvdi: [{ passes: [pass("tight", 0, 0, 1)], selfBench: [] }] })).toThrow(
      "TigerVNC, Tight and JPEG 8: expected frames, got none in 10 s",
    )
  })
})

describe("a changed build script", () => {
  test("has the line after its first one, once however often it is given one", () => {
    const cold = onSecondLine("#!/bin/sh\nset -eu\n", "export CCACHE_RECACHE=1")
    expect(cold).toBe("#!/bin/sh\nexport CCACHE_RECACHE=1 # bench\nset -eu\n")
    expect(onSecondLine(cold, "# warm")).toBe("#!/bin/sh\n# warm # bench\nset -eu\n")
  })
})
