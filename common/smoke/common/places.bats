# Volumes, groups and settings are taken as they come. A home may be a volume, lie on one or have volumes below it; what leads to it is
# opened, nothing in a volume is removed, and a home that the user can't use ends the container with one line that names the folder.
# Groups that the container is given are the user's too, an optional setting that is empty is one that isn't given, and `as-user` runs a
# program on the desktop.

setup() {
  load ../lab/lab
  VOLUMES=$LAB/volumes
  rm -rf "$VOLUMES"
  PLAIN_SPEC=$SPEC
}

# configured FILTER: what runs the container has that in its configuration, beside what it has already.
configured() { SPEC="$SPEC | $1"; }

unconfigured() { SPEC=$PLAIN_SPEC; }

# volume NAME OWNER MODE PLACE [OPTION]: a folder that is mounted there.
volume() {
  install -d -o "${2%:*}" -g "${2#*:}" -m "$3" "$VOLUMES/$1"
  mounted "$1" "$4" "${5:-rw}"
}

# mounted NAME PLACE OPTION: a file or folder of the volumes is mounted there.
mounted() { configured ".mounts += [{destination: \"$2\", type: \"bind\", source: \"$VOLUMES/$1\", options: [\"bind\", \"$3\"]}]"; }

owner() { stat -c %u:%g "$1"; }

# has_skeleton FOLDER: what homes begin with is in it.
has_skeleton() {
  local entry
  for entry in /image/etc/skel/.[!.]*; do
    [ -e "$1/${entry##*/}" ] || {
      echo "no ${entry##*/} in $1"
      return 1
    }
  done
}

# as_given NAME PROGRAM...: what "exec" starts as root and hands over to as-user.
as_given() { inside "$1" /usr/local/bin/as-user "${@:2}"; }

# groups_of PROCESS: those of a process of box.
groups_of() { inside box sed -n 's/^Groups:\t//p' "/proc/$1/status"; }

@test "a volume below the home: what leads to it is the user's, and so is one that is empty" {
  volume mine 0:0 0755 /home/bob/.config/mine
  volume full 0:0 0755 /home/bob/full
  echo kept >"$VOLUMES/full/kept"
  echo mounted >"$VOLUMES/mine.conf"
  mounted mine.conf /home/bob/.local/app/mine.conf ro
  desktop box
  local home
  home=$(rootfs box)/home/bob
  assert_equal "$(owner "$home") $(owner "$home/.config") $(owner "$home/.local/app")" '1000:1000 1000:1000 1000:1000'
  assert_equal "$(owner "$VOLUMES/mine") $(owner "$VOLUMES/full")" '1000:1000 0:0'
  run has_skeleton "$home"
  assert_success
  as_given box sh -c 'touch .config/mine/x .config/x .local/app/x && grep -q mounted .local/app/mine.conf'
}

@test "a volume as the home: one with lost+found alone is filled, and what a group may write to stays the group's" {
  volume claim 0:5000 2775 /home/bob
  mkdir -m 0700 "$VOLUMES/claim/lost+found"
  local before
  before=$(stat -c '%u %a' "$VOLUMES/claim/lost+found")
  desktop box
  assert_equal "$(owner "$VOLUMES/claim")" 1000:5000
  assert_equal "$(stat -c '%u %a' "$VOLUMES/claim/lost+found")" "$before"
  run has_skeleton "$VOLUMES/claim"
  assert_success
}

@test "a volume above the home that others can't enter is opened to them, without its list" {
  volume homes 0:0 0700 /home
  desktop box
  assert_equal "$(stat -c %a "$VOLUMES/homes")" 701
  assert_equal "$(owner "$VOLUMES/homes/bob")" 1000:1000
  run as_given box ls /home
  assert_failure
}

@test "a volume above the home that is a group's stays one, without CAP_FSETID too" {
  volume homes 0:5000 2770 /home
  CAPABILITIES=$(jq --compact-output '. - ["CAP_FSETID"]' <<<"$PLAIN")
  desktop box
  assert_equal "$(stat -c %a "$VOLUMES/homes")" 2771
}

@test "a home that the user can't use ends the container with one line, and stays as it is" {
  local before
  volume homes 4321:4321 0700 /home
  refuses "/home can't be entered by user 1000"
  unconfigured
  volume theirs 4321:4321 0750 /home/bob
  touch "$VOLUMES/theirs/notes"
  before=$(find "$VOLUMES/theirs" -printf '%p %U:%G %m %T@\n' | sort)
  refuses "/home/bob can't be entered by user 1000"
  chmod 0755 "$VOLUMES/theirs"
  refuses "/home/bob can't be written to by user 1000"
  chmod 0750 "$VOLUMES/theirs"
  assert_equal "$(find "$VOLUMES/theirs" -printf '%p %U:%G %m %T@\n' | sort)" "$before"
}

