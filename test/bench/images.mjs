const MIRROR = process.env.HELIOS_MIRROR

/**
 * @typedef {{ name: string, farm: string[], options: string[] }} Image
 *   A profile's name, and the words that a call has before and after its function.
 */

/** @type {Image[]} */
const ALL = [
  { name: "kvdi", farm: [], options: ["--distro=bookworm", "--profile=kvdi"] },
  { name: "helios", farm: [`--mirror=${MIRROR}`], options: ["--distro=bookworm", "--profile=helios"] },
]

/** The image that most figures of building are about: it needs no upstream. */
export const IMAGE = ALL[0].options

/**
 * The images that can be measured here. Helios is built from its upstreams, which come from the mirror that HELIOS_MIRROR names;
 * without one it is left out, and `leaveOut` is told why.
 * @param {(reason: string) => void} leaveOut
 * @returns {Image[]}
 */
export function images(leaveOut) {
  if (MIRROR) return ALL
  leaveOut("helios: HELIOS_MIRROR names no mirror of its upstreams, such as git://HOST/PATH")
  return ALL.filter(({ name }) => name !== "helios")
}
