import { type Defect, defect, PATHS, sed } from "./defect.ts"
import { HELIOS } from "./helios.ts"

const row = defect
/** What root makes of its own at the first start: the X server's files are gone when that has ended. */
const LEFT = "/tmp/.started"
/** What root does first about the display's folders, as it was before anybody thought of links. */
const first = (shell: string) => sed(`s#^make_display_folders() {#&\\n  ${shell}#`, PATHS.folders)

/** Breaks of what keeps a desktop's user a user, in both profiles. */
export const CONTAINED: Defect[] = [
  row(
    "links",
    "contained",
    "root writes through a link",
    [first(`touch ${LEFT}`)],
    /links to root's files/,
    /values do not equal(.|\n)*canary\/file/,
  ),
  // By the same line, which touches a folder too.
  row(
    "links",
    "contained",
    "root touches the folder that a link leads to",
    [],
    /links to root's folders/,
    /values do not equal(.|\n)*canary\/folder /,
  ),
  row(
    "links",
    "contained",
    "a file in the way ends the start",
    [first("[ ! -f /tmp/.ICE-unix ] || [ -L /tmp/.ICE-unix ] || exit 1")],
    /files in the way/,
    /30 s still not true: shows/,
  ),
  row(
    "links",
    "contained",
    "root waits for a fifo",
    [first(`[ ! -p ${LEFT} ] || read -r line <${LEFT}`)],
    /fifos in the way/,
    /30 s still not true: shows/,
  ),
  row(
    "links",
    "contained",
    "a volume stays without its sticky bit",
    [sed("/chmod 1777 .tmp/d", PATHS.folders)],
    /sticky bit/,
    /expected : 1777(.|\n)*actual +: 777/,
  ),
  row(
    "python",
    "contained",
    "supervisord looks into the user's home",
    [sed('s/python3 -I "$(command -v supervisord)"/supervisord/', "/usr/local/lib/helios/services.sh")],
    /nothing in the user's home runs as root/,
    /root-was-here/,
  ),
  row(
    "links",
    "contained",
    "hooks have the user's home",
    [sed("/^export HOME/d", PATHS.hooks), sed("/^export HOME/d", PATHS.init)],
    /hooks run with root's own home/,
    /actual +: 0 \/home\/bob/,
  ),
  row(
    "links",
    "contained",
    "a home may be a link",
    [sed("/^  check_home$/d", PATHS.environment)],
    /home that is a link/,
    /true: gone|does not match/,
  ),
  row(
    "control",
    "contained",
    "every shell may signal root's processes",
    ["RUN setcap cap_kill+ep /usr/bin/dash"],
    /signalled, traced/,
    /\/proc\/1 can be signalled/,
  ),
  row(
    "control",
    "contained",
    "supervisord's socket is everybody's",
    [sed("s/^chmod=.*/chmod=0777/", "/etc/supervisor/helios.conf")],
    /can write nothing but the user's own/,
    /\/run\/supervisor\.sock/,
  ),
  row("control", "contained", "supervisord ends what anybody says", [], /doesn't listen to the user/, /command succeeded|assertion failed/),
  row(
    "control",
    "contained",
    "a program may read everything",
    ["RUN setcap cap_dac_override+ep /usr/bin/head"],
    /root alone may read/,
    /can be read/,
  ),
]

/** The same of helios alone. */
export const HELIOS_CONTAINED: Defect[] = [
  row(
    "h-contained",
    "contained",
    "root removes sound's socket wherever a link leads",
    [sed("s/foreground { as-user rm -f \\(.*\\) }/foreground { touch \\1 }/", `${HELIOS.services}/pulseaudio/run`)],
    /links to root's files/,
    /canary\/file/,
  ),
  row(
    "h-contained",
    "gl",
    "a device gives its group, whatever that is",
    [sed('s/is_for_devices "$group" ||/true ||/', HELIOS.session)],
    /keeps its mode/,
    /does not contain|is left out/,
  ),
  row(
    "h-shared",
    "gl",
    "the machine's own nodes are given to the user",
    [sed("s/^is_ours() {.*/is_ours() { true; }/", HELIOS.session)],
    /keeps its mode/,
    /expected : 600 0:0/,
  ),
  row(
    "env",
    "bad-env",
    "a function of bash goes on to other shells",
    [sed("/^  require_plain_shell$/d", PATHS.environment)],
    /code of theirs/,
    /true: gone/,
  ),
  row(
    "files",
    "minimal",
    "a program that makes its caller root",
    ["RUN chmod u+s /usr/bin/su"],
    /no compiler/,
    /not ok no program makes whoever runs it.*\s.*\/su$/m,
  ),
  row("files", "minimal", "a program with a capability", ["RUN setcap cap_kill+ep /usr/bin/env"], /capability of its own/, /usr\/bin\/env/),
  row(
    "screen",
    "socket",
    "an IPv6 address is cut at its first colon",
    [sed("s/host=${1%%]:\\*} port=.*/host=${1%%:*} port=${1##*:} ;;/", PATHS.display)],
    /IPv6 address in brackets/,
    /30 s still not true: (answers 5901|listens_on_v6)/,
  ),
  row(
    "screen",
    "socket",
    "PASSWORD_FILE is not read",
    [sed("/^read_secret/d", PATHS.init)],
    /PASSWORD_FILE has the password/,
    /30 s still not true: answers 5900/,
  ),
  row(
    "screen",
    "socket",
    "what is in the socket's place goes",
    [sed('s/^  if \\[ -L "$1" .*/  rm -rf "$1"; if false; then/', PATHS.display)],
    /something else than a socket/,
    /true: gone/,
  ),
  row(
    "screen",
    "socket",
    "root makes the folder wherever a link leads",
    [sed("s/if roots_alone .*; then/if true; then/", PATHS.display)],
    /made where root's alone/,
    /true: gone|etc\/new/,
  ),
  row(
    "tini",
    "supervisord",
    "supervisord's own code is lost",
    [sed("s/ || code=$?$//", "/usr/local/lib/helios/services.sh")],
    /can't read ends the container/,
    /expected : 70/,
  ),
  row(
    "tini",
    "supervisord",
    "a read-only root is found out by useradd",
    [sed("/^check_container$/d", PATHS.init)],
    /can't be written to refuses/,
    /values do not equal|grep --quiet/,
  ),
  row("screen", "socket", "any GEOMETRY is taken", [sed("/^  check_geometry /d", PATHS.display)], /GEOMETRY that is none/, /true: gone/),
]
