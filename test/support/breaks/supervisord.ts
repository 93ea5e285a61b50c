import { type Defect, PATHS, defect as row, sed } from "./defect.ts"

/** Breaks of what the kvdi profile promises of supervisord. */
export const SUPERVISORD: Defect[] = [
  row(
    "tini",
    "supervisord",
    "a program that supervisord has only forked is told in vain",
    [sed('s/come_by(b"GET.*/pass/;s/while is_starting()/while False/', "/usr/local/lib/helios/bin/end-supervisord")],
    /started a moment ago/,
    /5 s still not true: gone/,
  ),
  row(
    "tini",
    "supervisord",
    "programs from outside are killed unasked",
    [sed("/^  ask_programs$/d", "/usr/local/lib/helios/services.sh")],
    /started from outside is asked/,
    /home\/bob\/asked/,
  ),
  // The lines are those of "process 1 doesn't reap".
  row("tini", "supervisord", "process 1 is not tini", [], /tini is process 1/, /line : \/usr\/bin\/tini(.|\n)*python/),
  row(
    "tini",
    "supervisord",
    "more than six capabilities are needed",
    [sed("s|^make_user$|chroot / true\\nmake_user|", PATHS.init)],
    /six of a plain container's capabilities/,
    /30 s still not true: usable/,
  ),
  row(
    "tini",
    "supervisord",
    "a program has a capability of its own",
    ["RUN setcap cap_chown+ep /usr/bin/xfdesktop"],
    /no capability at all/,
    /CapEff:.0000000000000001/,
  ),
]
