/** The desktops that the farm knows how to make. */
export enum Profile {
  /** A desktop in the browser, on port 3000. */
  Helios = "helios",
  /** A VNC server on a unix or tcp socket, for a VDI controller. */
  Kvdi = "kvdi",
}

/** What supervises the processes of an image. */
export enum Init {
  /** s6-overlay, built from source. */
  S6 = "s6",
  /** tini and supervisord: no capability beyond a plain container's. */
  Supervisord = "supervisord",
  /** systemd, with the desktop as units of its user. */
  Systemd = "systemd",
}

/** The platforms that images are built for. */
export const PLATFORMS = ["linux/amd64", "linux/arm64"] as const

/** How one kind of init runs a profile's desktop. */
export interface InitRecipe {
  entrypoint: string[]
  /** Folders that lie over the profile's own, in order. */
  overlays: string[]
  /** The signal that stops process 1, if that isn't SIGTERM. */
  stopSignal: string | null
}

/** What a profile is made of, whatever the distro. */
export interface ProfileRecipe {
  /** Package roles of the family, apart from the init's. */
  roles: string[]
  /** Whether the upstreams are built from source for it. */
  fromSource: boolean
  /** Folders that are copied over the packages, in order, whatever the init. */
  overlays: string[]
  /** The inits that can run it. */
  inits: Partial<Record<Init, InitRecipe>>
  /** The environment that an image comes with. */
  environment: Record<string, string>
  /** TCP ports that an image names as its own. */
  ports: number[]
  /** The repository's name below a registry. */
  repository: string
}

/** By these the user's own log-ins find the desktop, which have the image's environment and none of the session's. */
const DISPLAY = { DISPLAY: ":1", XAUTHORITY: "/run/helios/Xauthority" }

/** XFCE's settings of the images lie over those that packages bring. */
const SETTINGS = { XDG_CONFIG_DIRS: "/etc/helios/xdg:/etc/xdg" }

/** Every profile's recipe. */
export const RECIPES: Record<Profile, ProfileRecipe> = {
  [Profile.Helios]: {
    roles: ["audio", "desktop", "helios"],
    fromSource: true,
    overlays: ["common/overlays/all", "common/overlays/helios"],
    inits: { [Init.S6]: { entrypoint: ["/usr/local/bin/helios-init"], overlays: [], stopSignal: null } },
    environment: { ...DISPLAY, ...SETTINGS, LANG: "C.UTF-8", VGL_DISPLAY: "egl", NVIDIA_DRIVER_CAPABILITIES: "all" },
    ports: [3000],
    repository: "helios",
  },
  [Profile.Kvdi]: {
    roles: ["audio", "desktop", "vnc"],
    fromSource: false,
    overlays: ["common/overlays/all", "common/overlays/kvdi"],
    inits: {
      [Init.Supervisord]: {
        entrypoint: ["tini", "-s", "--", "/usr/local/bin/kvdi-init"],
        overlays: ["common/overlays/kvdi-supervisord"],
        stopSignal: null,
      },
      // By this path podman knows an image that needs what systemd does.
      [Init.Systemd]: { entrypoint: ["/usr/local/sbin/init"], overlays: ["common/overlays/kvdi-systemd"], stopSignal: "SIGRTMIN+3" },
    },
    environment: { ...DISPLAY, ...SETTINGS, DISPLAY_SOCK_ADDR: "unix:///var/run/kvdi/display.sock", LANG: "C.UTF-8" },
    ports: [],
    repository: "helios-kvdi",
  },
}
