import { type Defect, defect as row, sed } from "./defect.ts"
import { HELIOS } from "./helios.ts"

/** Breaks of what the helios profile promises to Juno's charts. */
export const HELIOS_FLEET: Defect[] = [
  row("h-told", "init-hook", "folders of hooks are skipped", [sed('s| "$folder"/\\*/entrypoint.sh||', HELIOS.hooks)], /in order/, /third/),
  row(
    "h-told",
    "fleet",
    "the menu has its own entries alone",
    [`RUN ln -sf /bin/true ${HELIOS.desktopFiles}`],
    /are in the menu/,
    /assertion failed/,
  ),
  row("h-open", "fleet", "no script for a stop", ["RUN rm /etc/helios/shutdown.d/custom.sh"], /script for a stop/, /no such file/i),
  row("h-deaf", "fleet", "SUDO is taken", [sed("/there is no sudo/d", HELIOS.settings)], /SUDO and/, /10 s still not true: gone/),
]
