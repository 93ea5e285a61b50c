export type Base = { suite: string; arch: string }

export const suiteOf: (base: unknown) => string | undefined

export const basesFor: (
  args: string[],
  from: {
    arch: string
    farm: string
    baseOf: (folders: string[], name: string) => unknown
    namesIn: (folders: string[]) => string[]
  },
) => Base[]
