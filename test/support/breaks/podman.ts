import { HELIOS } from "./helios.ts"

/** A way to break an image, and what is wrong with it then as podman runs it. */
export interface PodmanDefect {
  promise: "restart" | "stop" | "shutdown-hook" | "read-only"
  name: string
  /** Lines of a Containerfile. */
  lines: string[]
  says: RegExp
}

/** Breaks of what podman proves of kvdi images with supervisord. */
export const PODMAN: PodmanDefect[] = [
  {
    promise: "restart",
    name: "a stale X lock is left in the way",
    lines: ["RUN sed -i -E 's/ \"?.tmp.[.]X[^ ]*-lock\"?//' /usr/local/lib/helios/folders.sh /usr/local/bin/kvdi-xvnc"],
    says: /^(after a kill|with a stale X lock and sockets): not within .* the desktop answers/,
  },
  {
    promise: "restart",
    name: "the second start trips over the user of the first",
    lines: ["RUN sed -i 's/if ! getent passwd \"$USER\" .*; then/if true; then/' /usr/local/lib/helios/user.sh"],
    says: /^start 2: not within .* the desktop answers/,
  },
  {
    promise: "stop",
    name: "SIGTERM is ignored",
    lines: ["RUN sed -i \"s/trap stop TERM INT HUP/trap '' TERM INT HUP/\" /usr/local/lib/helios/services.sh"],
    says: /^exit code 137/,
  },
  {
    promise: "stop",
    name: "the exit code is the signal's",
    lines: ["RUN sed -i 's/^  exit 0$/  exit 143/' /usr/local/lib/helios/services.sh"],
    says: /^exit code 143/,
  },
  {
    promise: "stop",
    name: "hooks are forgotten",
    lines: ["RUN sed -i 's|for hook in .*; do|for hook in /none; do|' /usr/local/lib/helios/bin/run-hooks"],
    says: /^the hook never ran/,
  },
  {
    promise: "stop",
    name: "hooks run after the desktop has gone",
    lines: ["RUN sed -i 's/^stop() {/stop() { kill $supervisord; wait $supervisord || true/' /usr/local/lib/helios/services.sh"],
    says: /^when the hook ran .* (xvnc|no VNC server)/,
  },
  {
    promise: "stop",
    name: "the first hook that fails ends it",
    lines: ["RUN sed -i 's/ || explain .*/ || exit 1/' /usr/local/lib/helios/bin/run-hooks"],
    says: /^the hook never ran/,
  },
  {
    promise: "stop",
    name: "a hook that won't end is waited for",
    lines: ["RUN sed -i 's/timeout --kill-after=[^ ]* /timeout /g' /usr/local/lib/helios/bin/run-hooks"],
    says: /^took 1\d\.\d s/,
  },
  {
    promise: "stop",
    name: "the X server goes first",
    lines: ["RUN sed -i 's/^priority=10/priority=90/' /etc/supervisor/conf.d/xvnc.conf"],
    says: /^xvnc ended before/,
  },
  {
    promise: "stop",
    name: "a service takes longer than 10 s",
    lines: [
      String.raw`RUN printf '[program:slow]\ncommand=sh -c "trap : TERM; while :; do sleep 1; done"\nstopwaitsecs=60\n' >/etc/supervisor/conf.d/slow.conf`,
    ],
    says: /^took 1\d\.\d s/,
  },
]

const RESULTS = "/run/s6-linux-init-container-results"
const shutdown = `${HELIOS.services}/shutdown-hooks/down`

/** The same of helios images. */
export const HELIOS_PODMAN: PodmanDefect[] = [
  {
    promise: "restart",
    name: "what a helios desktop left is in the way of its next start",
    lines: [`RUN sed -i '/^ *rm -rf .run.helios$/d' ${HELIOS.init}`, `RUN sed -i '/^fs.rmSync(SOCKET/d' ${HELIOS.kclient}/index.js`],
    says: /^(start 2|after a kill): not within .* the desktop answers .*kclient/,
  },
  {
    promise: "restart",
    name: "the second start of a helios desktop trips over the user of the first",
    lines: [`RUN sed -i 's/if ! getent passwd "$USER" .*; then/if true; then/' ${HELIOS.user}`],
    says: /^start 2: not within .* the desktop answers/,
  },
  {
    promise: "stop",
    name: "a helios container ends with a signal's exit code",
    lines: [`RUN sed -i 's#^foreground#foreground { redirfd -w 1 ${RESULTS}/exitcode echo 143 } &#' ${shutdown}`],
    says: /^exit code 143/,
  },
  {
    promise: "shutdown-hook",
    name: "shutdown hooks are forgotten",
    lines: [`RUN echo true >${shutdown}`],
    says: /^the hook never ran/,
  },
  {
    promise: "shutdown-hook",
    name: "shutdown hooks run when the desktop has gone",
    lines: [
      `RUN sed -i 's#foreground {#foreground { /command/s6-rc -da change } foreground {#' ${shutdown}`,
      `RUN rm -r ${HELIOS.services}/shutdown-hooks/dependencies.d && mkdir ${HELIOS.services}/shutdown-hooks/dependencies.d && touch ${HELIOS.services}/shutdown-hooks/dependencies.d/base`,
    ],
    says: /^(when the hook ran the desktop had gone|the hook never ran)/,
  },
  {
    promise: "read-only",
    name: "the first program writes to /etc",
    lines: [`RUN sed -i 's/^check_environment$/touch \\/etc\\/written\\n&/' ${HELIOS.init}`],
    says: /^not within .* the desktop answers/,
  },
  {
    promise: "read-only",
    name: "libc doesn't read the user's account",
    lines: ["RUN sed -i 's/extrausers //' /etc/nsswitch.conf"],
    says: /^without its environment a program knows the user as ""/,
  },
]
