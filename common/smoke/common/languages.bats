# What the image's label `io.helios.languages` names has a locale, translations, letters that fonts have, and, for Chinese, Japanese and Korean, an
# input method, if the distro's family brings one. An image without the label names none.

setup() {
  load ../lab/lab && load ../lab/keyboard
  mapfile -t languages < <(jq --raw-output '.config.Labels["io.helios.languages"] // "" | splits(" +") | select(. != "")' /image.json)
}

# help LOCALE: what a program of the desktop says in it.
help() { as_user box env LC_ALL="$1" xfce4-terminal --help; }

# show LOCALE: a picture of a window whose menu and date are in its language.
show() {
  inside box as-user env LC_ALL="$1.UTF-8" xfce4-terminal --disable-server --show-menubar --title="$1" --geometry=60x12+200+150 \
    --command "sh -c 'date; exec sleep 60'" 3>&- &
  poll 20 on_x box xdotool search --onlyvisible --name "^$1$"
  sleep 1
  picture box "/report/language-$1.png"
  on_x box xdotool search --onlyvisible --name "^$1$" windowclose
}

@test "each language has its locale, its translations and letters" {
  desktop box
  local locale tag english
  english=$(help C.UTF-8)
  for locale in "${languages[@]}"; do
    run inside box env LC_ALL="$locale.UTF-8" locale charmap
    assert_output UTF-8
    [ "${locale%_*}" = en ] || assert_not_equal "$(help "$locale.UTF-8")" "$english"
    case $locale in
      zh_*) tag=${locale/_/-} ;;
      *) tag=${locale%_*} ;;
    esac
    run inside box fc-list ":lang=${tag,,}" family
    assert_output
    show "$locale"
  done
}

# Keys that are pressed where an input method is on, and what comes of them.
declare -gA KEYS=([ja_JP]='a enter' [ko_KR]='r k space' [zh_CN]='n i space' [zh_TW]='s u 3 enter') COMES=([ja_JP]=あ [ko_KR]=가 [zh_CN]=你 [zh_TW]=你)

# speaks LOCALE: in a desktop of that language an input method makes letters of keys.
speaks() {
  local key
  desktop box LC_ALL="$1.UTF-8"
  poll 30 inside box as-user fcitx5-remote
  inside box as-user xfce4-terminal --disable-server --title=prompt --geometry=60x12+200+150 \
    --command "sh -c 'read -r line; printf %s \"\$line\" >/home/bob/typed'" 3>&- &
  has_focus prompt
  poll 10 switches_on
  for key in ${KEYS[$1]} enter; do on_x box xdotool key --delay 200 "${key/enter/Return}"; done
  poll 10 typed "${COMES[$1]}"
  discard box
}

switched_on() { [ "$(inside box as-user fcitx5-remote)" = 2 ]; }

# A terminal that has just opened may not be heard yet.
switches_on() {
  on_x box xdotool key ctrl+space
  poll 1 switched_on
}

@test "a language of more letters than keys has an input method, which a terminal asks" {
  local locale
  for locale in "${languages[@]}"; do
    if [ -n "${KEYS[$locale]-}" ] && [ -e /image/usr/bin/fcitx5 ]; then speaks "$locale"; fi
  done
}
