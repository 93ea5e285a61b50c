import { cpus } from "node:os"
import { setTimeout as sleep } from "node:timers/promises"
import { execa } from "execa"

/** The seconds in a row in which processors have to do almost nothing, and how long that is waited for. */
const QUIET = 3
const PATIENCE = 180
const ALMOST_NOTHING = 0.15

/** Milliseconds that the processors have worked, and those that there were. */
function spent(): [busy: number, all: number] {
  const times = cpus().map(({ times }) => times)
  const all = times.flatMap((one) => Object.values(one)).reduce((sum, one) => sum + one, 0)
  return [all - times.reduce((sum, { idle }) => sum + idle, 0), all]
}

/**
 * Waits until what was started has settled: an engine makes networks ahead for half a minute after it answers, and what was written has to
 * reach the disk. Throws if the machine has other work.
 */
export async function idle(): Promise<void> {
  await execa("sync")
  let quiet = 0
  for (let second = 0; quiet < QUIET; second++) {
    if (second === PATIENCE) throw new Error(`nothing to be measured here: the machine wasn't idle for ${QUIET} s within ${PATIENCE} s`)
    const [busy, all] = spent()
    await sleep(1000)
    const [busyThen, allThen] = spent()
    quiet = (busyThen - busy) / (allThen - all) < ALMOST_NOTHING ? quiet + 1 : 0
  }
}
