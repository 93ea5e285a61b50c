import fc from "fast-check"

/** What a container is started with. A letter of a name or a value is a byte, so that what is no UTF-8 can be said too. */
export type Environment = [name: string, value: string][]

/** What no message may show: every password of these environments begins with it. */
export const SECRET = "hush-"

/** Stands for the folder of the files that values name: passwords of all kinds, and one that a shell may be told to read. */
export const FOLDER = "/@FOLDER@"

const words = (text: string) => text.split(" ")

/** Pieces of values that a shell, or a program that it starts, could take for something else. Each that runs leaves a file. */
export const PIECES = [
  ...words(
    "$(>canary) `>canary` ;>canary; |>canary &>canary &&>canary ')>canary;( }>canary;{ $(>${IFS}canary) ${x:=$(>canary)} a[$(>canary)]",
  ),
  ...["$((a[$(>canary)]))", "() { :; }; >canary", "\\$(>canary)", "\n>canary\n", "'>canary '", '">canary "', "'", '"'],
  ...words(
    "${IFS} $USER ${#} $$ * ? [a-z]* ~ ~root {a,b} # ! !! \\ \\n \\c %s %n%d %.999999s -n -e --help -- - = : . .. ../../etc / // /etc/passwd",
  ),
  ...words(
    "0x400 08 1e3 +1 -1 99999999999999999999 1000.5 root nobody \x01 \x1b[31m \x7f \x80 \xff\xfe \xc3\x28 \xc3\xa9 \xe2\x80\xa6 \xf0\x9f\x98\x80",
  ),
  ...[" ", "  ", "\t", "\n", "\r\n", "\r", "helios: ", "\nhelios: all is well", "x".repeat(300), "9".repeat(300), "a".repeat(20_000)],
]

const bytes = fc.string({ unit: fc.integer({ min: 1, max: 255 }).map((byte) => String.fromCharCode(byte)), maxLength: 40 })
const hostile = fc
  .array(fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...PIECES) }, bytes), { maxLength: 5 })
  .map((parts) => parts.join(""))

/** One that is right, but for a piece in it somewhere. */
const spoilt = (right: fc.Arbitrary<string>) =>
  fc.tuple(right, hostile, fc.nat({ max: 100 })).map(([value, piece, place]) => {
    const at = Math.floor((place * value.length) / 100)
    return value.slice(0, at) + piece + value.slice(at)
  })

const some = (...values: string[]) => fc.constantFrom(...values)
const port = fc.integer({ min: 1, max: 65535 }).map(String)
const id = fc.oneof(some("1000", "1001", "2147483647", "65533"), fc.integer({ min: 1000, max: 2 ** 31 - 1 }).map(String))
const path = fc.stringMatching(/^(\/[A-Za-z0-9._~-]{1,8}){0,4}\/?$/)
const password = fc.stringMatching(/^[ -~]{3,40}$/).map((text) => SECRET + text)
const file = some("password", "newline").map((name) => `${FOLDER}/${name}`)

/** What each setting may be. A setting of the other profile means nothing, and is given all the same. */
export const RIGHT: Record<string, fc.Arbitrary<string>> = {
  USER: fc.oneof(some("bob", "_", "a-b_c9"), fc.stringMatching(/^[a-z_][a-z0-9_-]{0,31}$/)),
  UID: id,
  GID: fc.oneof(id, some("100")),
  HOME: some("/root", "/", "/home/bob", "/net/homes/bob", "/var/home/bob"),
  PASSWORD: password,
  PASSWORD_FILE: file,
  VIEW_PASSWORD: password,
  VIEW_PASSWORD_FILE: file,
  AUTH: some("password", "proxy"),
  PROXY_SECRET: fc.stringMatching(/^[A-Za-z0-9._~+/=-]{11,40}$/).map((text) => SECRET + text),
  PROXY_SECRET_FILE: file,
  HOSTS: some("desk.example", "desk.example,192.0.2.1", "a_b.example,[2001:db8::1]"),
  TRUSTED_PROXY: some("192.0.2.0/24", "192.0.2.1", "2001:db8::/32", "10.1.0.0/16,fd00::/64,::1"),
  PREFIX: path,
  TITLE: fc.oneof(some("Helios", 'it\'s a "desk"', "$(>canary)", "`>canary`", "caf\xc3\xa9"), fc.stringMatching(/^[ -~]{1,100}$/)),
  HTTP_PORT: port,
  HTTPS: some("on", "off"),
  HTTPS_PORT: port,
  CLIPBOARD: some("both", "in", "out", "off"),
  SCALE: some("auto", "1", "1.5", "2"),
  WEBRTC: some("on", "off"),
  WEBRTC_ADDRESS: some("192.0.2.1", "10.0.0.255"),
  IDLE_TIME: some("30", "0.5", "1440"),
  HOOK_TIMEOUT: fc.integer({ min: 1, max: 3600 }).map(String),
  DESKTOP_FILES: some("/opt/*/*.desktop", "/a.desktop:/b?/c@d/+e.desktop", '"/.desktop"'),
  SUDO: some("0", "false"),
  LANG: some("C.UTF-8", "de_DE.UTF-8", "C", "tr_TR.UTF-8"),
  LC_ALL: some("C.UTF-8", "POSIX", "xx_XX.nothing", "ja_JP.eucJP@x"),
  TZ: some("UTC", "Europe/Berlin", "Etc/GMT+5"),
  GEOMETRY: some("1280x720", "1920x1080"),
  DISPLAY_SOCK_ADDR: fc.oneof(
    path.map((rest) => `unix:///tmp/run${rest}`),
    fc
      .tuple(some("127.0.0.1", "0.0.0.0", "localhost", "[::1]", "[::]", "192.0.2.1"), port)
      .map(([host, number]) => `tcp://${host}:${number}`),
  ),
}

