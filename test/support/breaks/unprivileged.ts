import { type Defect, PATHS, defect as row, sed } from "./defect.ts"
import { HELIOS } from "./helios.ts"

const ends = /values do not equal|grep --quiet|true: gone/

/** Breaks of what both profiles promise where nobody is root, in an image whose init and whose as-user lie there. */
const both = (image: string, init: string, config: string): Defect[] => [
  row(
    image,
    "unprivileged",
    "a folder that goes with the container is the home in any case",
    [sed('s/^  if . -z "$mount_at" . && .*; then home=/  if true; then home=/', PATHS.environment)],
    /volume on the way to the home/,
    /assertion failed|rootfs\/home\/bob/,
  ),
  row(
    image,
    "unprivileged",
    "the first program writes to /var/tmp",
    [sed("s/^check_environment$/touch \\/var\\/tmp\\/mine 2>\\/dev\\/null || true; &/", init)],
    /writes to no other place/,
    /var\/tmp\/mine/,
  ),
  row(
    image,
    "unprivileged",
    "whoever is in the pod may look into /run/helios",
    [sed("s/! is_root || chmod 0755 .run.helios/chmod 0755 \\/run\\/helios/", init)],
    /nobody else's to read/,
    /755/,
  ),
  row(image, "unprivileged", "what a start left is in the next one's way", [sed(config, init)], /is back after a stop/, /true: usable/),
  row(
    image,
    "unprivileged",
    "hooks have root's home",
    [sed('s/^. "$(id -u)" != 0 . || export/export/', PATHS.hooks)],
    /hooks run as the user/,
    /grep --quiet/,
  ),
  row(
    image,
    "unprivileged",
    "another UID is taken for the container's",
    [sed("/^  require_own UID/d", PATHS.environment)],
    /takes root refuses/,
    ends,
  ),
  row(
    image,
    "unprivileged",
    "programs find out what they can't write to",
    [sed("/^  require_folders$/d", init)],
    /has to be written to/,
    ends,
  ),
  row(
    image,
    "unprivileged",
    "programs find out what root may not do",
    [sed("/^  require_capabilities /d", init)],
    /lacks a capability/,
    ends,
  ),
]

export const UNPRIVILEGED: Defect[] = [
  ...both("unprivileged", PATHS.init, "/^rm -rf .run.helios$/d"),
  row(
    "unprivileged",
    "unprivileged",
    "as-user is for root alone",
    [sed('/^if . "$(id -u)" != 0/d', "/usr/local/bin/as-user")],
    /by name, whose home/,
    /setpriv|values do not equal/,
  ),
  row(
    "no-root",
    "unprivileged",
    "root is asked to be the user",
    [sed("s/if is_root; then set -- /if true; then set -- /", PATHS.folders)],
    /comes up and shows/,
    /true: usable/,
  ),
]

/** The same in images of helios. */
export const HELIOS_UNPRIVILEGED: Defect[] = [
  ...both("h-unprivileged", HELIOS.init, "/rm -rf .run.s6 /d"),
  row(
    "h-unprivileged",
    "unprivileged",
    "nobody is told that the home goes with the container",
    [sed("s#^    /run/.) echo#    /none) echo#", HELIOS.user)],
    /by name, whose home/,
    /grep --quiet/,
  ),
  row(
    "h-no-root",
    "unprivileged",
    "nginx's configuration is given to an account of its own",
    [sed("/is_root || return 0/d", HELIOS.config)],
    /comes up and shows/,
    /true: usable/,
  ),
]
