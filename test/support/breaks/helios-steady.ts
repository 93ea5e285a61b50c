import { REGISTRY } from "../farm.ts"
import { type Defect, quote, defect as row, sed } from "./defect.ts"

/** Where the same image is, built without the patches that this promise stands on. */
export const UNPATCHED = `${REGISTRY}/helios-helios:unpatched`

/** The first of them in KasmVNC's series; those after it are left out too. */
export const FIRST_PATCH = "poll.patch"

const unpatched = [`COPY --from=${UNPATCHED} /usr/local/bin/Xvnc /usr/local/bin/Xvnc`]
const LATE = /\[ \d{4,} -le 1000 \]/
const MORE = /\[ \d{6,} -le \d{6} \]/
/** Of address space, in kilobytes. */
const ASKED = /\[ 4\d{6} -le \d{7} \]/
const OTHER = /values do not equal/

/** A program of the desktop for which the X server keeps 20 MB more each second. */
const HOARDER = `
const x = require("net").connect("/tmp/.X11-unix/X1")
const cookie = require("fs").readFileSync(process.env.XAUTHORITY).slice(-16)
const words = (...all) => Buffer.from(Uint32Array.from(all).buffer)
const ask = (code, detail, ...all) => x.write(Buffer.concat([Buffer.from([code, detail, all.length + 1, 0]), words(...all)]))
x.write(Buffer.concat([Buffer.from("6c000b000000120010000000", "hex"), Buffer.from("MIT-MAGIC-COOKIE-1\\0\\0"), cookie]))
x.once("data", (all) => {
  const first = all.readUInt32LE(12)
  const root = all.readUInt32LE(40 + ((all.readUInt16LE(24) + 3) & ~3) + 8 * all[29])
  let next = first
  ask(55, 0, first, root, 0)
  setInterval(() => {
    ask(53, 24, ++next, root, 2000 | (1500 << 16))
    ask(70, 0, next, first, 0, 2000 | (1500 << 16))
  }, 500)
})`
const lines = HOARDER.trim().split("\n").map(quote).join(" ")

/** Breaks of what the helios profile promises of clients that misbehave. */
export const HELIOS_STEADY: Defect[] = [
  row("h-unpatched", "steady", "half a message is waited for", unpatched, /half a message/, LATE),
  row("h-unpatched", "steady", "who reads no frame is waited for", [], /frames that nobody reads/, LATE),
  row("h-unpatched", "steady", "a full door is a frozen desktop", [], /as many as the door admits/, LATE),
  row("h-unpatched", "steady", "descriptors beyond what select() counts", [], /past the door/, OTHER),
  row("h-unpatched", "steady", "a text has what lay behind it", [], /pasted as it was copied/, OTHER),
  row("h-unpatched", "steady", "each type that is repeated is written", [], /255 times/, /still not true: moved/),
  row("h-unpatched", "steady", "4 GB are asked for", [], /announces 4 GB/, ASKED),
  row("h-unpatched", "steady", "a second door", [], /socket of its proxy/, /actual +: RFB 003\.008/),
  row("h-unpatched", "steady", "a handshake of 2009", [], /before RFC 6455/, / 101 /),
  row("h-unpatched", "input", "a pointer that is off is asked where it is", [], /program switches off/, /X connection|same_server/),
  row("h-unpatched", "view-only", "who is still is left to proxies", [], /kept alive by the server/, /no ping within 40 s/),
  row(
    "h-hoards",
    "steady",
    "the server keeps more and more",
    [
      `RUN printf '%s\\n' ${lines} >/usr/local/share/hoarder.js`,
      `RUN printf '%s\\n' '#!/bin/sh' 'exec node /usr/local/share/hoarder.js' >/etc/helios/services.d/custom.sh && chmod 0755 /etc/helios/services.d/custom.sh`,
    ],
    /as many as the door admits/,
    MORE,
  ),
  row("h-hoards", "steady", "the server keeps more and more of a few", [], /answers that nobody reads/, MORE),
  row(
    "h-uncounted",
    "steady",
    "viewers aren't counted",
    [sed("/limit_conn viewers/d", "/etc/helios/nginx/view.conf")],
    /more websockets than the door admits/,
    OTHER,
  ),
]
