export type Base = { suite: string; arch: string }

export const suiteOf: (base: unknown) => string | undefined

export const basesOf: (folders: string[], name: string) => unknown[]

export const basesFor: (
  args: string[],
  from: {
    arch: string
    farm: string
    basesOf: (folders: string[], name: string) => unknown[]
    namesIn: (folders: string[]) => string[]
  },
) => Base[]
