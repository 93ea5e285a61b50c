# shellcheck shell=bash disable=SC2153
# The SDKs' images that the engine has: one of two TypeScript SDKs, and Go's where it is asked for. README.md tells why.
# Each lies in a folder of its own, with what the engine has made by it apart, so that neither answers for the other.

SDK_NAME=${HELIOS_SDK:-quick}
SDK=$HOME_DIR/sdk STATE=$HOME_DIR/state GO_SDK=$HOME_DIR/sdk-go
[[ $SDK_NAME == quick ]] || SDK=$HOME_DIR/sdk-$SDK_NAME STATE=$HOME_DIR/state-$SDK_NAME
GO_WANTED=''

# shellcheck source=official.sh
. "$ENGINE_DIR/official.sh"
# shellcheck source=go.sh
. "$ENGINE_DIR/go.sh"

# want_sdks ARG...: whether this call of dagger needs Go's as well.
want_sdks() {
  if [[ ${HELIOS_GO_SDK:-} == 1 ]] || is_of_go "$@"; then GO_WANTED=1; fi
}

compute_sdk_keys() {
  case $SDK_NAME in
    official) SDK_KEY=$(official_key) ;;
    *) SDK_KEY=$({ echo "$BIN_KEY $NODE $ESBUILD $TYPESCRIPT" && files_hash sdk oci-layout.mjs && declare -f build_npm build_sdk say_stand_ins; } | hash_of) ;;
  esac
  GO_KEY=''
  [[ ! $GO_WANTED && ! -e $GO_SDK/.key ]] || GO_KEY=$(go_key)
}

sdks_built() { fresh "$SDK" "$SDK_KEY" && { [[ ! $GO_WANTED ]] || fresh "$GO_SDK" "$GO_KEY"; }; }

build_sdks() {
  if ! fresh "$SDK" "$SDK_KEY"; then
    case $SDK_NAME in
      official)
        step "the official TypeScript SDK's packages, from npm" "20 s" build_official_npm
        step "the official TypeScript SDK's image, made of its sources" "1 min" build_official_sdk "$SDK_KEY"
        ;;
      *)
        step "the TypeScript SDK's packages, from npm" "15 s" build_npm
        step "the TypeScript SDK's image" "25 s" build_sdk "$SDK_KEY"
        ;;
    esac
  fi
  [[ ! $GO_WANTED ]] || fresh "$GO_SDK" "$GO_KEY" ||
    step "the Go SDK's image, from Go modules and Debian" "1 min" build_go_sdk "$GO_KEY"
}

has_go_sdk() { [[ $GO_KEY ]] && fresh "$GO_SDK" "$GO_KEY"; }

# What an engine that is started now has: a line for each SDK.
list_sdks() {
  echo "$SDK_NAME $(<"$SDK/digest")"
  ! has_go_sdk || echo "go $(<"$GO_SDK/digest")"
}

# Whether the engine that runs was started with what this call needs. Go's is no reason to stop one where it isn't needed.
has_sdks() {
  [[ -f $RUN/sdks ]] && grep -qxF "$SDK_NAME $(<"$SDK/digest")" "$RUN/sdks" &&
    { [[ ! $GO_WANTED ]] || grep -qxF "go $(<"$GO_SDK/digest")" "$RUN/sdks"; }
}

sdk_names() { cut -d' ' -f1 "$RUN/sdks" 2>/dev/null | xargs || true; }

sdk_folders() {
  if has_go_sdk; then echo "$SDK:$GO_SDK"; else echo "$SDK"; fi
}

sdk_environment() {
  echo "DAGGER_TYPESCRIPT_SDK_MANIFEST_DIGEST=$(<"$SDK/digest")"
  has_go_sdk || return 0
  echo "DAGGER_GO_SDK_MANIFEST_DIGEST=$(<"$GO_SDK/digest")"
  # The engine hands this on to the containers in which Go modules are made.
  echo "GOPROXY=$(go env GOPROXY)"
}
