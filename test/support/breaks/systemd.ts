import { type Defect, defect, PATHS, sed } from "./defect.ts"

const row = defect
const UNITS = "/etc/systemd/user"
const SERVICES = "/usr/local/lib/helios/services.sh"

/** Breaks of what the kvdi profile promises with systemd, in images of that. */
export const SYSTEMD: Defect[] = [
  row(
    "session",
    "systemd",
    "a program is not enabled",
    [`RUN rm ${UNITS}/default.target.wants/pulseaudio.service`],
    /units that are enabled for every user/,
    /expected : enabled(.|\n)*actual +: disabled/,
  ),
  row(
    "session",
    "systemd",
    "what root enables is for root alone",
    [sed("/cp -a .root/d", SERVICES)],
    /what systemctl enable --global --user enables/,
    /30 s still not true: grep --quiet --line-regexp alice/,
  ),
  row(
    "session",
    "systemd",
    "a variable is left out",
    [sed("s/'_|PWD/'_|MINE|PWD/", SERVICES)],
    /the container's environment as it is/,
    /30 s still not true: handed_over/,
  ),
  row(
    "session",
    "systemd",
    "more than seven capabilities are needed",
    [sed("s|^make_user$|chroot / true\\nmake_user|", PATHS.init)],
    /seven of a plain container's capabilities/,
    /30 s still not true: usable/,
  ),
  row(
    "session",
    "systemd",
    "a unit's program has a capability of its own",
    ["RUN setcap cap_chown+ep /usr/bin/xfdesktop"],
    /no capability at all/,
    /CapEff:.0000000000000001/,
  ),
  row(
    "session",
    "systemd",
    "a container that lacks a tmpfs is started",
    [sed("s/mountpoint -q/true/", SERVICES)],
    /without a tmpfs on \/run/,
    /values do not equal|still not true: gone/,
  ),
  row(
    "session",
    "systemd",
    "CAP_SYS_ADMIN is not made use of",
    [sed("s/|| mount_cgroup .*/|| true/", SERVICES)],
    /with CAP_SYS_ADMIN/,
    /30 s still not true: usable/,
  ),
  row(
    "units",
    "systemd",
    "a read-only root is found out by useradd",
    [sed("/^check_container$/d", PATHS.init)],
    /can't be written to refuses/,
    /values do not equal|grep --quiet/,
  ),
  row(
    "log",
    "contained",
    "root's log lies in a folder of the user's",
    [sed('s/^! is_root || chmod 0755 .run.helios$/&; chown "$UID" \\/run\\/helios/', PATHS.init)],
    /can write nothing but the user's own/,
    /\/run\/helios/,
  ),
  row(
    "units",
    "systemd",
    "the machine's kernel parameters are set",
    ["RUN rm /etc/systemd/system/systemd-sysctl.service"],
    /is masked/,
    /expected : masked(.|\n)*actual +: static/,
  ),
  row(
    "units",
    "systemd",
    "two units wait for each other",
    [
      "RUN for pair in 'one two' 'two one'; do set -- $pair; printf \"[Unit]\\nAfter=$2.service\\n[Service]\\nExecStart=sleep infinity\\n[Install]\\nWantedBy=multi-user.target\\n\" >/etc/systemd/system/$1.service && systemctl enable $1; done",
    ],
    /no unit waits for itself/,
    /ordering cycle/,
  ),
  row(
    "units",
    "systemd",
    "a unit of the system fails",
    [
      "RUN printf '[Service]\\nType=oneshot\\nExecStart=false\\n[Install]\\nWantedBy=multi-user.target\\n' >/etc/systemd/system/fails.service && systemctl enable fails",
    ],
    /no unit of either fails/,
    /fails\.service/,
  ),
  row(
    "units",
    "systemd",
    "the container's log has nothing",
    [
      "RUN rm /etc/systemd/system/multi-user.target.wants/helios-log.service",
      sed("s/ helios-log.service//", "/etc/systemd/system/desktop@.service"),
    ],
    /is in the container's log/,
    /30 s still not true: grep --quiet --line-regexp alice/,
  ),
  row(
    "units",
    "supervised",
    "a unit is not started again",
    [sed("s/^Restart=.*/Restart=no/", `${UNITS}/pulseaudio.service`)],
    /every service is back/,
    /true: back pulseaudio/,
  ),
  row(
    "units",
    "bad-env",
    "a shell runs before the first program's own",
    [`RUN rm /usr/local/sbin/init && printf '#!/bin/sh\\nexec ${PATHS.init}\\n' >/usr/local/sbin/init && chmod 0755 /usr/local/sbin/init`],
    /what shells take for code/,
    /10 s still not true: gone/,
  ),
  row(
    "session",
    "early-stop",
    "the first program lets the signal through",
    [sed("1s/--block-signal=[^ ]* //", "/usr/local/sbin/init")],
    /stop that comes while it starts/,
    /told after 0(.|\n)*5 s still not true: gone/,
  ),
]
