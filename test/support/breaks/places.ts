import { type Defect, PATHS, defect as row, sed } from "./defect.ts"
import { HELIOS } from "./helios.ts"

/** Breaks of what both profiles promise of volumes, groups and settings, in images of kvdi. */
export const PLACES: Defect[] = [
  row("places", "places", "the way to a volume stays root's", [sed("/^  give_ways$/d", PATHS.home)], /below the home/, /0:0 0:0/),
  row(
    "places",
    "places",
    "lost+found counts as the user's own",
    [sed("s/^set -- lost+found /set -- /", PATHS.fill)],
    /lost\+found alone is filled/,
    /no \.bash\w+ in \/lab\/volumes\/claim/,
  ),
  row(
    "places",
    "places",
    "a folder on the way stays closed",
    [sed("s/ && chmod o+x .* && as_that/ \\&\\& as_that/", PATHS.folders)],
    /others can't enter is opened/,
    /30 s still not true: usable/,
  ),
  row(
    "places",
    "places",
    "a home that can't be used is left to programs to find out",
    [sed('s/ || refuse_home "$?"$/ || true/', PATHS.home)],
    /ends the container with one line/,
    /10 s still not true: gone/,
  ),
  row(
    "places",
    "places",
    "root goes home before it is the user",
    [sed('s/^exec setpriv/cd "$HOME"\\n&/', "/usr/local/bin/as-user")],
    /its user does/,
    /command failed/,
  ),
  row(
    "places",
    "places",
    "HOME is not looked at",
    [sed('s/^  choose_home .*/  choose_home ""/', PATHS.environment)],
    /HOME says another place/,
    /volumes\/net\/bob/,
  ),
  row(
    "places",
    "places",
    "groups from outside are lost",
    [sed("/given_groups; do name_group/d", PATHS.user)],
    /given are the desktop's too/,
    /does not match|5000/,
  ),
  row(
    "places",
    "places",
    "what is in volumes of sockets goes",
    [sed('s/if . -z "$mount_at$mounts_below" .; then/if true; then/', PATHS.folders)],
    /of X sockets and of the runtime folder stays/,
    /30 s still not true: usable/,
  ),
  row(
    "places",
    "places",
    "an empty GID is a bad one",
    [sed("s/forget_empty GID LANG/forget_empty LANG/", PATHS.environment)],
    /empty is one that isn't given/,
    /30 s still not true: usable/,
  ),
  row("places", "places", "any locale is taken", [sed("/^settle_locale$/d", PATHS.init)], /is replaced, with a line/, /xx_XX\.UTF-8/),
  row(
    "places",
    "places",
    "the image doesn't say where the display's cookie is",
    ["ENV XAUTHORITY=/root/.Xauthority"],
    /started from outside/,
    /expected : :1/,
  ),
]

/** The same in images of helios, whose own programs do it. */
export const HELIOS_PLACES: Defect[] = [
  row(
    "h-places",
    "places",
    "root goes home before it is the user",
    [sed("/^cd $home$/d;s/^s6-applyuidgid/cd $home\\n&/", HELIOS.asUser)],
    /its user does/,
    /command failed/,
  ),
  row(
    "h-places",
    "places",
    "groups from outside are lost",
    [sed("s/${user_groups#[^}]*}//", HELIOS.session)],
    /given are the desktop's too/,
    /does not match|5000/,
  ),
  row(
    "h-places",
    "places",
    "another first program is found out by s6",
    [sed("/expected to be process 1/d", HELIOS.init)],
    /below another first program/,
    /values do not equal|grep --quiet/,
  ),
  row(
    "h-places",
    "places",
    "a volume is looked at by services alone",
    [sed("/^check_volumes$/d", HELIOS.init)],
    /ends the container with one line/,
    /values do not equal|true: gone/,
  ),
]
