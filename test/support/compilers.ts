import { readdirSync, readFileSync } from "node:fs"

/** What compiles, assembles or links, by the names that the kernel has of them. */
const COMPILERS = /^(cc1|cc1plus|as|ld|ld\.bfd|collect2|lto1|gcc|g\+\+|nasm|rustc)$/

/** The processes of this machine, those in containers included, by number. */
function running(): Map<string, string> {
  const all = readdirSync("/proc").filter((name) => /^\d+$/.test(name))
  return new Map(
    all.flatMap((pid) => {
      try {
        return [[pid, readFileSync(`/proc/${pid}/comm`, "utf8").trim()]]
      } catch {
        // It ended meanwhile.
        return []
      }
    }),
  )
}

/** Counts the compilers that run while work is done, by looking each 100 ms: what the work came to, its seconds, and the names of those that were seen. */
export async function watchingCompilers<T>(work: () => Promise<T>): Promise<{ result: T; seconds: number; compilers: string[] }> {
  const seen = new Map<string, string>()
  const look = setInterval(() => {
    for (const [pid, name] of running()) if (COMPILERS.test(name)) seen.set(pid, name)
  }, 100)
  const began = Date.now()
  try {
    const result = await work()
    return { result, seconds: (Date.now() - began) / 1000, compilers: [...seen.values()] }
  } finally {
    clearInterval(look)
  }
}
