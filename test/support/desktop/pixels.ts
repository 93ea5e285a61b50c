import { PNG } from "pngjs"

export type Colour = [red: number, green: number, blue: number]

/** A picture, of which places can be looked at. */
export class Picture {
  private readonly png: PNG

  constructor(bytes: Buffer) {
    this.png = PNG.sync.read(bytes)
  }

  get size(): [number, number] {
    return [this.png.width, this.png.height]
  }

  at(x: number, y: number): Colour {
    const start = (y * this.png.width + x) * 4
    return [...this.png.data.subarray(start, start + 3)] as Colour
  }

  brightness(x: number, y: number): number {
    return this.at(x, y).reduce((sum, value) => sum + value, 0) / 3
  }

  /** How many colours a region has. */
  colours(left: number, top: number, width: number, height: number): number {
    const seen = new Set<string>()
    for (let y = top; y < top + height; y++) for (let x = left; x < left + width; x++) seen.add(this.at(x, y).join())
    return seen.size
  }

  /** How many pixels of it all are that colour, give or take. */
  count([red, green, blue]: Colour, tolerance = 4): number {
    let count = 0
    for (let i = 0; i < this.png.data.length; i += 4) {
      const [r = 0, g = 0, b = 0] = this.png.data.subarray(i, i + 3)
      if (Math.max(Math.abs(r - red), Math.abs(g - green), Math.abs(b - blue)) <= tolerance) count++
    }
    return count
  }
}

/** Where to look along 200 pixels of a row. */
export const across = (left: number) => Array.from({ length: 20 }, (_, i) => left + i * 10)
