export type Base = { suite: string; arch: string }

export type Distros = {
  farm: string
  baseOf: (folders: string[], name: string) => unknown
  namesIn: (folders: string[]) => string[]
}

export const suiteOf: (base: unknown) => string | undefined

export const basesFor: (args: string[], from: Distros & { arch: string }) => Base[]

export const foreignFor: (args: string[], from: Distros) => { distro: string; base: string }[]

export const manifestOf: (image: string, registry: string) => string
