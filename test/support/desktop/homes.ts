import { chownSync, lchownSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { room } from "../farm.ts"

/** A home as another image leaves it: names and shapes are that image's, what is in the files is made up. */
export interface Home {
  name: string
  /** Where it is mounted there. */
  place: string
  /** Who owns its files there. */
  owner: [uid: number, gid: number]
  files: Record<string, string>
  links: Record<string, string>
}

type Scalar = string | number | boolean | { uint: number }

function typed(value: Scalar): string {
  const [type, text] =
    typeof value === "object"
      ? ["uint", value.uint]
      : [{ string: "string", number: "int", boolean: "bool" }[typeof value as "string" | "number" | "boolean"], value]
  return `type="${type}" value="${text}"`
}

/** A property of xfconf as its files have it: a value, a list or nothing of its own, and what is below it. */
function property(name: string, value?: Scalar | Scalar[], below: string[] = []): string {
  const values = Array.isArray(value) ? value.map((one) => `<value ${typed(one)}/>`) : []
  const own = Array.isArray(value) ? 'type="array"' : value === undefined ? 'type="empty"' : typed(value)
  const inner = [...values, ...below]
  return inner.length ? `<property name="${name}" ${own}>\n${inner.join("\n")}\n</property>` : `<property name="${name}" ${own}/>`
}

const group = (name: string, ...below: string[]) => property(name, undefined, below)

const CHANNELS = ".config/xfce4/xfconf/xfce-perchannel-xml"

/** A channel's file, by its path. */
const channel = (name: string, ...below: string[]): Record<string, string> => ({
  [`${CHANNELS}/${name}.xml`]: `<?xml version="1.0" encoding="UTF-8"?>\n\n<channel name="${name}" version="1.0">\n${below.join("\n")}\n</channel>\n`,
})

/** A panel along an edge with those plugins; one that is a list is its kind, then what is below it. */
function panel(position: string, size: number, plugins: (string | [kind: string, ...below: string[]])[], more: string[] = []) {
  const ids = plugins.map((_, at) => at + 1)
  const place = [property("position", position), property("length", { uint: 100 }), property("position-locked", true)]
  const one = group("panel-1", ...place, ...more, property("size", { uint: size }), property("plugin-ids", ids))
  const kinds = plugins.map((plugin, at) => {
    const [kind = "", ...below] = [plugin].flat()
    return property(`plugin-${at + 1}`, kind, below)
  })
  return channel("xfce4-panel", property("configver", 2), property("panels", [1], [one]), group("plugins", ...kinds))
}

/** A picture on each workspace of a monitor. */
const pictured = (image: string, ...monitors: string[]) =>
  channel(
    "xfce4-desktop",
    group(
      "backdrop",
      group(
        "screen0",
        ...monitors.map((monitor) =>
          group(
            `monitor${monitor}`,
            ...[0, 1].map((number) => group(`workspace${number}`, property("image-style", 5), property("last-image", image))),
          ),
        ),
      ),
    ),
  )

const themed = (theme: string, icons: string, ...xft: string[]) =>
  channel("xsettings", group("Net", property("ThemeName", theme), property("IconThemeName", icons)), group("Xft", ...xft))

const framed = (theme: string, workspaces: number) =>
  channel(
    "xfwm4",
    group("general", property("theme", theme), property("use_compositing", false), property("workspace_count", workspaces)),
  )

const SPACE: [string, string, string] = ["separator", property("expand", true), property("style", { uint: 0 })]
const launcher = (file: string): [string, string] => ["launcher", property("items", [file])]
const entry = (name: string, exec: string) => `[Desktop Entry]\nType=Application\nName=${name}\nExec=${exec}\nIcon=${name}\n`

/** What everybody's own files are here: they must be there afterwards. */
const OWN = { "notes.txt": "mine\n", ".config/mine/settings.ini": "[mine]\nkept=yes\n", "Desktop/plan.txt": "first\n" }

/** linuxserver's: /config of its KasmVNC base and of the webtop with XFCE on it. */
export const LINUXSERVER: Home = {
  name: "linuxserver",
  place: "/config",
  owner: [911, 911],
  files: {
    ...OWN,
    ".bashrc": 'export PATH="$HOME/.local/bin:$PATH"\n',
    ".XDG/dbus-1/services/.keep": "",
    ".dbus/session-bus/0123456789abcdef0123456789abcdef-1": "DBUS_SESSION_BUS_ADDRESS=unix:path=/tmp/dbus-gone\n",
    ".ICEauthority": "stale",
    ".cache/sessions/xfce4-session-gone:1": "[Session: Default]\nCount=0\n",
    ".config/openbox/autostart": "xterm\n",
    ".config/openbox/menu.xml": "<openbox_menu/>\n",
    ".config/pulse/cookie": "stale",
    ".local/bin/proot-apps": "#!/bin/sh\n",
    "ssl/cert.pem": "none\n",
    "ssl/cert.key": "none\n",
    ...panel("p=6;x=0;y=0", 26, [
      "applicationsmenu",
      ["tasklist", property("grouping", { uint: 1 })],
      SPACE,
      "pager",
      "systray",
      ["pulseaudio", property("enable-keyboard-shortcuts", true)],
      "clock",
      "actions",
      launcher("1001.desktop"),
      launcher("1002.desktop"),
      ["directorymenu", property("base-directory", "/config")],
    ]),
    ".config/xfce4/panel/launcher-9/1001.desktop": entry("mousepad", "mousepad %F"),
    ...pictured("/usr/share/xfce4/backdrops/theirs.png", "VNC-0"),
    ...themed("Greybird-dark", "elementary-xfce-dark"),
    ...framed("Greybird-dark", 4),
    ...channel("xfce4-session", group("general", property("SaveOnExit", false))),
  },
  links: { ".config/pulse/runtime": "/config/.XDG/pulse" },
}

/** Helios' 0.x, whose settings lie in the image until the user changes one. */
export const HELIOS_0: Home = {
  name: "helios-0",
  place: "/home/bob",
  owner: [1000, 1000],
  files: {
    ...OWN,
    ".bashrc": "fastfetch\n",
    ".Xauthority": "stale",
    ".ICEauthority": "stale",
    ".config/gtk-3.0/gtk.css": "#whiskermenu-button image { -gtk-icon-transform: scale(.75); }\n",
    ".config/xfce4/panel/whiskermenu-1.rc": "button-title=Menu\n",
    ".config/xfce4/helpers.rc": "TerminalEmulator=xfce4-terminal\nWebBrowser=custom-WebBrowser\n",
    "Downloads/got.txt": "got\n",
    ...panel("p=10;x=0;y=0", 42, [
      ["whiskermenu", property("button-title", "Menu")],
      "separator",
      ["tasklist", property("show-labels", false)],
      SPACE,
      ["clock", property("digital-format", "%H:%M")],
    ]),
    ...pictured("/usr/share/backgrounds/background.jpg", "VNC-0", "VNC-1"),
    ...themed("Orchis-Orange-Dark-Compact", "elementary"),
    ...framed("Default", 4),
    ...channel(
      "displays",
      property("ActiveProfile", "Default"),
      group(
        "Default",
        property("VNC-0", "VNC-0", [
          property("Active", true),
          property("Resolution", "1920x1080"),
          property("RefreshRate", "60.000000").replace('"string"', '"double"'),
          property("Rotation", 0),
          property("Reflection", "0"),
          property("Primary", false),
          group("Position", property("X", 0), property("Y", 0)),
        ]),
      ),
    ),
  },
  links: { ".vnc": "/opt/helios/.vnc/", ".kasmpasswd": "/opt/helios/.vnc/.kasmpasswd" },
}

/** Kasm's core image, whose home is filled from the one of its build. */
export const KASM: Home = {
  name: "kasm",
  place: "/home/kasm-user",
  owner: [1000, 0],
  files: {
    ...OWN,
    ".bashrc": "source $STARTUPDIR/generate_container_user\n",
    ".Xauthority": "stale",
    ".ICEauthority": "stale",
    ".kasmpasswd": "kasm_user:none:ow\n",
    ".vnc/xstartup": "exit 0\n",
    ".vnc/kasmvnc.yaml": "network:\n  protocol: http\n",
    ".vnc/self.pem": "none\n",
    ".vnc/.de-was-selected": "",
    "Uploads/sent.txt": "sent\n",
    "Downloads/got.txt": "got\n",
    ...panel("p=6;x=0;y=0", 30, [
      ["applicationsmenu", property("button-icon", "/usr/share/extra/icons/icon_default.png")],
      "tasklist",
      SPACE,
      "systray",
      "pager",
      "power-manager-plugin",
    ]),
    ...pictured("/usr/share/backgrounds/bg_default.png", "0", "VNC-0", "VNC-1"),
    ...themed("", "ubuntu-mono-dark", property("DPI", 96), property("Antialias", 1)),
    ...framed("Default", 4),
    ...channel("xfce4-session", group("sessions", group("Failsafe", property("Client3_Command", ["/usr/bin/execThunar.sh"])))),
  },
  links: { "Desktop/Uploads": "/home/kasm-user/Uploads", "Desktop/Downloads": "/home/kasm-user/Downloads" },
}

/** Lays a home out, all of it of that owner: a folder that is to be a volume. */
export function layHome({ files, links }: Home, [uid, gid]: [number, number]): string {
  const folder = join(room(), "home")
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  for (const [path, target] of Object.entries(links)) symlinkSync(target, join(folder, path))
  chownSync(folder, uid, gid)
  for (const path of readdirSync(folder, { recursive: true })) lchownSync(join(folder, String(path)), uid, gid)
  return folder
}
