import { z } from "zod"
import { choices, FarmError } from "../errors.ts"
import { parseReference } from "../registry/reference.ts"
import { parseFile } from "../schema.ts"

/** An image that others stand on, or that is a tool. */
export interface Base {
  /** What distros and tools call it. */
  image: string
  digest: string | null
  /** Where it is taken from, if that is elsewhere than its name says. */
  address?: string
}

/** What is taken in place of images, by their names: from elsewhere, or by another digest than the lock's; null is none at all. */
export type Bases = Map<string, { address?: string; digest?: string | null }>

const DIGEST = /^sha256:[0-9a-f]{64}$/
const EXPECTED = "expected sha256: with 64 hexadecimal digits, or the address of an image such as HOST:PORT/NAME:TAG or HOST/NAME@sha256:…"

const schema = z.record(
  z.string(),
  z.string().refine((text) => {
    const found = parseReference(text)
    return DIGEST.test(text) || (found && !text.startsWith("sha256:") && Boolean(found.tag ?? found.digest))
  }, EXPECTED),
)

/** Parses the file of --bases: another address or digest for some of the images that a call can ask for. */
export function bases(text: string, asked: Iterable<string>, where = "--bases"): Bases {
  const known = new Set(asked)
  const found: Bases = new Map()
  for (const [image, given] of Object.entries(parseFile(where, text, schema))) {
    if (!known.has(image))
      throw new FarmError(`${where}: "${image}": no image of that name is asked for; expected one of ${choices([...known].sort())}`)
    const [address = "", digest] = given.split("@")
    found.set(image, DIGEST.test(given) ? { digest: given } : { address, ...(digest ? { digest } : {}) })
  }
  return found
}

/** The images of some repositories of Docker Hub's, by their tags alone: what an engine has there has digests of its own. */
export function byTag(repositories: string[], asked: Iterable<string>): Bases {
  return new Map([...asked].filter((image) => repositories.includes(image.replace(/:.*/, ""))).map((image) => [image, { digest: null }]))
}

/** What an engine pulls for an image: from its own address by the lock's digest, unless something else was given for it. */
export function referenceOf({ image, digest, address = image }: Base): string {
  return digest ? `${address}@${digest}` : address
}
