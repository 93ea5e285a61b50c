# shellcheck shell=bash
# A desktop that is brought up is shown on all addresses of this machine, so its page asks for a password: one that is made here where the
# call names none. It is handed on in the environment, as arguments are everybody's to read.

# desktop_place ARG...: whether the call brings up the farm's desktop and names no password. Then PLACE is that of the function that asks
# for one, and PORT what the page will be on, or nothing where Dagger chooses.
desktop_place() {
  local arg index=0 chain='' value=''
  PLACE=0 PORT=3000
  farms_module || return
  for arg; do
    index=$((index + 1))
    if [[ $value ]]; then
      [[ $value != --ports ]] || PORT=${arg%%:*}
      value=''
      continue
    fi
    case $arg in
      --password | --password=* | --help | -h | --mod | --mod=* | -m*) return 1 ;;
      --ports=*) PORT=${arg#*=} PORT=${PORT%%:*} ;;
      --random | --random=*) PORT='' ;;
      -*) stands_alone "$arg" || value=$arg ;;
      *)
        chain+=" $arg"
        case $chain in
          " call desktop" | " call image service") PLACE=$index ;;
        esac
        ;;
    esac
  done
  [[ $PORT =~ ^[1-9][0-9]{0,4}$ ]] && ((PORT < 65536)) || PORT=''
  [[ $PLACE != 0 && " $chain " == *" up "* ]]
}

# with_password ARG...: sets ARGS to them, and where the page's password is made here adds where it is found. What is to be told of it
# is in HELIOS_DESKTOP_SAYS then, and in HELIOS_DESKTOP_PORT where the page will be.
with_password() {
  ARGS=("$@")
  unset HELIOS_DESKTOP_SAYS HELIOS_DESKTOP_PORT
  desktop_place "$@" || return 0
  HELIOS_DESKTOP_PASSWORD=$(head -c 1000 /dev/urandom | LC_ALL=C tr -dc 'a-km-zA-HJ-NP-Z2-9' | cut -c 1-20)
  HELIOS_DESKTOP_PORT=$PORT
  HELIOS_DESKTOP_SAYS="helios: ${PORT:+http://localhost:$PORT  }user helios, password $HELIOS_DESKTOP_PASSWORD"
  export HELIOS_DESKTOP_PASSWORD HELIOS_DESKTOP_PORT HELIOS_DESKTOP_SAYS
  ARGS=("${@:1:PLACE}" --password=env:HELIOS_DESKTOP_PASSWORD "${@:PLACE+1}")
}
