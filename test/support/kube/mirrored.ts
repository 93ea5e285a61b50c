import { execa } from "execa"
import { MIRROR, room } from "../farm.ts"

/** Whether the mirrors have a public repository. */
export async function isMirrored(name: string): Promise<boolean> {
  if (!MIRROR) return false
  return (await execa("git", ["ls-remote", "--quiet", `${MIRROR}/github.com/${name}`], { reject: false })).exitCode === 0
}

/**
 * A folder with a public repository of the mirrors, or with a file or a folder of it at its own place, of a tag if one is named. Nothing else is fetched from a server that
 * knows filters, as GitHub does, and git's own where `uploadpack.allowFilter` is on.
 */
export async function mirrored(name: string, folder = ".", tag?: string): Promise<string> {
  const clone = room()
  const some = ["--depth=1", "--filter=blob:none", "--no-checkout", ...(tag ? [`--branch=${tag}`] : [])]
  await execa("git", ["clone", "--quiet", ...some, `${MIRROR}/github.com/${name}`, clone])
  await execa("git", ["-C", clone, "checkout", "--quiet", "HEAD", "--", folder])
  return clone
}
