const MARK = " # bench"

/** A script with a line of the bench after its first one, in place of an earlier such line. */
export function onSecondLine(script, line) {
  const [first, ...rest] = script.split("\n")
  return [first, `${line}${MARK}`, ...(rest[0]?.endsWith(MARK) ? rest.slice(1) : rest)].join("\n")
}
