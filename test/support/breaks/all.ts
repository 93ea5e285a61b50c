import { AUTOSTART } from "./autostart.ts"
import { HELIOS_CLIPBOARD, KVDI_CLIPBOARD } from "./clipboard.ts"
import { COMMON } from "./common.ts"
import { CONTAINED, HELIOS_CONTAINED } from "./contained.ts"
import type { Defect } from "./defect.ts"
import { HELIOS_ACCESS } from "./helios-access.ts"
import { HELIOS_FLEET } from "./helios-fleet.ts"
import { HELIOS_GRAPHICS } from "./helios-graphics.ts"
import { HELIOS_GUESTS } from "./helios-guests.ts"
import { HELIOS_HEALTH } from "./helios-health.ts"
import { HELIOS_INPUT } from "./helios-input.ts"
import { HELIOS_NETWORKS } from "./helios-networks.ts"
import { HELIOS_SESSION } from "./helios-session.ts"
import { HELIOS_STEADY } from "./helios-steady.ts"
import { HELIOS_WEB } from "./helios-web.ts"
import { KVDI } from "./kvdi.ts"
import { LANGUAGES } from "./languages.ts"
import { HELIOS_MOVED, MOVED } from "./moved.ts"
import { HELIOS_PLACES, PLACES } from "./places.ts"
import { HELIOS_PODMAN, PODMAN, type PodmanDefect } from "./podman.ts"
import { PROGRAMS } from "./programs.ts"
import { SUPERVISORD } from "./supervisord.ts"
import { SYSTEMD } from "./systemd.ts"
import { HELIOS_UNPRIVILEGED, UNPRIVILEGED } from "./unprivileged.ts"

/** Every broken image, by the overlays that it is made of. */
export const BREAKS: { overlays: string[]; defects: Defect[]; byPodman: PodmanDefect[] }[] = [
  {
    overlays: ["all", "kvdi", "kvdi-supervisord"],
    defects: [AUTOSTART, COMMON, CONTAINED, KVDI, KVDI_CLIPBOARD, LANGUAGES, MOVED, PLACES, PROGRAMS, SUPERVISORD, UNPRIVILEGED].flat(),
    byPodman: PODMAN,
  },
  { overlays: ["all", "kvdi", "kvdi-systemd"], defects: SYSTEMD, byPodman: [] },
  {
    overlays: ["all", "helios"],
    defects: [
      ...[
        HELIOS_ACCESS,
        HELIOS_CLIPBOARD,
        HELIOS_CONTAINED,
        HELIOS_FLEET,
        HELIOS_GRAPHICS,
        HELIOS_GUESTS,
        HELIOS_HEALTH,
        HELIOS_INPUT,
        HELIOS_MOVED,
        HELIOS_NETWORKS,
        HELIOS_PLACES,
      ],
      ...[HELIOS_SESSION, HELIOS_STEADY, HELIOS_UNPRIVILEGED, HELIOS_WEB],
    ].flat(),
    byPodman: HELIOS_PODMAN,
  },
]

/** The defects of images whose last overlay is that one. */
export const defectsOf = (overlay: string): Defect[] => BREAKS.find(({ overlays }) => overlays.at(-1) === overlay)?.defects ?? []
