import { type Defect, PATHS, defect as row, sed } from "./defect.ts"
import { HELIOS, xvnc } from "./helios.ts"

/** Breaks of what the kvdi profile promises of the clipboard. */
export const KVDI_CLIPBOARD: Defect[] = [
  row(
    "screen",
    "clipboard",
    "what is selected leaves",
    [sed("s/ -SendPrimary=0//", PATHS.xvnc)],
    /selected alone doesn't/,
    /actual \(3 lines\):(.|\n)*selected/,
  ),
  row(
    "devices",
    "clipboard",
    "the middle button has nothing",
    [sed("s/-SendPrimary=0/& -SetPrimary=0/", PATHS.xvnc)],
    /by the middle button/,
    /target STRING not available|values do not equal/,
  ),
]

const clipboard = (options: string) => sed(`s/$(clipboard "$CLIPBOARD")/${options}/`, HELIOS.xvnc)

/** The same of the helios profile. */
export const HELIOS_CLIPBOARD: Defect[] = [
  row("h-deaf", "clipboard", "none is taken", [clipboard("-AcceptCutText=0")], /pasted in the desktop/, /10 s still not true: pasted/),
  row("h-deaf", "clipboard", "none is taken from any client", [], /CLIPBOARD=both/, /5 s still not true: held inwards/),
  row("h-deaf", "clipboard", "what is selected leaves", [xvnc("-SendPrimary=1")], /selected alone stays/, /value does not match/),
  row(
    "h-mute",
    "clipboard",
    "the middle button has none",
    [xvnc("-SetPrimary=0")],
    /for the middle button/,
    /STRING not available|do not equal/,
  ),
  row("h-mute", "clipboard", "none is given", [clipboard("-SendCutText=0")], /pasted in the browser/, /10 s still not true: pasted/),
  row(
    "h-mute",
    "clipboard",
    "a click has to come first",
    [`RUN find ${HELIOS.www} -name '*.js' -exec sed -i 's/==="granted"&&this.checkLocal/==="never"\\&\\&this.checkLocal/' {} +`],
    /comes back by a key/,
    /10 s still not true: returned/,
  ),
  row("h-lax", "clipboard", "CLIPBOARD=in gives", [clipboard("")], /CLIPBOARD=in/, /command succeeded/),
  row("h-lax", "clipboard", "CLIPBOARD=out takes", [], /CLIPBOARD=out/, /assertion failed|held before/),
  row("h-lax", "clipboard", "CLIPBOARD=off takes", [], /CLIPBOARD=off/, /assertion failed|held before/),
  row(
    "h-lax",
    "clipboard",
    "any CLIPBOARD is taken",
    [sed("/require_one_of CLIPBOARD/d", HELIOS.settings)],
    /another CLIPBOARD/,
    /10 s still not true: gone/,
  ),
]
