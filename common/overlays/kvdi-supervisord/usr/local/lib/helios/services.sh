# shellcheck shell=sh
# Sourced by kvdi-init, below tini: supervisord runs the services and, on SIGTERM, the shutdown hooks come first. So they do on
# SIGRTMIN+3, which kVDI sends to what its template calls systemd.

# Shells know signals beyond the first 31 by number alone.
SIGRTMIN_3=37

check_runtime() { :; }

# Programs get the user's home from supervisord, which is Python and root: without -I it would run what the user put there.
run_services() {
  rm -f /run/supervisord.pid /run/supervisor.sock
  HOME="$home" python3 -I "$(command -v supervisord)" --nodaemon --configuration /etc/supervisor/helios.conf &
  supervisord=$!
  trap stop TERM INT HUP "$SIGRTMIN_3"
  code=0
  wait "$supervisord" || code=$?
  echo "helios: supervisord ended with $code" >&2
  exit 70
}

stop() {
  trap '' TERM INT HUP "$SIGRTMIN_3"
  /usr/local/lib/helios/bin/run-hooks /etc/helios/shutdown.d 4 5
  kill -TERM "$supervisord" 2>/dev/null || true
  /usr/local/lib/helios/bin/wake-supervisord
  wait "$supervisord" || true
  exit 0
}
