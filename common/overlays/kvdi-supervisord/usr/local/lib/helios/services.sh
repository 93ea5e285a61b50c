# shellcheck shell=sh
# Sourced by kvdi-init, below tini: supervisord runs the services and, on SIGTERM, the shutdown hooks come first. So they do on
# SIGRTMIN+3, which kVDI sends to what its template calls systemd.

# Shells know signals beyond the first 31 by number alone.
SIGRTMIN_3=37

check_runtime() { :; }

# Programs get the user's home from supervisord, which is Python and may be root: without -I it would run what the user put there.
run_services() {
  rm -f /run/supervisord.pid /run/supervisor.sock
  own_log
  HOME="$home" python3 -I "$(command -v supervisord)" --nodaemon --user "$started_as" --configuration /etc/supervisor/helios.conf &
  supervisord=$!
  trap stop TERM INT HUP "$SIGRTMIN_3"
  code=0
  wait "$supervisord" || code=$?
  echo "helios: supervisord ended with $code" >&2
  exit 70
}

# supervisord opens what it says for each program anew. Where the log's owner has no number in the container, as with --userns=auto, nobody
# may, so that it goes through a pipe of root's own.
own_log() {
  if (: >>/dev/stdout) 2>/dev/null; then return; fi
  mkfifo -m 0600 /run/helios/log
  cat /run/helios/log &
  exec >/run/helios/log
}

stop() {
  trap '' TERM INT HUP "$SIGRTMIN_3"
  /usr/local/lib/helios/bin/run-hooks /etc/helios/shutdown.d 4 5
  ask_programs
  /usr/local/lib/helios/bin/end-supervisord "$supervisord" || kill -TERM "$supervisord" 2>/dev/null || true
  wait "$supervisord" || true
  exit 0
}

# The user's programs that are none of supervisord's are asked to end as well, while there is a display yet. One may end while it is looked at.
ask_programs() {
  for status in /proc/[0-9]*/status; do
    number='' parent='' owner=''
    while read -r key value _; do
      case $key in
        Pid:) number=$value ;;
        PPid:) parent=$value ;;
        Uid:) owner=$value && break ;;
      esac
    done <"$status" || continue
    [ "$owner" != "$UID" ] || [ "$parent" = "$supervisord" ] || [ "$parent" = $$ ] || kill -TERM "$number" || true
  done 2>/dev/null
}