@test "where root may not enter the home, as on NFS, its user does" {
  desktop box
  chmod 0700 "$(rootfs box)/home/bob"
  run inside box setpriv --bounding-set=-dac_override /usr/local/bin/as-user test -w /home/bob
  assert_success
}

@test "HOME says another place for the home, and none of the system's" {
  volume net 0:0 0755 /net/homes
  desktop box HOME=/net/homes/bob
  assert_equal "$(owner "$VOLUMES/net/bob")" 1000:1000
  run has_skeleton "$VOLUMES/net/bob"
  assert_success
  run as_given box sh -c 'echo "$HOME $(pwd)"; getent passwd bob | cut -d: -f6'
  assert_output $'/net/homes/bob /net/homes/bob\n/net/homes/bob'
  assert [ ! -e "$(rootfs box)/home/bob" ]
  discard box
  refuses HOME HOME=/etc
  refuses HOME HOME=/net/../etc
}

@test "groups that the container is given are the desktop's too, those of the system left out" {
  local system
  system=$(awk -F: '$1 == "mail" { print $3 }' /image/etc/group)
  volume project 0:5000 2770 /project
  configured ".process.user.additionalGids = [5000, $system]"
  desktop box
  run groups_of "$(pid_of xfce4-panel)"
  assert_output --regexp '(^| )5000( |$)'
  refute_output --regexp "(^| )$system( |\$)"
  as_given box touch /project/mine
  run cat "$LAB/box/log"
  assert_output --partial "group $system is left out: it is mail here"
}

@test "what is in the volumes of X sockets and of the runtime folder stays" {
  volume sockets 0:0 1777 /tmp/.X11-unix
  volume runtime 1000:1000 0700 /run/user/1000
  touch "$VOLUMES/sockets/X0" "$VOLUMES/runtime/mine"
  on_x() {
    mkdir -p /tmp/.X11-unix
    ln -sfn "$VOLUMES/sockets/X1" /tmp/.X11-unix/X1
    DISPLAY=:1 XAUTHORITY=$VOLUMES/runtime/Xauthority "${@:2}"
  }
  desktop box
  begin restart box
  assert [ -f "$VOLUMES/sockets/X0" ]
  assert [ -f "$VOLUMES/runtime/mine" ]
  assert_equal "$(owner "$VOLUMES/runtime/Xauthority")" 1000:1000
}

# Those of both profiles; what is another profile's means nothing.
OPTIONAL=(GID HOME LANG LC_ALL TZ PASSWORD_FILE AUTH PROXY_SECRET PROXY_SECRET_FILE HOSTS TRUSTED_PROXY VIEW_PASSWORD VIEW_PASSWORD_FILE
  CLIPBOARD SCALE PREFIX HTTP_PORT HTTPS HTTPS_PORT WEBRTC WEBRTC_ADDRESS TITLE IDLE_TIME HOOK_TIMEOUT DESKTOP_FILES SUDO
  DISPLAY_SOCK_ADDR GEOMETRY)

@test "an optional setting that is empty is one that isn't given" {
  desktop box "${OPTIONAL[@]/%/=}"
  run as_given box sh -c 'echo "$(id -u):$(id -g) $LANG ${TZ-none} $HOME"'
  assert_output '1000:1000 C.UTF-8 none /home/bob'
}

@test "a locale or a time zone that the image lacks is replaced, with a line" {
  desktop box LC_ALL=xx_XX.UTF-8 TZ=Europe/Nowhere
  run as_given box sh -c 'echo "$LC_ALL ${TZ-none}"'
  assert_output 'C.UTF-8 none'
  run cat "$LAB/box/log"
  assert_output --partial 'helios: LC_ALL=xx_XX.UTF-8: this image lacks that locale'
  assert_output --partial 'helios: TZ=Europe/Nowhere: this image lacks that time zone'
}

opened() { on_x box xdotool search --onlyvisible --name '^started$'; }

@test "a program that is started from outside is on the desktop: by as-user, and as the user with the image's environment" {
  desktop box
  run as_given box sh -c 'id --user --name; echo "$DISPLAY"'
  assert_output $'bob\n:1'
  as_given box xfce4-terminal --disable-server --title=started 3>&- &
  poll 15 opened
  local variables variable options=(--env HOME=/home/bob)
  mapfile -t variables < <(jq --raw-output '.config.Env[]' /image.json)
  for variable in "${variables[@]}"; do options+=(--env "$variable"); done
  run runtime exec --user 1000:1000 "${options[@]}" box sh -c 'test -s "$XAUTHORITY" && echo "$DISPLAY"'
  assert_output :1
}

@test "below another first program it works, or ends with one line" {
  configured '.process.args |= ["/bin/sh", "-c", "\"$@\"; exit $?", "init"] + .'
  if [ "$INIT" = supervisord ]; then
    desktop box
  else
    refuses 'expected to be process 1'
  fi
}
