import { FarmError } from "./errors.ts"

/** As much of it as one line is for. */
const LONGEST = 300

/** What a package manager warns of before it fails for lack of what it warned of. */
const WARNING = /^w: .*?((?:gpg error|openpgp signature verification failed): .+)$/im

/** Why a command failed, in one line, from what the engine threw: what the command itself complained of, or else the engine. */
export function failureReason(cause: unknown): string {
  const { message, stderr = "" } = cause as Error & { stderr?: string }
  const ofEngine = message.replace(/\[traceparent:[^\]]*\]/g, "")
  return errorLine(stderr) || ofEngine.trim().replace(/\s+/g, " ")
}

/** Why something ended for an image: what the farm refused, or, in one line with the image's name, what a command or the engine failed at. */
export function imageFailure(name: string, cause: unknown): string {
  if (cause instanceof FarmError) return cause.message
  return `${name}: ${failureReason(cause)}; look into that, or run it again: it goes on from there`
}

/** The line in which a package manager says what is wrong, whichever it is, with the lines that belong to it: indented, or announced by a colon. */
export function errorLine(said: string): string {
  const warned = said.match(WARNING)?.[1]
  if (warned) return warned.slice(0, LONGEST)
  const lines = said.split("\n").filter((line) => line.trim())
  const at = lines.findIndex((line) => /^(e|error):/i.test(line))
  const [first = lines.at(-1) ?? "", ...later] = at < 0 ? [] : lines.slice(at)
  const words = [first.replace(/^(e|error):/i, "").trim()]
  for (const line of later) {
    const last = words.at(-1)
    if (last && !last.endsWith(":") && !/^\s/.test(line)) break
    words.push(line.trim())
  }
  // Some say which package it was, and then that it failed.
  let before = at
  while (words.length === 1 && before > 0 && (before === at || /^\s/.test(lines[before] as string))) before--
  if (before < at)
    words.push(
      `(${lines
        .slice(before, at)
        .map((line) => line.trim())
        .join(" ")})`,
    )
  return words.filter(Boolean).join(" ").slice(0, LONGEST)
}
