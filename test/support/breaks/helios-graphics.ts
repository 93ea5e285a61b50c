import { type Defect, defect as row } from "./defect.ts"
import { HELIOS } from "./helios.ts"

/** Breaks of what the helios profile promises of GPUs. */
export const HELIOS_GRAPHICS: Defect[] = [
  row("h-told", "gl", "nobody says what renders", [`RUN ln -sf /bin/true ${HELIOS.graphics}`], /the log says/, /20 s still not true/),
  row(
    "h-open",
    "gl",
    "NVIDIA's driver needs files of its own",
    [`RUN ln -sf /bin/true ${HELIOS.vendorFiles}`],
    /driver of NVIDIA's is found/,
    /command failed/,
  ),
]
