import { type Defect, PATHS, defect as row, sed } from "./defect.ts"
import { HELIOS } from "./helios.ts"

/** Breaks of what both profiles promise of homes that another image filled, in images of kvdi. */
export const MOVED: Defect[] = [
  row(
    "moved",
    "moved",
    "a panel is where no display is",
    [sed('s/^    if is_elsewhere "$line"; then$/    if false; then/', PATHS.fit)],
    /on a display that isn't there/,
    /30 s still not true: usable/,
  ),
  row(
    "moved",
    "moved",
    "a menu that isn't there is left out",
    [sed("s/whiskermenu/&-s/g", PATHS.fit)],
    /replaced by its own/,
    /10 s still not true: opens/,
  ),
  row(
    "moved",
    "moved",
    "a wallpaper is looked for nowhere",
    [sed("/^  fit xfce4-desktop /d", PATHS.fit)],
    /is the image's own/,
    /20 s still not true: wallpaper_shown/,
  ),
  row(
    "moved-file",
    "moved",
    "a name is taken as the file has it",
    [sed("s/^  value=${value.*/  :/", PATHS.fit)],
    /stays as it is, whatever it names/,
    /before-helios/,
  ),
  row(
    "moved-file",
    "moved",
    "what is somebody else's isn't told",
    [sed("/^  report_others$/d", PATHS.fit)],
    /folders of somebody else's are told/,
    /can't be written to by user 1000/,
  ),
]

/** The same in images of helios, whose services do it. */
export const HELIOS_MOVED: Defect[] = [
  row(
    "h-moved",
    "moved",
    "settings are read as they came",
    [sed("s/as-user [^ ]*/true/", `${HELIOS.services}/fit-settings/up`)],
    /on a display that isn't there/,
    /30 s still not true: usable/,
  ),
]
