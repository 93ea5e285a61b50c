import { type Defect, PATHS, defect as row, sed } from "./defect.ts"

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
