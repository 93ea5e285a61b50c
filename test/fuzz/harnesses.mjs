import { mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs"
import { join } from "node:path"
import { execa } from "execa"
import { ROOT, source } from "./source.mjs"

const HERE = import.meta.dirname
const WORK = join(ROOT, "report/fuzz")

/** Bounds for one input: seconds, megabytes in all and at once. */
const BOUNDS = ["-timeout=20", "-rss_limit_mb=1024", "-malloc_limit_mb=128"]

/** Every harness, by the name of its file. */
export const names = () => readdirSync(HERE).flatMap((file) => file.match(/^(.+)\.fuzz\.(?:c|cxx)$/)?.[1] ?? [])

/** What is missing on this machine, in one line; undefined where nothing is. */
export async function missing() {
  if (!process.env.HELIOS_MIRROR) return "no source: expected a mirror of the upstreams in HELIOS_MIRROR, such as git://127.0.0.1"
  const probe = ["clang++", "-fsanitize=fuzzer,address", "-x", "c++", "-", "-o", "/dev/null"]
  const input = 'extern "C" int LLVMFuzzerTestOneInput(const unsigned char *, unsigned long) { return 0; }'
  const { failed } = await execa(probe[0], probe.slice(1), { input, reject: false })
  if (failed) return "no clang++ with libFuzzer: expected the packages clang and libclang-rt-14-dev, or those of another version"
}

/**
 * Builds the harnesses on KasmVNC's source with patches: the folder where they are.
 * @param {string} name what to call that build
 * @param {import("./source.mjs").series} patches
 */
export async function build(name, patches) {
  const folder = join(WORK, name)
  const tree = await source(process.env.HELIOS_MIRROR, folder, patches)
  const out = join(folder, "out")
  const made = await execa("nice", ["make", "--jobs", "--load-average=2", `--directory=${HERE}`, `TREE=${tree}`, `OUT=${out}`], {
    reject: false,
    all: true,
  })
  if (made.failed) throw new Error(`the harnesses can't be built on ${tree}: ${made.all.match(/.*(?:error|Error).*/)?.[0]}`)
  return out
}

const environment = (name) => ({ UBSAN_OPTIONS: "print_stacktrace=1", FUZZ_STATES: join(WORK, `${name}.states`) })

/** What one input does to a harness: undefined where it does nothing, or the sanitizer's or fuzzer's words. */
export async function verdict(out, harness, path) {
  const { exitCode, all } = await execa(join(out, harness), [...BOUNDS, path], { reject: false, all: true, env: environment(harness) })
  return exitCode ? complaint(all) : undefined
}

/** The line that says what is wrong: the promise that isn't kept, or the sanitizer's summary. */
function complaint(said) {
  return (
    said.match(/ in ((?:the|a|more|what)_\w+) /)?.[1].replaceAll("_", " ") ??
    said.match(/runtime error: .*|SUMMARY: .*/)?.[0] ??
    said.slice(-300)
  )
}

/** Fuzzes with a harness for as long as is said, from what is kept and what was found; what it did, and the file that it failed with. */
export async function fuzz(out, harness, seconds) {
  const fresh = join(WORK, "corpus", harness)
  const crashes = join(WORK, "crashes")
  for (const folder of [fresh, crashes]) mkdirSync(folder, { recursive: true })
  const kept = ["corpus", "seeds"].map((kind) => join(HERE, kind, harness))
  for (const folder of kept) mkdirSync(folder, { recursive: true })
  const options = [
    `-max_total_time=${seconds}`,
    "-max_len=16384",
    "-print_final_stats=1",
    "-close_fd_mask=2",
    `-artifact_prefix=${crashes}/${harness}-`,
  ]
  const { exitCode, all } = await execa("nice", [join(out, harness), ...BOUNDS, ...options, fresh, ...kept], {
    reject: false,
    all: true,
    env: environment(harness),
  })
  const stat = (name) => Number(all.match(new RegExp(`stat::${name}:\\s+(\\d+)`))?.[1] ?? 0)
  return {
    executions: stat("number_of_executed_units"),
    perSecond: stat("average_exec_per_sec"),
    edges: Number([...all.matchAll(/ cov: (\d+) /g)].at(-1)?.[1] ?? 0),
    fresh: stat("new_units_added"),
    crash: exitCode ? (all.match(/Test unit written to (\S+)/)?.[1] ?? harness) : undefined,
    complaint: exitCode ? complaint(all) : undefined,
    states: states(harness),
  }
}

/** How often which messages were read, by whom. */
function states(harness) {
  try {
    return readFileSync(join(WORK, `${harness}.states`), "utf8")
      .trim()
      .split("\n")
      .map((line) => line.split(" "))
  } catch {
    return []
  }
}

/** Keeps of all that was tried the fewest and smallest files that reach the same. */
export async function keep(out, harness) {
  const kept = join(HERE, "corpus", harness)
  const whole = [kept, join(WORK, "corpus", harness)]
  const smaller = join(WORK, "smaller", harness)
  rmSync(smaller, { recursive: true, force: true })
  mkdirSync(smaller, { recursive: true })
  await execa(join(out, harness), ["-merge=1", "-max_len=2048", ...BOUNDS, smaller, ...whole])
  rmSync(kept, { recursive: true, force: true })
  await execa("cp", ["-r", smaller, kept])
}
