/**
 * A desktop of one's own, in TypeScript: one of Helios' images with a colour picker, and proven as Helios proves its own.
 * `dagger call --mod=examples/typescript smoke --distro=bookworm`
 */
import { type Container, dag, func, type HeliosImage, HeliosProfile, object } from "@dagger.io/dagger"

const INSTALL = `
  apt-get update
  apt-get install --yes --no-install-recommends gpick
  apt-get clean
  rm -rf /var/lib/apt/lists/*
`

/** Debian desktops with a colour picker. */
@object()
export class Desk {
  profile: string
  mirror?: string

  /**
   * @param profile helios, a desktop in the browser, or kvdi, a VNC server.
   * @param mirror Where Helios fetches upstreams from in a closed network, such as git://HOST/PATH.
   */
  constructor(profile: string = "helios", mirror?: string) {
    this.profile = profile
    this.mirror = mirror
  }

  /**
   * Lists what Helios builds, a line for each distro and profile.
   * `dagger call --mod=examples/typescript desktops`
   */
  @func()
  async desktops(): Promise<string> {
    return dag.helios().distros().summary()
  }

  /**
   * Builds the image, to be published, exported or opened in a terminal.
   * `dagger call --mod=examples/typescript container --distro=bookworm`
   */
  @func()
  container(distro: string): Container {
    return this.image(distro).container().withExec(["sh", "-euc", INSTALL])
  }

  /**
   * Boots the image and checks Helios' promises on it: a line for each; fails if one isn't kept.
   * `dagger call --mod=examples/typescript smoke --distro=bookworm`
   */
  @func({ cache: "never" })
  async smoke(distro: string): Promise<string> {
    return this.image(distro)
      .smoke({ container: this.container(distro) })
      .verify()
  }

  private image(distro: string): HeliosImage {
    const profile = this.profile === "kvdi" ? HeliosProfile.Kvdi : HeliosProfile.Helios
    return dag.helios({ mirror: this.mirror }).image(distro, { profile })
  }
}
