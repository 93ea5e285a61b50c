import { FarmError } from "./errors.ts"

/** The longest error line. */
const LONGEST = 300

/** A warning that names the cause of the failure after it. */
const WARNING = /^w: .*?((?:gpg error|openpgp signature verification failed): .+)$/im

/** The reason why a command failed, in one line, from what the engine threw: the command's own error line, or else the engine's. */
export function failureReason(cause: unknown): string {
  const { message, stderr = "" } = cause as Error & { stderr?: string }
  const ofEngine = message.replace(/\[traceparent:[^\]]*\]/g, "")
  return errorLine(stderr) || ofEngine.trim().replace(/\s+/g, " ")
}

/** The reason of an image's failure: the farm's own error, or one line with the image's name about a command or the engine. */
export function imageFailure(name: string, cause: unknown): string {
  if (cause instanceof FarmError) return cause.message
  return `${name}: ${failureReason(cause)}; fix that, or run it again: it continues from there`
}

/** The error line in what any package manager printed, with the lines that belong to it: indented ones, or those after a colon. */
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
