# shellcheck shell=bash
# What the checks of kvdi need to know of supervisord.

# services NAME: one "PID name" for each service.
services() { inside "$1" supervisorctl -c /etc/supervisor/helios.conf status | awk '$2 == "RUNNING" && $1 != "autostart" { sub(",", "", $4); print $4, $1 }'; }

# add_program NAME PROGRAM COMMAND: one file more in a container that was unpacked.
add_program() {
  cat >"$(rootfs "$1")/etc/supervisor/conf.d/$2.conf" <<CONF
[program:$2]
command=$3
user=%(ENV_USER)s
autorestart=true
CONF
}
