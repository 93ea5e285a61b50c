/** An image's packages as TSV: the package manager's list, with the hashes that its index had at the installation. */
export function inventory(list: string, hashes: string): string {
  const known = new Map(lines(hashes).map((line) => [line.slice(0, line.lastIndexOf(" ")), line.slice(line.lastIndexOf(" ") + 1)]))
  const rows = lines(list).map((line) => [...line.split(" "), known.get(line) ?? "-"].join("\t"))
  return `${rows.sort().join("\n")}\n`
}

const lines = (text: string) => text.split("\n").filter(Boolean)
