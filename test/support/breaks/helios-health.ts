import { type Defect, defect as row, sed } from "./defect.ts"
import { HELIOS } from "./helios.ts"

const WATCH = "/usr/local/lib/helios/bin/watch"
const QUESTIONS = "/usr/local/lib/helios/questions.cjs"
const ANSWER = "/etc/helios/nginx/health-answer.conf"

/** Breaks of what the helios profile promises of hangs, of its end and of how it tells its health. */
export const HELIOS_HEALTH: Defect[] = [
  row(
    "h-told",
    "early-stop",
    "the first program lets signals through",
    [sed("1s/ -bS0/ -S0/", "/usr/local/bin/helios-init")],
    /stop that comes while it starts/,
    /told after 0(.|\n)*5 s still not true: gone/,
  ),
  row(
    "h-told",
    "shutdown-hook",
    "^C ends services without their hooks",
    ["RUN mkdir -p /etc/helios/init.d && echo 'rm /run/service/.s6-svscan/SIGINT' >/etc/helios/init.d/90-no-sigint.sh"],
    /\^C in its terminal/,
    /var\/shutdown \]|still not true: gone/,
  ),
  row(
    "h-told",
    "health",
    "it tells a version",
    [sed('s/^  body=.*/  body="{\\\\"down\\\\":[${names%,}],\\\\"version\\\\":\\\\"v1.2.3\\\\"}"/', HELIOS.health)],
    /names of services alone/,
    /tells "v/,
  ),
  row(
    "h-green",
    "health",
    "green from the start",
    [sed("s/^look$/down= gone=0/", HELIOS.health)],
    /green means/,
    /no window|no such|does not exist|HTTP/i,
  ),
  row("h-green", "health", "green whatever ended", [], /within 2 s of any/, /2 s still not true: red xvnc/),
  row("h-green", "health", "green whatever is down", [], /stays red/, /2 s still not true: red xfce4-panel/),
  row("h-green", "health", "green whatever is stopped", [], /is stopped is named/, /10 s still not true: red xfwm4/),
  row(
    "h-told",
    "health",
    "an X server that doesn't answer is not noticed",
    [sed("s/question?.unanswered >= looksIn(2)/false/", WATCH)],
    /X server doesn't answer/,
    /12 s still not true: red xvnc/,
  ),
  row(
    "h-stopped",
    "health",
    "what is stopped is named, and stays so",
    [sed('s/process.kill(pid, "SIGKILL")/0/', WATCH)],
    /is stopped is named/,
    /10 s still not true: back xfwm4/,
  ),
  row(
    "h-unseen",
    "health",
    "nobody looks at nginx's workers",
    [sed('s/= \\["nginx", "health"\\]/= []/', WATCH)],
    /nginx's workers/,
    /10 s still not true: red nginx/,
  ),
  row(
    "h-unseen",
    "health",
    "nobody watches the watcher",
    [sed("s/ -le 3 / -le 99999 /", HELIOS.health)],
    /watch and tell/,
    /10 s still not true: red watch/,
  ),
  row(
    "h-unseen",
    "health",
    "nobody asks kclient",
    [sed("/kclient: new Question/d", QUESTIONS)],
    /answers nobody/,
    /10 s still not true: red kclient/,
  ),
  row(
    "h-unseen",
    "health",
    "the X server is never gone for good",
    [sed("s/ -le 60 / -le 99999 /", HELIOS.health)],
    /gone for a minute/,
    /60 s still not true: live 503/,
  ),
  row("h-unseen", "health", "every answer is a program's", [sed("/^proxy_cache /d", ANSWER)], /at once start/, /assertion failed|-lt 60/),
  row(
    "h-stopped",
    "health",
    "liveness asks for the panel",
    [sed("s#' /live '#' /none '#", HELIOS.health)],
    /content with less/,
    /30 s still not true: live 200/,
  ),
  row(
    "h-stopped",
    "health",
    "any method is passed on",
    [sed("/request_method/,/^}/d", ANSWER)],
    /tells names of services alone/,
    /expected : 405/,
  ),
  row(
    "h-loopback",
    "supervised",
    "what a user ends at the start ends the container",
    [`RUN echo 'as-user /usr/local/lib/helios/bin/graphics' >${HELIOS.services}/graphics/up`],
    /killed at the start/,
    /usable box/,
  ),
]
