# container_profile($capabilities; $machine): Docker's default seccomp profile, as seccomp.json has it, for a container with those
# capabilities on a machine that uname calls so.
def container_profile($capabilities; $machine): {
  defaultAction,
  defaultErrnoRet,
  architectures: .architectures[$machine],
  syscalls: [
    .syscalls[]
    | select(.on == null or (.on | index($machine)))
    | select((.with // []) - $capabilities == [])
    | select((.without // []) - $capabilities == (.without // []))
    | del(.on, .with, .without)
  ]
};
