// npm run fuzz -- [--seconds=N] [--only=NAME,NAME] [--keep]: fuzzes the farm's KasmVNC, N seconds for each harness, 60 by default.
// --keep takes what was reached newly into test/fuzz/corpus. Ends with 1 and a file's name where something was found.
import { parseArgs } from "node:util"
import { build, fuzz, keep, missing, names } from "./harnesses.mjs"
import { series } from "./source.mjs"

const { values } = parseArgs({
  options: { seconds: { type: "string", default: "60" }, only: { type: "string" }, keep: { type: "boolean", default: false } },
})
const KINDS = {
  0: "SetPixelFormat",
  2: "SetEncodings",
  3: "FramebufferUpdateRequest",
  4: "KeyEvent",
  5: "PointerEvent",
  6: "ClientCutText",
  150: "EnableContinuousUpdates",
  178: "RequestStats",
  179: "FrameStats",
  180: "BinaryClipboard",
  181: "UpgradeToUdp",
  182: "SubscribeUnixRelay",
  183: "UnixRelay",
  248: "ClientFence",
  251: "SetDesktopSize",
  252: "SetMaxVideoResolution",
  255: "QEMUClientMessage",
}

/** A line on which messages one kind of client had read. */
function line([who, reached]) {
  const count = reached.reduce((sum, [, , times]) => sum + Number(times), 0)
  const never = Object.entries(KINDS).flatMap(([kind, name]) => (reached.some(([, read]) => read === kind) ? [] : [name]))
  return `  ${who}: ${count} messages, ${Object.keys(KINDS).length - never.length} of ${Object.keys(KINDS).length} kinds${never.length ? `, never ${never.join(", ")}` : ""}`
}

const lacks = await missing()
if (lacks) {
  console.error(`fuzz: ${lacks}`)
  process.exit(1)
}

const out = await build("patched", series())
console.log(["harness   ", "executions", "each s", " edges", "new files", "found"].join("  "))
for (const name of values.only?.split(",") ?? names()) {
  const did = await fuzz(out, name, values.seconds)
  const cells = [name.padEnd(10), String(did.executions).padStart(10), String(did.perSecond).padStart(6), String(did.edges).padStart(6)]
  console.log([...cells, String(did.fresh).padStart(9), did.crash ?? "nothing"].join("  "))
  if (did.crash) {
    console.error(`fuzz: ${name}: ${did.complaint}; again by ${out}/${name} ${did.crash}`)
    process.exitCode = 1
  }
  for (const client of ["owner", "viewer"].map((who) => [who, did.states.filter(([state]) => state === who)]))
    if (client[1].length) console.log(line(client))
  if (values.keep) await keep(out, name)
}
