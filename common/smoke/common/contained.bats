# A desktop's user stays that user. Whatever stands in the place of a file or folder that the user can replace, root follows it nowhere,
# runs nothing of it and waits for none of it: at start, at run and at stop, even with a `/tmp` that has no sticky bit. No program of the
# desktop can read what is root's alone, signal or look into the processes of others, or write what decides what root does.
#
# What root opens, makes, changes or removes:
#
#   what                                          when            who may write the folder that it is in
#   /tmp/.X1-lock, .X11-unix, .ICE-unix           start           everybody; a volume's may lack the sticky bit
#   /home/USER                                    start           root, or who a volume says
#   /run/user/UID                                 start           root
#   /run/helios, s6's, supervisord's, systemd's   start to stop   root
#   /etc/passwd and group, /var/lib/helios        start           root
#   /etc/helios/*.d, supervisor's, systemd's      start to stop   root
#   /dev/dri, /dev/dvb                            start           root
#
# What is in the user's own folders is made and removed as the user. So it is looked for there: something else is put in the place of
# everything that the user can replace, while the desktop runs and before it is stopped, and root must have gone nowhere by it.
setup() {
  load ../lab/lab
  load ../lab/planted
}

@test "links to root's files lead root nowhere" {
  replaced to-file
}

@test "links to root's folders lead root nowhere" {
  replaced to-folder
}

@test "files in the way are no hindrance" {
  replaced file
}

@test "fifos in the way keep nobody waiting" {
  replaced fifo
}

@test "a /tmp without its sticky bit is given it" {
  unpack box
  chmod 0777 "$(rootfs box)/tmp"
  start box USER=bob UID=1000 "${REQUIRED[@]}"
  poll 30 shows
  assert_equal "$(stat -c %a "$(rootfs box)/tmp")" 1777
}

# Whoever runs it as root leaves a file that nobody else can make.
BETRAYAL='[ "$(id -u)" != 0 ] || : >/root-was-here'

@test "nothing in the user's home runs as root" {
  unpack box
  mkdir -p "$(rootfs box)/etc/helios/shutdown.d"
  echo 'for shell in bash sh; do $shell -lc true; $shell -ic true; done; ! command -v python3 || python3 -c ""' >"$(rootfs box)/etc/helios/shutdown.d/10-programs.sh"
  begin start box
  by_user sh -c '
    cd /home/bob && mkdir -p .local/bin .config/systemd/user/default.target.wants
    for minor in $(seq 6 20); do
      packages=.local/lib/python3.$minor/site-packages
      mkdir -p "$packages"
      echo "import os; os.getuid() or open(\"/root-was-here\", \"a\")" | tee "$packages/a.pth" "$packages/usercustomize.py" >"$packages/sitecustomize.py"
    done
    for file in .profile .bash_profile .bash_login .bash_logout .bashrc .shinit .xprofile .xsessionrc .pythonrc; do echo "$1" >"$file"; done
    for program in sh bash rm mkdir chown stat id timeout python3 supervisord node nginx xauth; do
      printf "#!/bin/sh\n%s\nexec /usr/bin/%s \"\$@\"\n" "$1" "$program" >".local/bin/$program" && chmod 0755 ".local/bin/$program"
    done
    printf "[Service]\nExecStart=/bin/sh -c %s\n" "'\''$1'\''" >.config/systemd/user/mine.service
    ln -s ../mine.service .config/systemd/user/default.target.wants/mine.service
    ' plant "$BETRAYAL"
  begin restart box
  begin restart box
  assert [ ! -e "$(rootfs box)/root-was-here" ]
}

@test "hooks run with root's own home" {
  unpack box
  mkdir -p "$(rootfs box)/etc/helios/shutdown.d"
  echo 'echo "$(id -u) $HOME" >/var/hook' >"$(rootfs box)/etc/helios/shutdown.d/10-home.sh"
  begin start box HOME=/home/bob
  begin restart box
  assert_equal "$(cat "$(rootfs box)/var/hook")" '0 /root'
}

