# `glxgears` renders, `vglrun glxinfo` runs with no argument, and the user can open the nodes of `/dev/dri`. One that is no graphics device
# is told in the log, as is what `vglrun` renders by. NVIDIA's driver is found where its toolkit hands in libraries alone. The screen's
# first visual is its root's. With the role `gpu`, Vulkan's loader names a device and nothing that is missing, and `vkcube` turns.

setup() {
  load ../lab/lab
  load ../lab/pixels
}

@test "glxgears renders: three colours that turn" {
  desktop box
  as_user box glxgears -geometry 300x300+500+200 3>&- &
  poll 15 on_x box xdotool search --onlyvisible --name '^glxgears$'
  poll 10 gears
  picture box /tmp/later.png
  region /tmp/later.png 300x300+500+200 /tmp/later.png
  cp /tmp/gears.png /report/gears.png
  turned() {
    picture box /tmp/later.png
    region /tmp/later.png 300x300+500+200 /tmp/seen.png
    ! below "$(unlike /tmp/seen.png /tmp/gears.png)" 0.02
  }
  poll 10 turned
}

# gears: red, green and blue each cover a part of the window, and black the rest.
gears() {
  picture box /tmp/now.png
  region /tmp/now.png 300x300+500+200 /tmp/gears.png
  local colour
  for colour in '#cc1a00' '#00cc33' '#3333ff'; do
    echo "$colour: $(share "$colour") of the window"
    below 0.01 "$(share "$colour")" || return 1
  done
}

# share COLOUR: how much of the window has its hue.
share() { magick /tmp/gears.png -fuzz 30% -fill white -opaque "$1" -fill black +opaque white -format '%[fx:mean]' info:; }

@test "vglrun works with no argument" {
  desktop box
  run as_user box timeout 20 vglrun glxinfo -B
  assert_success
  assert_output --regexp 'OpenGL renderer string: .+'
  assert_output --regexp 'direct rendering: Yes'
  run as_user box sh -c "timeout 20 vglrun glxinfo 2>&1 | grep -E 'ERROR|glx vendor'"
  assert_output --partial 'server glx vendor string: VirtualGL'
  refute_output --partial ERROR
}

@test "the log says what vglrun renders by" {
  desktop box
  poll 20 grep --quiet 'helios: vglrun renders in software: the container was given no GPU' "$LAB/box/log"
}

@test "the screen's first visual is its root's, which programs take for granted" {
  desktop box
  on_x box xdpyinfo >/tmp/screen
  assert_equal "$(sed -n 's/^ *visual id: *//p' /tmp/screen | head -1)" "$(sed -n 's/^ *default visual id: *//p' /tmp/screen)"
}

@test "Vulkan's loader names a device and nothing that is missing, and vkcube turns" {
  # An image without the role gpu has neither.
  [[ -d /image/usr/share/vulkan/icd.d ]] || return 0
  desktop box
  run as_user box timeout 30 vulkaninfo --summary
  assert_success
  assert_output --regexp 'deviceName +='
  refute_output --partial 'Failed to open JSON'
  picture box /tmp/before.png
  as_user box timeout 60 vkcube 3>&- &
  differs() {
    picture box /tmp/now.png
    below 0.02 "$(unlike /tmp/now.png "$1")"
  }
  poll 30 differs /tmp/before.png
  cp /tmp/now.png /tmp/cube.png
  cp /tmp/now.png /report/vkcube.png
  poll 15 differs /tmp/cube.png
}

# with_driver: Mesa's library stands for NVIDIA's, and nothing else says where one is.
with_driver() {
  unpack box
  local mesa
  mesa=$(find "$(rootfs box)/usr/lib" "$(rootfs box)/usr/lib64" -name libEGL_mesa.so.0 -print -quit 2>/dev/null)
  cp --dereference "$mesa" "$(dirname "$mesa")/libEGL_nvidia.so.0"
  mkdir -p "$LAB/vendor"
  mv "$(rootfs box)/usr/share/glvnd/egl_vendor.d"/* "$LAB/vendor/"
}

@test "a driver of NVIDIA's is found without files of the vendor's, and the toolkit's own are left alone" {
  with_driver
  begin start box
  run as_user box timeout 20 vglrun glxinfo -B
  assert_success
  poll 20 grep --quiet 'helios: vglrun renders in software' "$LAB/box/log"
  discard box
  with_driver
  sed s/_mesa/_nvidia/ "$LAB"/vendor/*mesa* >"$(rootfs box)/usr/share/glvnd/egl_vendor.d/10_nvidia.json"
  begin start box
  run as_user box timeout 20 vglrun glxinfo -B
  assert_success
  assert [ ! -e "$(rootfs box)/run/helios/gpu/egl.json" ]
}

@test "the nodes of /dev/dri are usable by the desktop's programs" {
  # The numbers of /dev/null, as no driver is needed to be let in.
  DEVICES='[{"path":"/dev/dri/renderD128","type":"c","major":1,"minor":3,"fileMode":432,"uid":0,"gid":4711},{"path":"/dev/dri/card0","type":"c","major":1,"minor":3,"fileMode":432,"uid":0,"gid":44}]'
  desktop box
  local panel groups node
  panel=$(pid_of xfce4-panel)
  groups=$(inside box sed -n 's/^Groups:\t//p' "/proc/$panel/status")
  echo "groups $groups"
  for node in renderD128 card0; do
    inside box setpriv --reuid=1000 --regid=1000 --groups "$(xargs <<<"$groups" | tr ' ' ,)" dd if="/dev/dri/$node" of=/dev/null count=1 status=none
    inside box setpriv --reuid=1000 --regid=1000 --groups "$(xargs <<<"$groups" | tr ' ' ,)" dd if=/dev/zero of="/dev/dri/$node" count=1 conv=notrunc status=none
  done
}

@test "a node whose group is another one's here is left out, and one that was mounted keeps its mode" {
  mknod -m 0600 "$LAB/node" c 1 3
  local group
  group=$(awk -F: '$1 == "mail" { print $3 }' /image/etc/group)
  DEVICES='[{"path":"/dev/dri/card0","type":"c","major":1,"minor":3,"fileMode":432,"uid":0,"gid":'$group'}]'
  SPEC='.mounts += [{destination: "/dev/dri/renderD128", type: "bind", source: "/lab/node", options: ["bind", "rw"]}]'
  desktop box
  assert_equal "$(stat -c '%a %u:%g' "$LAB/node")" '600 0:0'
  run cat "$LAB/box/log"
  assert_output --partial "/dev/dri/card0 is left out: its group $group is mail here"
  run inside box sed -n 's/^Groups:\t//p' "/proc/$(pid_of xfce4-panel)/status"
  assert_output --regexp '^1000 ?$'
}

@test "a node that is no graphics device is told, and the desktop renders in software" {
  DEVICES='[{"path":"/dev/dri/renderD128","type":"c","major":1,"minor":3,"fileMode":438,"uid":0,"gid":0}]'
  desktop box
  run cat "$LAB/box/log"
  assert_output --partial 'helios: /dev/dri/renderD128 is no graphics device'
  run as_user box timeout 20 vglrun glxinfo -B
  assert_success
}
