# shellcheck shell=sh
# Sourced by an image's init after environment.sh: what programs of the desktop take for granted.

# Programs ask an input method that the image has: fcitx5's package tells no session of it.
find_input_method() {
  command -v fcitx5 >/dev/null || return 0
  export GTK_IM_MODULE="${GTK_IM_MODULE-fcitx}" QT_IM_MODULE="${QT_IM_MODULE-fcitx}" XMODIFIERS="${XMODIFIERS-@im=fcitx}"
}

# Browsers of Chromium's kind, and what loads pictures by bwrap, shut themselves in by user namespaces.
check_sandboxes() {
  for program in chromium google-chrome-stable brave-browser microsoft-edge-stable bwrap; do
    command -v "$program" >/dev/null || continue
    as_that_user unshare --user true 2>/dev/null ||
      echo "helios: $program can't shut itself in, as this runtime or its machine forbids user namespaces: expected --security-opt seccomp=FILE with Helios' common/deploy/seccomp.json, and no kernel.apparmor_restrict_unprivileged_userns" >&2
    return 0
  done
}
