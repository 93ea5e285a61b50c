# `USER` and `UID` make the desktop's user, and `GID` its group, with `UID`'s number unless given. What the base image has under the same
# name or number gives way; a home that exists keeps its files. Programs that know the display and the home alone open that display.

setup() { load ../lab/lab; }

desktop_user() { inside box id "$1" | grep -q "^uid=$2($1) gid=$3("; }

owner() { stat -c %u:%g "$(rootfs box)$1"; }

@test "USER and UID make the desktop's user, and GID is UID" {
  boot box USER=alice UID=4242 "${REQUIRED[@]}"
  poll 10 desktop_user alice 4242 4242
  poll 10 test -d "$(rootfs box)/home/alice"
  poll 10 runs_as 4242
  assert_equal "$(owner /home/alice)" 4242:4242
}

runs_as() { inside box sh -c 'cat /proc/[0-9]*/status 2>/dev/null' | grep -q "^Uid:.$1.$1.$1.$1"; }

@test "GID is taken as given" {
  boot box USER=alice UID=4242 "${REQUIRED[@]}" GID=4343
  poll 10 desktop_user alice 4242 4343
  poll 10 runs_as 4242
}

@test "GID=100 is users, whatever number the base gives that group" {
  unpack box
  chroot "$(rootfs box)" groupmod --gid 984 users
  start box USER=alice UID=4242 "${REQUIRED[@]}" GID=100
  poll 10 desktop_user alice 4242 100
  assert_equal "$(inside box id --group --name alice)" users
  poll 10 runs_as 4242
}

@test "the base's own user of that UID gives way" {
  unpack box
  chroot "$(rootfs box)" useradd --uid 1000 --user-group --create-home ubuntu
  start box USER=alice UID=1000 "${REQUIRED[@]}"
  poll 10 desktop_user alice 1000 1000
  run inside box id ubuntu
  assert_failure
}

@test "the base's own user of that name gives way" {
  unpack box
  chroot "$(rootfs box)" useradd --uid 1000 --user-group --create-home ubuntu
  start box USER=ubuntu UID=2000 "${REQUIRED[@]}" GID=2001
  poll 10 desktop_user ubuntu 2000 2001
}

@test "the base's own group of that GID gives way" {
  unpack box
  chroot "$(rootfs box)" groupadd --gid 5000 render-farm
  start box USER=alice UID=4242 "${REQUIRED[@]}" GID=5000
  poll 10 desktop_user alice 4242 5000
  assert_equal "$(inside box id --group --name alice)" alice
}

@test "a home that exists keeps its files" {
  unpack box
  install -D -m 0600 /dev/null "$(rootfs box)/home/alice/notes"
  echo 'my own' >"$(rootfs box)/home/alice/.bashrc"
  start box USER=alice UID=4242 "${REQUIRED[@]}"
  poll 10 runs_as 4242
  assert_equal "$(cat "$(rootfs box)/home/alice/.bashrc")" 'my own'
  assert [ -f "$(rootfs box)/home/alice/notes" ]
  assert_equal "$(owner /home/alice)" 4242:4242
}

@test "a second start with another UID takes it over" {
  boot box USER=alice UID=4242 "${REQUIRED[@]}"
  poll 10 runs_as 4242
  runtime kill box KILL
  ended box 10
  start box USER=alice UID=4244 "${REQUIRED[@]}"
  poll 10 desktop_user alice 4244 4244
  poll 10 runs_as 4244
}

# opens_display HOME: an X client that knows nothing but the display and that home.
opens_display() { on_x box env -i "PATH=$PATH" "HOME=$1" "DISPLAY=:$(display_of box)" xwininfo -root; }

@test "programs that know the display and the home alone get in, and a cookie file of the user's own stays" {
  desktop box
  local home
  home=$(rootfs box)/home/bob
  run opens_display "$home"
  assert_success
  assert_equal "$(stat -c '%a %u:%g' "$home/.Xauthority")" '600 1000:1000'
  begin restart box
  run opens_display "$home"
  assert_success
  echo mine >"$home/.Xauthority"
  begin restart box
  assert_equal "$(cat "$home/.Xauthority")" mine
}
