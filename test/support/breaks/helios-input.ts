import { type Defect, PATHS, defect as row } from "./defect.ts"
import { HELIOS, xvnc } from "./helios.ts"

/** Edits the page's scripts. */
const script = (edit: string) => `RUN find ${HELIOS.www} -name '*.js' -exec sed -i '${edit}' {} +`

/** Breaks of what the helios profile promises of keys, mouse and touch. */
export const HELIOS_INPUT: Defect[] = [
  row(
    "h-loopback",
    "input",
    "a dead touch screen",
    [script('s/"touchstart",this._boundEventHandler/"none",this._boundEventHandler/')],
    /touch screen/,
    /^told:\s*$/m,
  ),
  row("h-datagrams", "input", "a dead mouse", [xvnc("-AcceptPointerEvents=0")], /panel's menu/, /10 s still not true: click_menu/),
  row(
    "h-datagrams",
    "input",
    "keys go by their places",
    [script("s/\\(_keyNames\\[[a-z]*\\]=[a-z]*\\)\\.key/\\1.code.slice(0,-4)/")],
    /swapped Ctrl and Alt/,
    /told: Press Control_L 0x0 Release Control_L 0x4 Press c 0x0/,
  ),
  row(
    "h-datagrams",
    "input",
    "what Command held stays down",
    [script('s/\\.key==="Meta"/.key==="none"/')],
    /Command goes up/,
    /told: Press Alt_L 0x4/,
  ),
  row(
    "h-datagrams",
    "input",
    "what packages bring is all of XFCE's settings",
    ["ENV XDG_CONFIG_DIRS=/etc/xdg"],
    /keys for workspaces/,
    /told: Press Control_L 0x0 Press Alt_L 0x4(?! Press Left)/,
  ),
  row(
    "h-loopback",
    "input",
    "clicks lie beside what is magnified",
    [script("s/absX(\\([a-z]*\\)){/&\\1*=devicePixelRatio;/")],
    /magnifies the page/,
    /still not true: pointed/,
  ),
  row(
    "h-loopback",
    "input",
    "the pointer can be switched off",
    [`RUN rm ${PATHS.xfconf}/pointers.xml`],
    /switched off/,
    /still not true: (usable|click_menu)/,
  ),
  row(
    "h-loopback",
    "input",
    "a mouse tells where it is alone",
    [`RUN find ${HELIOS.www} -name '*.css' -exec sed -i 's/#noVNC_power_button/&,#noVNC_game_mode_button/' {} +`],
    /moves the pointer itself/,
    /not within 20 s: the menu is open/,
  ),
  row("h-keypad", "keyboard", "NumLock is off", [`RUN rm ${PATHS.xfconf}/keyboards.xml`], /digits of the keypad/, /told: Press 5 0x0/),
  row(
    "h-keypad",
    "keyboard",
    "letters are cut into halves",
    [script("s/codePointAt()/charCodeAt()/g")],
    /letters of seven layouts/,
    /10 s still not true: typed/,
  ),
  row(
    "h-datagrams",
    "keyboard",
    "the page has a key of its own",
    [
      `RUN echo '<script>addEventListener("keyup", (e) => e.code === "Digit1" && document.querySelector("#noVNC_control_bar").classList.add("noVNC_open"), true)</script>' >>${HELIOS.www}/index.html`,
    ],
    /the program's alone/,
    /actual +: true/,
  ),
  row(
    "h-keypad",
    "sharp",
    "a desktop of the page's pixels",
    [`RUN sed -i 's/enable_hidpi=<%= sharp %>/enable_hidpi=false/' ${HELIOS.kclient}/public/index.html`],
    /twice the pixels/,
    /15 s still not true: sized 2560x1442/,
  ),
  row(
    "h-datagrams",
    "sharp",
    "windows of small pixels",
    [`RUN ln -sf /bin/true ${HELIOS.scale}`],
    /twice the pixels/,
    /true: settings_say 2 96/,
  ),
  row(
    "h-loopback",
    "sharp",
    "a scale goes before what the user chose",
    [`RUN sed -i 's/if \\[ "$now" = "$own" \\]; then/if true; then/' ${HELIOS.scale}`],
    /has chosen stays/,
    /not true for 2 s: panel_has 48/,
  ),
  row(
    "h-keypad",
    "sharp",
    "any SCALE is taken",
    [`RUN sed -i '/require_one_of SCALE/d' ${HELIOS.settings}`],
    /another SCALE/,
    /true: gone/,
  ),
]