@test "a home that is a link or a file refuses" {
  local kind
  for kind in 'ln -s /etc' touch mkfifo; do
    unpack box
    $kind "$(rootfs box)/home/bob"
    start box USER=bob UID=1000 "${REQUIRED[@]}"
    ends_refusing box '/home/bob is a link or a file: expected' || return 1
    discard box
  done
}

@test "no process of another's can be signalled, traced or looked into" {
  desktop box
  run by_user sh -c '
    for process in /proc/[0-9]*; do
      grep -q "^Uid:.1000" "$process/status" && continue
      [ -d "$process" ] || continue
      count=$((count + 1))
      if kill -0 "${process#/proc/}"; then echo "$process can be signalled"; fi
      for file in environ mem maps auxv; do if head -c 1 "$process/$file" >/dev/null; then echo "$process/$file can be read"; fi; done
      for link in root cwd exe; do if readlink "$process/$link" >/dev/null; then echo "$process/$link can be followed"; fi; done
    done 2>/dev/null
    [ "$count" -ge 1 ]'
  assert_success
  assert_output ''
}

# What everybody may write is of no use for that.
EVERYBODYS='^(/tmp|/var/tmp|/dev/shm|/dev/mqueue|/run/lock|/run/screen)(/|$)|^/dev/(null|zero|full|random|urandom|tty|ptmx|pts/.*|fuse|net/tun|console)$'
# To be spoken to by everybody is what these are for, or they ask who it is.
TALKING='^/run/(helios/health\.sock|s6-rc:s6-rc-init:[A-Za-z0-9]+/servicedirs/s6rc-oneshot-runner/s|dbus/system_bus_socket|systemd/(notify|journal/(stdout|socket|dev-log|syslog|io\.systemd\.journal)|userdb/.*|(report/)?io\.systemd?\..*))$'
OWN='^(/home/bob|/run/user/1000|/run/kvdi|/run/helios/web)(/|$)'

@test "the user can write nothing but the user's own, and nothing of it decides what root does" {
  desktop box
  run by_user find / /run /dev /dev/shm -xdev ! -type l -writable
  refute_output ''
  run grep -vE "$EVERYBODYS|$TALKING|$OWN|^find: " <<<"$output"
  assert_output ''
}

@test "what root alone may read, the user can't" {
  desktop box
  local files
  mapfile -t files < <(inside box find /etc /root /run /var -xdev -type f -user 0 ! -group 1000 ! -perm -o=r)
  assert [ "${#files[@]}" -ge 1 ]
  run by_user sh -c 'id; for file; do if head -c 1 "$file" >/dev/null 2>&1; then echo "$file can be read"; fi; done' read "${files[@]}"
  refute_output --partial 'can be read'
  # As a program of the session, whose groups may be more.
  run as_user box sh -c 'for file; do if head -c 1 "$file" >/dev/null 2>&1; then echo "$file can be read"; fi; done' read "${files[@]}"
  assert_output ''
}

@test "what supervises the services doesn't listen to the user" {
  desktop box
  local before command commands
  before=$(services box | sort)
  mapfile -t commands <<'COMMANDS'
supervisorctl -c /etc/supervisor/helios.conf stop xvnc
supervisorctl -c /etc/supervisor/helios.conf shutdown
/command/s6-svc -d /run/service/nginx
/command/s6-svc -k /run/service/xvnc
/command/s6-svscanctl -t /run/service
/command/s6-rc -d change nginx
/command/s6-sudo /run/s6-rc/servicedirs/s6rc-oneshot-runner/s up 0
/run/s6/basedir/bin/halt
systemctl --no-ask-password stop desktop@1000.service
systemctl --no-ask-password daemon-reload
systemctl --no-ask-password poweroff
systemd-run --no-ask-password --wait true
COMMANDS
  for command in "${commands[@]}"; do
    inside box sh -c 'command -v "$1"' find "${command%% *}" || continue
    # shellcheck disable=SC2086
    run by_user timeout 10 $command
    assert_failure
  done
  assert_equal "$(services box | sort)" "$before"
}
