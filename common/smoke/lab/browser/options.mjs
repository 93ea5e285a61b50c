/** Splits off the options --name or --name=value that stand before everything else. */
export function options(args) {
  const rest = [...args]
  const given = { header: [] }
  while (rest[0]?.startsWith("--")) {
    const [, name, value = "true"] = rest.shift().match(/^--([a-z]+)(?:=(.*))?$/s)
    if (name === "header") given.header.push(value)
    else given[name] = value
  }
  return [given, rest]
}

/** HTTP headers: those given as "Name: value", and a user's name and password. */
export function headers({ header, user }) {
  const named = header.map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 1).trim()])
  const authorization = user === undefined ? [] : [["Authorization", `Basic ${Buffer.from(user).toString("base64")}`]]
  return Object.fromEntries([...authorization, ...named])
}
