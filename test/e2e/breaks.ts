/** A way to break an image, and what the check that guards against it says. */
export interface Defect {
  name: string
  promise: string
  /** Lines of a Containerfile. */
  lines: string[]
  /** The check that must fail. */
  check: RegExp
  /** What it must give as its reason. */
  reason: RegExp
}

const XVNC = "/usr/local/bin/kvdi-xvnc"
const INIT = "/usr/local/bin/kvdi-init"
const LIB = "/usr/local/lib/helios"
const CONF = "/etc/supervisor/conf.d"
const XFCONF = "/etc/xdg/xfce4/xfconf/xfce-perchannel-xml"
const KEY = "-----BEGIN OPENSSH PRIVATE KEY-----"

const sed = (script: string, ...files: string[]) => `RUN sed -i ${JSON.stringify(script)} ${files.join(" ")}`
const option = (text: string) => sed(`s| -AlwaysShared| ${text} -AlwaysShared|`, XVNC)
const never = (program: string) => sed("s|^command=.*|command=sleep infinity|", `${CONF}/${program}.conf`)
const beforeCheck = (shell: string) => sed(`s#^check_environment$#${shell}\\ncheck_environment#`, INIT)

const inBox = (name: string, promise: string, lines: string[], check: RegExp, reason: RegExp): Defect => ({
  name,
  promise,
  lines,
  check,
  reason,
})

