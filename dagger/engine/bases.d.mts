export type Base = { suite: string; arch: string }

export const suiteOf: (base: unknown) => string | undefined

export const basesOf: (folders: string[], name: string) => unknown[]

type From = {
  arch: string
  farm: string
  basesOf: (folders: string[], name: string) => unknown[]
  namesIn: (folders: string[]) => string[]
}

export const imagesFor: (args: string[], from: From) => unknown[]

export const basesFor: (args: string[], from: From) => Base[]
