import { chownSync, lchownSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { room } from "../farm.ts"
import { channel, entry, framed, group, launcher, panel, pictured, property, SPACE, themed } from "./xfconf.ts"

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
    ".config/openbox/autostart": "xterm\n",
    ".config/openbox/menu.xml": "<openbox_menu/>\n",
    ".config/pulse/cookie": "stale cookie 123".repeat(16),
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