/** Each list is one image: its defects meet different checks, so that each failure has one cause. */
export const IMAGES: Record<string, Defect[]> = {
  wallpaper: [
    inBox("black screen: no xfdesktop", "socket", [never("xfdesktop")], /panel, wallpaper/, /no wallpaper: no window of class xfdesktop/),
  ],
  manager: [inBox("no window manager", "socket", [never("xfwm4")], /panel, wallpaper/, /no window manager/)],
  panel: [inBox("no panel", "socket", [never("xfce4-panel")], /panel, wallpaper/, /no panel: no window of class xfce4-panel/)],
  screen: [
    inBox(
      "one colour for a wallpaper",
      "socket",
      [
        sed(
          "s|type=.int. value=.5./>|type='int' value='0'/><property name='color-style' type='int' value='0'/>|",
          `${XFCONF}/xfce4-desktop.xml`,
        ),
      ],
      /panel, wallpaper/,
      /wallpaper differs by 0\.[1-9]\d*, \d+ colours/,
    ),
    inBox(
      "the socket is for everybody",
      "socket",
      [sed("s/-rfbunixmode 0660/-rfbunixmode 0666/", `${LIB}/display.sh`)],
      /mode 0660/,
      /socket 666 1000:1000/,
    ),
    inBox(
      "no password on tcp",
      "socket",
      [sed('s/-SecurityTypes VncAuth -PasswordFile.*\\"/-SecurityTypes None\\"/', `${LIB}/display.sh`)],
      /beyond loopback asks for PASSWORD/,
      /actual : RFB 003\.008 security 1/,
    ),
    inBox(
      "loopback is open to all",
      "socket",
      [sed("s/-localhost -rfbport/-rfbport/", `${LIB}/display.sh`)],
      /on loopback/,
      /actual +: 0\.0\.0\.0:5901/,
    ),
    inBox(
      "a short PASSWORD is taken",
      "socket",
      [sed("/PASSWORD is too short/d", `${LIB}/display.sh`)],
      /without PASSWORD refuses/,
      /after 10 s still not true: gone/,
    ),
    inBox(
      "any address is taken",
      "socket",
      [sed("s/^refuse_display() {/refuse_display() { return 0/", `${LIB}/display.sh`)],
      /an address that is none/,
      /still not true: gone|expected|equal/,
    ),
  ],
  window: [
    inBox(
      "windows don't open",
      "socket",
      [`RUN printf '#!/bin/sh\\nexec sleep 60\\n' >/usr/bin/xfce4-terminal`],
      /panel, wallpaper/,
      /still not true: on_x box xdotool search --onlyvisible --name \^opened/,
    ),
    inBox(
      "nothing reaps",
      "reaped",
      [
        `RUN printf '%s\\n' '#!/usr/bin/python3' 'import signal, subprocess, sys' 'child = subprocess.Popen(sys.argv[2:])' 'signal.signal(signal.SIGTERM, lambda *_: child.terminate())' 'sys.exit(child.wait())' >/usr/bin/tini`,
      ],
      /leave no zombie/,
      /after 2 s still not true: none_left/,
    ),
    inBox("process 1 is not tini", "supervisord", [], /tini is process 1/, /substring +: tini|tini/),
    inBox(
      "it needs CAP_SYS_CHROOT",
      "supervisord",
      [sed("s|^make_user$|chroot / true; make_user|", INIT)],
      /capabilities and no new privileges/,
      /after 30 s still not true: usable/,
    ),
    inBox(
      "a program has a capability of its own",
      "supervisord",
      ["RUN setcap cap_chown+ep /usr/bin/xfdesktop"],
      /no capability at all/,
      /CapEff:.0000000000000001/,
    ),
    inBox(
      "files of conf.d are ignored",
      "extend",
      [sed("s|conf.d/\\*.conf|conf.d/[!m]*.conf|", "/etc/supervisor/helios.conf")],
      /one file adds a program/,
      /--name \^mine/,
    ),
  ],
  files: [
    inBox(
      "a compiler",
      "minimal",
      ["RUN install -D /bin/true /usr/lib/gcc/x86_64-linux-gnu/12/cc1"],
      /no compiler/,
      /not ok no compiler(.|\n)*cc1/,
    ),
    inBox(
      "a header",
      "minimal",
      ["RUN install -D -m 0644 /dev/null /usr/include/stdio.h"],
      /no compiler/,
      /not ok no header(.|\n)*stdio\.h/,
    ),
    inBox(
      "a package index",
      "minimal",
      ["RUN echo index >/var/lib/apt/lists/deb.debian.org_dists_bookworm_InRelease"],
      /no compiler/,
      /not ok no package index(.|\n)*InRelease/,
    ),
    inBox(
      "documentation",
      "minimal",
      ["RUN install -D -m 0644 /etc/passwd /usr/share/doc/mine/README"],
      /no compiler/,
      /not ok no documentation(.|\n)*README/,
    ),
    inBox(
      "a package that is half installed",
      "minimal",
      ["RUN sed -i '/^Package: tini$/,/^$/s/^Status: .*/Status: install ok half-configured/' /var/lib/dpkg/status"],
      /no compiler/,
      /not ok the package manager is content/,
    ),
    inBox(
      "a machine id for all",
      "minimal",
      ["RUN echo 0123456789abcdef0123456789abcdef >/etc/machine-id"],
      /no compiler/,
      /not ok no shared machine id/,
    ),
    inBox("more than the budget", "minimal", ["RUN truncate --size=200M /usr/share/blob"], /within the budget/, /\d+ bytes of 600000000/),
    inBox(
      "a label is missing",
      "labels",
      ['LABEL org.opencontainers.image.source=""'],
      /OCI labels/,
      /not ok label org\.opencontainers\.image\.source/,
    ),
    inBox(
      "a base's digest that is none",
      "labels",
      ["LABEL org.opencontainers.image.base.digest=latest"],
      /OCI labels/,
      /not ok label org\.opencontainers\.image\.base\.digest(.|\n)*got latest/,
    ),
    inBox("the lock's hash is missing", "labels", ["LABEL io.helios.lock=none"], /OCI labels/, /not ok label io\.helios\.lock/),
    inBox(
      "a key in a layer that a later one deletes",
      "no-secrets",
      [`RUN echo '${KEY}' >/root/id_ed25519`, "RUN rm /root/id_ed25519"],
      /no layer that the image was made of/,
      /actual +: [1-9]/,
    ),
    inBox(
      "a key in the image",
      "no-secrets",
      [`RUN echo '${KEY}' >/etc/ssl/mine.pem`],
      /no private key is in the image/,
      /\/image\/etc\/ssl\/mine\.pem/,
    ),
    inBox("an account without a password", "no-secrets", ["RUN passwd --delete root"], /no password is set/, /output : root|root/),
    inBox(
      "PASSWORD in a process's arguments",
      "no-secrets",
      [sed("s/^  unset PASSWORD$/  export TITLE=$PASSWORD; unset PASSWORD/", INIT), sed("s/-desktop \\S*/-desktop $TITLE/", XVNC)],
      /PASSWORD is in no process/,
      /Xtigervnc :1 -desktop Tr0ub4d0/,
    ),
    inBox(
      "containers share a cookie",
      "no-secrets",
      [sed("s/$(mcookie)/0123456789abcdef0123456789abcdef/", INIT)],
      /share no secret/,
      /refute|cmp/,
    ),
  ],
  user: [
    inBox(
      "USER is read as code",
      "bad-env",
      [beforeCheck('(eval "name=$USER") >/dev/null 2>\\&1 || true')],
      /USER that is no plain name/,
      /pwned/,
    ),
    inBox("USER has a default", "bad-env", [beforeCheck(": ${USER:=user}")], /missing or empty USER/, /after 10 s still not true: gone/),
    inBox(
      "any UID is taken",
      "bad-env",
      [sed("s/require_id UID/: require_id UID/", `${LIB}/environment.sh`)],
      /UID that is no free number/,
      /equal|expected|gone/,
    ),
    inBox(
      "an account of the system is taken",
      "bad-env",
      [sed("s/^    '') ;;$/    *) ;;/", `${LIB}/environment.sh`)],
      /account of the system/,
      /after 10 s still not true: gone|equal|partial/,
    ),
    inBox(
      "the base's user keeps its UID",
      "user",
      [sed("/userdel/d", `${LIB}/user.sh`)],
      /own user of that UID gives way/,
      /desktop_user alice 1000 1000/,
    ),
    inBox(
      "GID is not looked at",
      "user",
      [sed("s/^check_environment$/check_environment; GID=$UID/", INIT)],
      /GID is taken as given/,
      /desktop_user alice 4242 4343/,
    ),
    inBox(
      "a home is made anew",
      "user",
      [sed("s/^make_home() {/make_home() { rm -rf $HOME/", `${LIB}/user.sh`)],
      /a home that exists keeps its files/,
      /my own|No such file/,
    ),
    inBox("no microphone", "audio", [sed("/recording/d", "/etc/helios/kvdi.pa")], /what a viewer says/, /880 Hz: 0/),
    inBox(
      "a service that is not started again",
      "supervised",
      [sed("s/^autorestart=.*/autorestart=false/", `${CONF}/pulseaudio.conf`)],
      /every service is back/,
      /after 5 s still not true: back pulseaudio/,
    ),
    inBox(
      "the X server is not started again",
      "supervised",
      [sed("s/^autorestart=.*/autorestart=false/", `${CONF}/xvnc.conf`)],
      /its X server was killed/,
      /after 5 s still not true: back xvnc/,
    ),
    inBox("a dead keyboard", "input", [option("-AcceptKeyEvents=0")], /a typed line/, /typed helios 42/),
    inBox(
      "resizing is refused",
      "resize",
      [option("-AcceptSetDesktopSize=0").replace(' -AlwaysShared|"', ' -AlwaysShared|; s/ -AcceptSetDesktopSize / /"')],
      /SetDesktopSize/,
      /status [1-9] size 1280x720|expected/,
    ),
  ],
  devices: [
    inBox("a dead audio server", "audio", [never("pulseaudio")], /what the desktop plays/, /after 10 s still not true: answers/),
    inBox("a dead mouse", "input", [option("-AcceptPointerEvents=0")], /opens the panel's menu/, /after 10 s still not true: click_menu/),
    inBox(
      "PASSWORD in the log",
      "no-secrets",
      [sed('s/^  unset PASSWORD$/  echo \\"starts with $PASSWORD\\"; unset PASSWORD/', INIT)],
      /PASSWORD is in no process/,
      /output : starts with Tr0ub4d0|starts with Tr0ub4d0/,
    ),
    inBox(
      "the panel stays where it was",
      "resize",
      [sed("s/xfce4-panel --disable-wm-check/xfce4-panel --disable-wm-check/", `${CONF}/xfce4-panel.conf`)],
      /SetDesktopSize/,
      /panel_at/,
    ),
  ],
}
