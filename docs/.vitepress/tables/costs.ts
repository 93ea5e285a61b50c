import { readFileSync } from "node:fs"
import { join } from "node:path"
import { z } from "zod"
import { ROOT } from "../../../test/support/catalog.ts"
import { tableOf } from "./columns.ts"

const amount = z.number().positive()
const spent = z.strictObject({ seconds: amount, megabytesReceived: amount, megabytesOfDisk: amount })

/** What was measured of one image, bookworm's of helios on linux/amd64. */
const partsSchema = z.strictObject({
  /** Its first build on an engine, without and with a store that has its components. */
  cold: spent,
  warm: spent,
  /** Of the store's, by gzip. */
  megabytesOfEntries: amount,
  smokeSeconds: amount,
  /** By gzip. */
  megabytesOfImage: amount,
})

export type Parts = z.infer<typeof partsSchema>

export const readParts = (path = join(ROOT, "docs/data/costs.json")): Parts => partsSchema.parse(JSON.parse(readFileSync(path, "utf8")))

/** A farm of fifty distros for two platforms, of five families: ten bases on which something is compiled. */
const [IMAGES, BASES] = [50 * 2, 5 * 2]

/** One night in which every image is published anew. */
export interface Night {
  name: string
  /** Hours of machines with two cores each. */
  buildHours: number
  smokeHours: number
  gigabytesReceived: number
  gigabytesPushed: number
  /** What the machine with most of them writes to its disk. */
  gigabytesOfDisk: number
}

/** What nights take of runners that begin with nothing, an image each, and of engines that keep what they made, one a base. */
export function nights({ cold, warm, megabytesOfEntries, smokeSeconds, megabytesOfImage }: Parts): Night[] {
  const night = (name: string, compiled: number, stored: number, diskOf: number): Night => ({
    name,
    buildHours: (compiled * cold.seconds + (IMAGES - compiled) * warm.seconds) / 3600,
    smokeHours: (IMAGES * smokeSeconds) / 3600,
    gigabytesReceived: (compiled * cold.megabytesReceived + (IMAGES - compiled) * warm.megabytesReceived) / 1e3,
    gigabytesPushed: (IMAGES * megabytesOfImage + stored * megabytesOfEntries) / 1e3,
    gigabytesOfDisk: diskOf / 1e3,
  })
  const shard = cold.megabytesOfDisk + (IMAGES / BASES - 1) * warm.megabytesOfDisk
  return [
    night("each image on an empty runner, without a store", IMAGES, 0, cold.megabytesOfDisk),
    night("the same with a store, in a night with other compilers", BASES, BASES, cold.megabytesOfDisk),
    night("the same with a store, in any other night", 0, 0, warm.megabytesOfDisk),
    night("an engine a base, in its first night", BASES, 0, shard),
  ]
}

const hours = (value: number) => `${value.toFixed(value < 10 ? 1 : 0)} h`
const gigabytes = (value: number) => `${value.toFixed(value < 10 ? 1 : 0)} GB`

/** What was measured, or what follows of it for a night of a farm. */
export function costsTable(of: string): string {
  const parts = readParts()
  if (of === "nights") {
    return tableOf(nights(parts), {
      "a hundred images": ({ name }) => name,
      building: ({ buildHours }) => hours(buildHours),
      smoke: ({ smokeHours }) => hours(smokeHours),
      received: ({ gigabytesReceived }) => gigabytes(gigabytesReceived),
      pushed: ({ gigabytesPushed }) => gigabytes(gigabytesPushed),
      "a machine's disk": ({ gigabytesOfDisk }) => gigabytes(gigabytesOfDisk),
    })
  }
  return tableOf(rowsOf(parts), {
    "an engine's first image": ([name]) => name,
    "without a store": ([, without]) => without,
    "with one that has its components": ([, , one]) => one,
  })
}

function rowsOf({ cold, warm, megabytesOfEntries, smokeSeconds, megabytesOfImage }: Parts): [string, string, string][] {
  const same = (name: string, value: string): [string, string, string] => [name, value, value]
  return [
    ["building it", `${cold.seconds} s`, `${warm.seconds} s`],
    ["received: packages, sources, components", `${cold.megabytesReceived} MB`, `${warm.megabytesReceived} MB`],
    ["of that the store's entries, by gzip", "", `${megabytesOfEntries} MB`],
    ["the engine's disk", `${cold.megabytesOfDisk} MB`, `${warm.megabytesOfDisk} MB`],
    same("its smoke test", `${smokeSeconds} s`),
    same("the image itself, by gzip", `${megabytesOfImage} MB`),
  ]
}
