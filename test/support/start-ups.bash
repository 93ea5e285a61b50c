#!/usr/bin/env bash
# start-ups FOLDER PROGRAM...: runs a program, in that folder, once for each environment that it reads, and says how it ended.
# It reads how many variables there are and each of them, all of them with a NUL behind; it writes the exit code, what was
# printed, and which files appeared likewise. It is bash, as no other shell reads NULs, and nothing of it is left to the program.
set -u
export LC_ALL=C
shopt -s nullglob dotglob
folder=$1
shift
printed=$(mktemp)
cd "$folder" || exit

while IFS= read -r -d '' count; do
  mapfile -d '' -t -n "$count" variables
  env -i -- "${variables[@]}" "$@" >"$printed" 2>&1 </dev/null
  code=$?
  mapfile -d '' -t said <"$printed"
  files=(*)
  IFS=$'\n'
  printf '%s\0' "$code" "${said[*]-}" "${files[*]-}"
  [ "${#files[@]}" = 0 ] || rm -rf -- "${files[@]}"
done
rm "$printed"
