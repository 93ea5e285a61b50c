# shellcheck shell=sh
# Sourced by kvdi-init, below tini: supervisord runs the services and, on SIGTERM, the shutdown hooks come first.

check_runtime() { :; }

run_services() {
  rm -f /run/supervisord.pid /run/supervisor.sock
  supervisord --nodaemon --configuration /etc/supervisor/helios.conf &
  supervisord=$!
  trap stop TERM INT HUP
  wait "$supervisord"
  echo "helios: supervisord ended with $?" >&2
  exit 70
}

stop() {
  trap '' TERM INT HUP
  /usr/local/lib/helios/bin/shutdown-hooks
  kill -TERM "$supervisord" 2>/dev/null || true
  wait "$supervisord" || true
  exit 0
}
