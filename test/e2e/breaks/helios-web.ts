import { type Defect, defect as row, sed } from "./defect.ts"
import { HELIOS } from "./helios.ts"

const REFUSED = /10 s still not true: gone/

/** Breaks of what the helios profile promises of its page: what it is, where it is, what it tells and whom it asks. */
export const HELIOS_WEB: Defect[] = [
  row("h-page", "web", "no page", [`RUN echo hello >${HELIOS.kclient}/public/index.html`], /answers with the page/, /does not match/),
  row(
    "h-wallpaper",
    "web",
    "a wallpaper of one colour",
    [
      `RUN echo '<svg xmlns="http://www.w3.org/2000/svg" width="1280" height="720"><path d="M0 0h1280v720H0z"/></svg>' >${HELIOS.wallpaper}`,
    ],
    /panel, wallpaper/,
    /wallpaper differs by 0\.00\d*, \d{1,2} colours/,
  ),
  row("h-page", "web", "any locale is taken", [sed("/require_word LC_ALL/d", HELIOS.settings)], /a locale or a time zone/, REFUSED),
  row("h-page", "web", "any site may frame it", [sed("/frame-ancestors/d", HELIOS.page)], /may frame the page/, /does not match/),
  row(
    "h-files",
    "files",
    "the page has a file manager",
    [`RUN echo '<div id="files"></div>' >>${HELIOS.kclient}/public/index.html`],
    /no file manager/,
    /should not match|regular expression/,
  ),
  row(
    "h-files",
    "files",
    "a route of the file server",
    [
      sed(
        "s#^baseRouter.get('/favicon.ico'#baseRouter.get('/files', (_, answer) => answer.send('files'));\\n&#",
        `${HELIOS.kclient}/index.js`,
      ),
    ],
    /routes are gone/,
    /expected : 404\s+actual +: 200/,
  ),
  row(
    "h-sockets",
    "files",
    "a message that deletes",
    [
      sed(
        "s#aio.on('connection', function (socket) {#&socket.on('deletefiles', ([path]) => fs.rmSync(path));#",
        `${HELIOS.kclient}/index.js`,
      ),
    ],
    /messages do nothing/,
    /home\/bob\/keep/,
  ),
  row(
    "h-files",
    "files",
    "a message that ends the server",
    [
      sed(
        "s#aio.on('connection', function (socket) {#&socket.on('uploadfile', (file) => file.name.length);#",
        `${HELIOS.kclient}/index.js`,
      ),
    ],
    /ends no service/,
    /values do not equal/,
  ),
  row(
    "h-prefix",
    "prefix",
    "what is not below PREFIX is there",
    [sed("s/return 404/return 200/", HELIOS.config)],
    /moves everything/,
    /expected : 404\s+actual +: 200/,
  ),
  row(
    "h-subfolder",
    "prefix",
    "the page is not told of it",
    [sed("s/SUBFOLDER $prefix/SUBFOLDER \\//", `${HELIOS.services}/kclient/run`)],
    /seen and heard there/,
    /HTTP 404|not within/,
  ),
  row(
    "h-prefix",
    "prefix",
    "any PREFIX is taken",
    [sed("s/^    \\*\\[!A-Za-z0-9._~\\/-\\]\\* .*)$/    none)/", HELIOS.settings)],
    /no path refuses/,
    /10 s still not true: gone|values do not equal/,
  ),
  row(
    "h-prefix",
    "port",
    "HTTP_PORT is not looked at",
    [sed("s/$address$HTTP_PORT so/${address}3000 so/", HELIOS.config)],
    /HTTP_PORT moves/,
    /30 s still not true: usable/,
  ),
  row(
    "h-proxy",
    "port",
    "the VNC server's own port is taken",
    [sed("/= 6901/d;/!= 6901/d", HELIOS.settings)],
    /or taken, refuses/,
    REFUSED,
  ),
  row(
    "h-told",
    "health",
    "it tells a version",
    [sed(`s/{"down":.%s.}/{"down":[%s],"version":"v1.2.3"}/`, HELIOS.health)],
    /names of services alone/,
    /tells "v/,
  ),
  row(
    "h-green",
    "health",
    "green from the start",
    [sed("s/^names=$(down)/names=/", HELIOS.health)],
    /green means/,
    /no window|no such|does not exist|HTTP/i,
  ),
  row("h-green", "health", "green whatever ended", [], /within 2 s of any/, /2 s still not true: red xvnc/),
  row("h-green", "health", "green whatever is down", [], /stays red/, /2 s still not true: red xfce4-panel/),
  row(
    "h-told",
    "health",
    "an X server that doesn't answer is not noticed",
    [sed('s/. "$1" = xvnc . || return 0/return 0/', HELIOS.health)],
    /doesn't answer/,
    /12 s still not true: red xvnc/,
  ),
  row(
    "h-route",
    "air-gap",
    "it waits for a way out",
    [sed("s#^exec /init#until grep -q '\\\\s00000000\\\\s' /proc/net/route; do sleep 1; done\\n&#", HELIOS.init)],
    /no route but the client's/,
    /30 s still not true: usable/,
  ),
  row(
    "h-key",
    "air-gap",
    "it asks for a name",
    [sed("s/^set -eu$/&\\ngetent hosts stun.example || true/", HELIOS.xvnc)],
    /asks nobody/,
    /IP 10\.77\.0\.2/,
  ),
]
