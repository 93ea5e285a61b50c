# A home that another image filled is taken as it is: what its settings of panel and wallpaper name and this image lacks is made to fit before
# a program reads them, with a line in the log for each, and the file as it was stays beside it. A home that fits stays as it is, and
# folders in it that are somebody else's are told.

setup() {
  load ../lab/lab
  load ../lab/pixels
  unpack box
  SETTINGS=$(rootfs box)/home/bob/.config/xfce4/xfconf/xfce-perchannel-xml
  mkdir -p "$SETTINGS"
}

# channel NAME: what it is given, as the settings that the home comes with.
channel() {
  { echo "<channel name=\"$1\" version=\"1.0\">" && cat && echo '</channel>'; } >"$SETTINGS/$1.xml"
  chown -R 1000:1000 "$(rootfs box)/home/bob"
}

# panel DISPLAY PLUGIN...: a panel below on that display.
panel() {
  local plugin number=0 ids='' kinds=''
  for plugin in "${@:2}"; do
    number=$((number + 1))
    ids+="<value type=\"int\" value=\"$number\"/>"$'\n'
    kinds+="<property name=\"plugin-$number\" type=\"string\" value=\"$plugin\"/>"$'\n'
  done
  channel xfce4-panel <<XML
<property name="panels" type="array">
<value type="int" value="1"/>
<property name="panel-1" type="empty">
<property name="output-name" type="string" value="$1"/>
<property name="position" type="string" value="p=8;x=0;y=0"/>
<property name="length" type="uint" value="100"/>
<property name="size" type="uint" value="36"/>
<property name="plugin-ids" type="array">
$ids</property>
</property>
</property>
<property name="plugins" type="empty">
$kinds</property>
XML
}

# wallpapered FILE: it is the wallpaper.
wallpapered() {
  channel xfce4-desktop <<XML
<property name="backdrop" type="empty">
<property name="screen0" type="empty">
<property name="monitorVNC-0" type="empty">
<property name="workspace0" type="empty">
<property name="image-style" type="int" value="5"/>
<property name="last-image" type="string" value="$1"/>
</property>
</property>
</property>
</property>
XML
}

# kept: what is beside the settings as they were.
kept() { (cd "$SETTINGS" && echo *.before-helios*); }

wallpaper_shown() { picture box /tmp/now.png && wallpaper_in /tmp/now.png; }

@test "a panel on a display that isn't there is shown, and what the image lacks of its plugins is left out" {
  panel HDMI-1 applicationsmenu no-such-plugin clock
  cp "$SETTINGS/xfce4-panel.xml" /tmp/panel.xml
  begin start box
  assert [ "$(menu_height box)" -gt 50 ]
  run cat "$LAB/box/log"
  assert_output --partial 'xfce4-panel.xml: no display is called HDMI-1, so the panel is on the first one'
  assert_output --partial "xfce4-panel.xml: the image lacks the panel's plugin no-such-plugin, so it is left out"
  assert cmp "$SETTINGS/xfce4-panel.xml.before-helios" /tmp/panel.xml
}

@test "a menu that the image lacks is replaced by its own" {
  panel Automatic whiskermenu clock
  begin start box
  assert [ "$(menu_height box)" -gt 50 ]
}

@test "a wallpaper that isn't there is the image's own, and the next start changes nothing" {
  wallpapered /usr/share/backgrounds/theirs.png
  begin start box
  poll 20 wallpaper_shown
  assert_equal "$(kept)" xfce4-desktop.xml.before-helios
  begin restart box
  assert_equal "$(kept)" xfce4-desktop.xml.before-helios
  run grep --fixed-strings 'helios: /home/bob' "$LAB/box/log"
  refute_output
}

@test "a home that fits stays as it is, whatever it names" {
  panel VNC-0 tasklist clock
  cp "$(rootfs box)/usr/share/backgrounds/helios.svg" "$(rootfs box)/home/bob/R&D's.svg"
  wallpapered '/home/bob/R&amp;D&apos;s.svg'
  begin start box
  poll 20 wallpaper_shown
  assert_equal "$(kept)" '*.before-helios*'
  assert grep --quiet 'last-image.*R&amp;D&apos;s.svg' "$SETTINGS/xfce4-desktop.xml"
}

@test "folders of somebody else's are told, with what would help" {
  wallpapered /usr/share/backgrounds/theirs.png
  chown -R 4321:4321 "$(rootfs box)/home/bob/.config/xfce4"
  begin start box
  run cat "$LAB/box/log"
  assert_output --partial "/home/bob/.config/xfce4 can't be written to by user 1000: it is of user 4321, group 4321"
  assert_output --partial 'chown --recursive --no-dereference 1000:1000'
  assert_output --partial "xfce4-desktop.xml can't be changed, so it stays as it is"
}
