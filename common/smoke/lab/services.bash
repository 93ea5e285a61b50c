# shellcheck shell=bash
# Loaded by every check: a container's processes, and its services by the list that its profile's "services" gives.

# as_user NAME COMMAND...: a program of the desktop's user, in the desktop's session.
as_user() {
  local variables=() variable
  while IFS= read -r variable; do variables+=(--env "$variable"); done < <(session_environment "$1")
  runtime exec --user "$OWNER" "${variables[@]}" "$@"
}

# pid_of SERVICE [NAME]: the number that its process has in a container, "box" unless another is named.
pid_of() { services "${2:-box}" | awk -v name="$1" '$2 == name { print $1 }'; }

# back SERVICE PID: it runs in "box", with another process.
back() { services box | grep -v "^$2 " | grep -q " $1\$"; }

# processes NAME: one "PID state command line" for each process of the container.
processes() {
  # shellcheck disable=SC2016
  inside "$1" sh -c 'for p in /proc/[0-9]*; do
    [ -r "$p/cmdline" ] && printf "%s %s %s\n" "${p#/proc/}" "$(sed -n "s/^State:\t\(.\).*/\1/p" "$p/status")" "$(tr "\0" " " <"$p/cmdline")"
  done 2>/dev/null; true'
}

# session_environment NAME: what a program gets that is started from the panel.
session_environment() {
  tr '\0' '\n' <"/proc/$(pgrep --oldest --ns "$(init_pid "$1")" --nslist pid --exact xfce4-panel)/environ"
}
