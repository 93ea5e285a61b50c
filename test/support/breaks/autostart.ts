import { type Defect, PATHS, defect as row, sed } from "./defect.ts"

/** Breaks of what both profiles promise of programs that start by themselves. */
export const AUTOSTART: Defect[] = [
  row(
    "files",
    "autostart",
    "nothing is started",
    [sed("s/gio launch/true/", PATHS.autostart)],
    /once at each start/,
    /true: started first$/m,
  ),
  row(
    "devices",
    "autostart",
    "the system's file counts too",
    [sed("s/ || \\[ -n .*; then/; then/", PATHS.autostart)],
    /comes first/,
    /true: started last mine ours/,
  ),
  row(
    "screen",
    "autostart",
    "all of a package's files count",
    [`RUN rm -r ${PATHS.entries}`],
    /by a package's file/,
    /true: started other/,
  ),
]
