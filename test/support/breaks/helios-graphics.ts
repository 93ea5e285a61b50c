import { type Defect, defect as row } from "./defect.ts"

/** Breaks of what the helios profile promises of GPUs. */
export const HELIOS_GRAPHICS: Defect[] = [
  row(
    "h-told",
    "gl",
    "nobody says what renders",
    ["RUN ln -sf /bin/true /usr/local/lib/helios/bin/graphics"],
    /the log says/,
    /20 s still not true/,
  ),
  row(
    "h-open",
    "gl",
    "NVIDIA's driver needs files of its own",
    ["RUN ln -sf /bin/true /usr/local/lib/helios/bin/vendor-files"],
    /driver of NVIDIA's is found/,
    /command failed/,
  ),
]
