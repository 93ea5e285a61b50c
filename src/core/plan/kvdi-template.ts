import { Init, Profile } from "../catalog/profiles.ts"
import { FarmError } from "../errors.ts"
import { parseReference } from "../registry/reference.ts"
import type { Plan } from "./plan.ts"

/** What decides a template. */
export type TemplateInput = Pick<Plan, "distro" | "profile" | "init" | "environment">

/** An image's name among those of its profile: its distro, and its init if that isn't supervisord. */
export const templateName = ({ distro, init }: TemplateInput) => (init === Init.Supervisord ? distro : `${distro}-${init}`)

/**
 * kVDI's manifest of a desktop, as YAML, for an image at that address.
 *
 * Mounts and capabilities are kVDI's to add, by what it calls init. It starts supervisord's desktops as their user; our inits
 * have to be root until they have made that user, and kVDI's other kind is.
 */
export function kvdiTemplate(plan: TemplateInput, address: string): string {
  if (plan.profile !== Profile.Kvdi)
    throw new FarmError(
      `kvdi-template: kVDI takes VNC servers, and this is an image of ${plan.profile}; expected --profile=${Profile.Kvdi}`,
    )
  if (!address.includes("/") || !parseReference(address))
    throw new FarmError(`--address=${address}: expected an image's address, such as REGISTRY/helios-kvdi:${templateName(plan)}`)
  return `apiVersion: desktops.kvdi.io/v1
kind: Template
metadata:
  name: helios-${templateName(plan)}
spec:
  desktop:
    image: ${address}
    # kVDI then starts it as root, privileged, with SYS_ADMIN, /sys/fs/cgroup of the machine, and volumes for /run, /run/lock and /tmp.
    init: systemd
  proxy:
    socketAddr: ${plan.environment.DISPLAY_SOCK_ADDR}
    pulseServer: unix:///var/run/kvdi/pulse-server
  tags:
    os: ${plan.distro}
    desktop: xfce
    init: ${plan.init}
`
}
