# shellcheck shell=bash disable=SC2153,SC2034
# The lock pins upstream's images, and this engine's registry has stand-ins for Debian's: a call of the farm's own module gets --bases with
# the digests of those that it takes. To modules that use the farm the engine's SDKs say whose images are stand-ins, and they go by the tag.

# with_bases ARG...: sets ARGS to them, with --bases where that is to be said.
with_bases() {
  local arg index=0 place=0 value='' module='' file
  ARGS=("$@")
  for arg; do
    index=$((index + 1))
    if [[ $value ]]; then
      [[ $value != --mod && $value != -m ]] || module=$arg
      value=''
      continue
    fi
    case $arg in
      --bases | --bases=* | --help | -h) return 0 ;;
      --mod=*) module=${arg#--mod=} ;;
      --mod | -m) value=$arg ;;
      -m*) module=${arg#-m} module=${module#=} ;;
      -*) ((place)) || stands_alone "$arg" || value=$arg ;;
      call) ((place)) || place=$index ;;
      *) ((place)) || return 0 ;;
    esac
  done
  ((place)) && farms_module "$module" || return 0
  # A registry that doesn't answer is told by the build itself, which goes by the tags then.
  file=$(node "$ENGINE_DIR/pins.mjs" "$FARM" "$ARCH" "$REGISTRY" "$RUN/bases" "$@" 2>/dev/null) || return 0
  [[ -z $file ]] || ARGS=("${@:1:place}" "--bases=$file" "${@:place+1}")
}
