# shellcheck shell=bash
# What is to be known of dagger's command line to add an option to a call of the farm's own module.

# farms_module [DIR]: whether the farm is the module in that folder; without one, the module that dagger finds from here.
farms_module() {
  local dir=${1:-$PWD}
  [[ ${1:-} ]] || until [[ -f $dir/dagger.json || -z $dir ]]; do dir=${dir%/*}; done
  [[ $dir/dagger.json -ef $FARM/dagger.json ]]
}

# stands_alone OPTION: whether what follows isn't its value, as it takes none or has it behind =.
stands_alone() {
  case $1 in
    --*=* | -[dsqvwiEyjM]* | --debug | --silent | --quiet | --verbose | --web | --interactive | --no-exit | --auto-apply | --json) ;;
    *) return 1 ;;
  esac
}
