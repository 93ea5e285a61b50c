import { type Defect, defect as row } from "./defect.ts"

/** Breaks of what programs take for granted in both profiles. */
export const PROGRAMS: Defect[] = [
  row(
    "env",
    "programs",
    "links go to no browser",
    ["RUN rm /usr/bin/sensible-browser"],
    /a link goes to the browser/,
    /true: opened https:\/\/example\.org\//,
  ),
  row(
    "env",
    "programs",
    "nothing shows notifications",
    ["RUN rm /usr/share/dbus-1/services/*Notifications.service"],
    /a notification is shown/,
    /org\.freedesktop\.Notifications was not provided/,
  ),
  row(
    "env",
    "programs",
    "a way out of no session",
    ["RUN rm /usr/local/share/applications/xfce4-session-logout.desktop"],
    /entry to log out/,
    /values do not equal/,
  ),
  row(
    "env",
    "programs",
    "each program of the desktop asks for visuals by itself",
    ["RUN sed -i /xfwm4/d /usr/local/lib/helios/bin/know-visuals"],
    /keeps a driver of OpenGL/,
    /LLVM/,
  ),
]
