/** The desktops that the farm knows how to make. */
export enum Profile {
  /** A VNC server on a unix or tcp socket, for a VDI controller. */
  Kvdi = "kvdi",
}

/** What supervises the processes of an image. */
export enum Init {
  /** tini and supervisord: no capability beyond a plain container's. */
  Supervisord = "supervisord",
}

/** The platforms that images are built for. */
export const PLATFORMS = ["linux/amd64", "linux/arm64"] as const

/** What a profile is made of, whatever the distro. */
export interface ProfileRecipe {
  /** Package roles of the family, apart from the init's. */
  roles: string[]
  /** Folders that are copied over the packages, in order. */
  overlays: string[]
  /** How each init is started. */
  entrypoints: Record<Init, string[]>
  /** The environment that an image comes with. */
  environment: Record<string, string>
  /** The repository's name below a registry. */
  repository: string
}

/** Every profile's recipe. */
export const RECIPES: Record<Profile, ProfileRecipe> = {
  [Profile.Kvdi]: {
    roles: ["audio", "desktop", "vnc"],
    overlays: ["common/shared", "common/kvdi"],
    entrypoints: { [Init.Supervisord]: ["tini", "--", "/usr/local/bin/kvdi-init"] },
    environment: { DISPLAY_SOCK_ADDR: "unix:///var/run/kvdi/display.sock", LANG: "C.UTF-8" },
    repository: "helios-kvdi",
  },
}
