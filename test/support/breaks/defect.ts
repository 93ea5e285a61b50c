/** A way to break an image, and what the check that guards against it says. */
export interface Defect {
  /** The image that it shares with others, which meet other checks, so that each failure has one cause. */
  image: string
  promise: string
  name: string
  /** Lines of a Containerfile. */
  lines: string[]
  /** The check that must fail. */
  check: RegExp
  /** What it must give as its reason. */
  reason: RegExp
}

/** The arguments in the order of a table's row. */
export function defect(image: string, promise: string, name: string, lines: string[], check: RegExp, reason: RegExp): Defect {
  return { image, promise, name, lines, check, reason }
}

/** A word for the shell, as it is. */
export const quote = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`

/** Edits files of the image. */
export const sed = (script: string, ...files: string[]) => `RUN sed -i ${quote(script)} ${files.join(" ")}`

/** Where images of both inits have what is broken, and those of supervisord their programs. */
export const PATHS = {
  xvnc: "/usr/local/bin/kvdi-xvnc",
  init: "/usr/local/bin/kvdi-init",
  locale: "/usr/local/lib/helios/locale.sh",
  groups: "/usr/local/lib/helios/groups.sh",
  home: "/usr/local/lib/helios/home.sh",
  fill: "/usr/local/lib/helios/bin/fill-home",
  fit: "/usr/local/lib/helios/bin/fit-settings",
  user: "/usr/local/lib/helios/user.sh",
  folders: "/usr/local/lib/helios/folders.sh",
  hooks: "/usr/local/lib/helios/bin/run-hooks",
  environment: "/usr/local/lib/helios/environment.sh",
  display: "/usr/local/lib/helios/display.sh",
  sound: "/etc/helios/kvdi.pa",
  wallpaper: "/usr/share/backgrounds/helios.svg",
  xfconf: "/etc/xdg/xfce4/xfconf/xfce-perchannel-xml",
  shortcuts: "/etc/helios/xdg/xfce4/xfconf/xfce-perchannel-xml/xfce4-keyboard-shortcuts.xml",
  programs: "/etc/supervisor/conf.d",
  autostart: "/usr/local/lib/helios/bin/autostart",
  entries: "/etc/helios/xdg/autostart",
}

/** A service that runs and does nothing. */
export const idle = (program: string) => sed("s|^command=.*|command=sleep infinity|", `${PATHS.programs}/${program}.conf`)