const FILES = ["empty", "lines", "zeros", "long", "folder", "pipe", "none", "link"].map((name) => `${FOLDER}/${name}`)

/** A setting that may be wrong: anything at all, nearly right, or what is wrong for it in particular. Passwords stay recognizable. */
const wrong = fc.constantFrom(...Object.keys(RIGHT)).chain((name) => {
  const near = spoilt(RIGHT[name] as fc.Arbitrary<string>)
  const any = fc.oneof(hostile, near, ...(name.endsWith("_FILE") ? [some(...FILES, "/dev/zero", "/proc/self/environ")] : []))
  const value =
    name.endsWith("PASSWORD") || name === "PROXY_SECRET"
      ? fc.oneof(
          some("", SECRET),
          any.map((text) => SECRET + text),
        )
      : any
  return fc.tuple(fc.constant(name), value)
})

/** Variables that mean something to a shell or to what it starts, and names that are none of a shell's. */
const strange = fc.oneof(
  fc.tuple(some("ENV", "BASH_ENV"), some(`${FOLDER}/read-me`, "$(>canary)", "`>canary`")),
  fc.tuple(
    some("BASH_FUNC_x%%", "BASH_FUNC_getent%%", "BASH_FUNC_refuse%%", "BASH_FUNC_printf%%", "BASH_FUNC_[%%", "x", "id"),
    some("() { >canary; }"),
  ),
  fc.tuple(
    some("SHELLOPTS", "BASHOPTS"),
    some("xtrace", "noexec", "verbose", "errexit:nounset", "noglob", "keyword", "nocasematch", "extglob"),
  ),
  fc.tuple(
    some("IFS", "CDPATH", "PATH", "GLOBIGNORE", "EXECIGNORE", "HOME", "PWD", "OLDPWD", "TMPDIR"),
    fc.oneof(some("", ".", "/none", "0123456789", "a:b", "*"), hostile),
  ),
  fc.tuple(
    some("FUNCNEST", "OPTIND", "RANDOM", "PPID", "EUID", "GROUPS", "POSIXLY_CORRECT", "BASH_COMPAT", "BASH_XTRACEFD", "TIMEFORMAT"),
    fc.oneof(some("", "0", "1", "2"), hostile),
  ),
  fc.tuple(
    some("PS1", "PS2", "PS4", "PROMPT_COMMAND", "HELIOS_LOCALE", "LC_COLLATE", "LC_CTYPE", "LC_MESSAGES", "LANGUAGE", "COLUMNS"),
    fc.oneof(some("en_US.UTF-8"), hostile),
  ),
  fc.tuple(
    some(
      "name",
      "value",
      "entry",
      "choice",
      "newline",
      "secret",
      "secret_file",
      "prefix",
      "host",
      "port",
      "locale",
      "certs",
      "VNC_LISTEN",
      "VNC_SOCKET",
      "own",
    ),
    hostile,
  ),
  fc.tuple(some("a.b", "a-b", "1A", " ", "\n", "A$(>canary)", "`>canary`", "-x", "--", "*", "a[0]", "\xff", "A;>canary;"), hostile),
)

/** Right in all that must be there, right in some of what may be, then spoilt in as many places as there are. */
const OPTIONAL = Object.keys(RIGHT).filter((name) => !["USER", "UID", "PASSWORD", "PASSWORD_FILE"].includes(name))
const base = fc.tuple(
  fc.record({ USER: RIGHT.USER as fc.Arbitrary<string>, UID: RIGHT.UID as fc.Arbitrary<string> }),
  fc.oneof({ weight: 4, arbitrary: fc.record({ PASSWORD: password }) }, fc.record({ PASSWORD_FILE: file })),
  fc
    .subarray(OPTIONAL, { maxLength: 6 })
    .chain((names) => fc.record(Object.fromEntries(names.map((name) => [name, RIGHT[name] as fc.Arbitrary<string>])))),
)

export const environments: fc.Arbitrary<Environment> = fc
  .tuple(
    base,
    fc.oneof({ weight: 2, arbitrary: fc.constant([]) }, { weight: 3, arbitrary: fc.array(wrong, { minLength: 1, maxLength: 3 }) }),
    fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, fc.array(strange, { minLength: 1, maxLength: 3 })),
    fc.oneof({ weight: 30, arbitrary: fc.constant("") }, fc.constantFrom("USER", "UID", "PASSWORD")),
  )
  .map(([parts, bad, odd, missing]) => {
    const all = new Map<string, string>(parts.flatMap((part) => Object.entries(part)))
    for (const [name, value] of [...odd, ...bad]) all.set(name, value)
    all.delete(missing)
    return [...all].map(([name, value]): [string, string] => [name, value.replaceAll("\0", "")])
  })
