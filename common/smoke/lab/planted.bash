# shellcheck shell=bash
# What a desktop's user can leave for root to come across, and what tells that root came across it.

# by_user COMMAND...: as a program of the desktop's would, which needs nothing of the session.
by_user() { inside box setpriv --reuid=1000 --regid=1000 --clear-groups "$@"; }

WRITABLE='find / /run /dev/shm -xdev -type d -writable'

# plant TYPES KIND: replaces, as the user, what there is of find's types in all folders that the user may write; prints what that was.
plant() {
  by_user sh -c '
    '"$WRITABLE"' -print 2>/dev/null | while IFS= read -r folder; do
      find "$folder" -mindepth 1 -maxdepth 1 -type "$1" ! -name display.sock 2>/dev/null
    done | while IFS= read -r path; do
      rm -rf "$path" 2>/dev/null || mv "$path" "$path.away" 2>/dev/null || continue
      case $2 in
        to-file) ln -s /canary/file "$path" ;;
        to-folder) ln -s /canary/folder "$path" ;;
        file) echo planted >"$path" ;;
        fifo) mkfifo "$path" ;;
      esac && echo "$path"
    done 2>/dev/null
    true' plant "$@"
}

canaries() {
  find "$(rootfs box)/canary" -printf '%p %M %U:%G %T@ %C@\n' | sort
  find "$(rootfs box)/canary" -type f -exec md5sum {} +
}

# of_others: what lies in the user's own folders and isn't the user's.
of_others() {
  local folders
  mapfile -t folders < <(by_user sh -c "$WRITABLE -prune -print" 2>/dev/null)
  inside box find "${folders[@]}" -xdev ! -user 1000 2>/dev/null | sort -u
}

shows() { on_x box xwininfo -root; }

# replaced KIND: everything that the user can replace is of that kind, first what is no folder and then the folders: the display is
# there after each restart, what root's are is as it was, and root has left nothing with the user.
replaced() {
  local kind=$1 types before ours planted
  desktop box
  ours=$(of_others)
  mkdir -m 0755 "$(rootfs box)/canary"
  install -d -m 0700 "$(rootfs box)/canary/folder"
  install -m 0600 <(echo secret) "$(rootfs box)/canary/file"
  install -m 0600 <(echo secret) "$(rootfs box)/canary/folder/inner"
  before=$(canaries)
  for types in f,s,p,l d; do
    # As a volume is, which outlives its container.
    chmod 0777 "$(rootfs box)/tmp"
    planted=$(plant "$types" "$kind")
    by_user sh -c 'kill -KILL -1' || true
    holds 2 true
    planted+=$(plant "$types" "$kind")
    assert [ -n "$planted" ]
    restart box USER=bob UID=1000 "${REQUIRED[@]}"
    poll 30 shows
    assert_equal "$(canaries)" "$before"
    assert_equal "$(comm -13 <(echo "$ours") <(of_others))" ''
    run stat -c '%F %a %u' "$(rootfs box)"/tmp/.{X11,ICE}-unix
    assert_output $'directory 1777 0\ndirectory 1777 0'
  done
}
