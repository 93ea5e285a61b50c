import type { Patch } from "./source.d.mts"

export type Fuzzed = {
  executions: number
  perSecond: number
  edges: number
  fresh: number
  crash?: string
  complaint?: string
  states: string[][]
}

export function names(): string[]
export function missing(): Promise<string | undefined>
export function build(name: string, patches: Patch[]): Promise<string>
export function verdict(out: string, harness: string, path: string): Promise<string | undefined>
export function fuzz(out: string, harness: string, seconds: number): Promise<Fuzzed>
