/** A line of apt-get --simulate: what is installed or upgraded, to which version and for which architecture. */
const INSTALLED = /^Inst (\S+) (?:\[[^\]]*\] )?\((\S+) .*\[([^\]]+)\]\)/
const REMOVED = /^(?:Remv|Purg) (\S+)/

/** An image's packages as TSV: the package manager's list, with the hashes that its index had at the installation. */
export function inventory(list: string, hashes: string): string {
  const known = new Map(lines(hashes).map((line) => [line.slice(0, line.lastIndexOf(" ")), line.slice(line.lastIndexOf(" ") + 1)]))
  const rows = lines(list).map((line) => [...line.split(" "), known.get(line) ?? "-"].join("\t"))
  return `${rows.sort().join("\n")}\n`
}

/**
 * A package manager's list, sorted, as it will be once what its simulations have printed is done. A package that two architectures have
 * counts once.
 */
export function simulated(list: string, simulations: string[]): string[] {
  const packages = new Map(lines(list).map((line) => [line.split(" ")[0], line]))
  for (const line of simulations.flatMap(lines)) {
    const [, name = "", version, architecture] = line.match(INSTALLED) ?? []
    if (version) packages.set(name, `${name} ${version} ${architecture}`)
    const [, removed] = line.match(REMOVED) ?? []
    if (removed) packages.delete(removed)
  }
  return [...packages.values()].sort()
}

const lines = (text: string) => text.split("\n").filter(Boolean)
