import { execaSync } from "execa"
import { expect, test } from "vitest"
import { ROOT } from "../support/catalog.ts"

const LIBRARIES = [
  "all/usr/local/lib/helios/environment.sh",
  "all/usr/local/lib/helios/secrets.sh",
  "helios/usr/local/lib/helios/access.sh",
]
const SOURCES = LIBRARIES.map((path) => `. ${ROOT}/common/overlays/${path}`).join("; ")

/** Which of the values the image's shell takes for a variable: it says a line for each of the others. */
function taken(name: string, check: string, values: string[]): string[] {
  const script = `${SOURCES}; for value; do (${name}=$value; AUTH=password; ${check}) && echo taken || echo refused; done`
  const { stdout, stderr } = execaSync("sh", ["-c", script, "sh", ...values], { env: { LC_ALL: "C" } })
  const verdicts = stdout.split("\n")
  const refused = verdicts.filter((verdict) => verdict === "refused").length
  expect(stderr.split("\n").filter((line) => line.startsWith(`helios: ${name}`) && line.includes("expected"))).toHaveLength(refused)
  return values.filter((_, index) => verdicts[index] === "taken")
}

test.each([
  [
    "TRUSTED_PROXY",
    "check_networks",
    ["192.0.2.1", "10.0.0.0/8,fd00::/64", "::1", "fe80::1:2", "1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7::", "::8/128"],
  ],
  ["HOSTS", "check_hosts", ["desk.example", "Desk-1.example,192.0.2.1", "[::1]", "a_b", "localhost,[fd00::2]"]],
  ["PROXY_SECRET", "check_proxy_secret", ["0123456789abcdef", "Az09._~+/=-Az09.", "x".repeat(128)]],
  ["PASSWORD", "require_password PASSWORD $value", ["eight-ch", "$(id)`id`", "äöüß", "x".repeat(128)]],
])("%s may be what it is for", (name, check, values) => {
  expect(taken(name, check.replace("$value", '"$value"'), values)).toEqual(values)
})

const NO_LIST = [
  "",
  ",",
  "a,",
  ",a",
  "a,,b",
  " ",
  "a b",
  "a\n",
  "$(id)",
  "`id`",
  "a;b",
  'a"b',
  "a\\b",
  "{",
  "*",
  "-a",
  "../x",
  "x".repeat(2000),
]
const NO_NETWORKS = ["1.2.3", "1.2.3.4.5", "1.2.3.256", "01.2.3.4", "1.2.3.4/33", "1.2.3.4/0", "1.2.3.4/", "1.2.3.4/8/8", "1.2.3.4/08"]
const NO_NETWORKS6 = [
  "::/0",
  "::/129",
  "1::2::3",
  ":::",
  ":",
  "1:2:3:4:5:6:7",
  "1:2:3:4:5:6:7:8:9",
  "12345::",
  ":1:2:3:4:5:6:7",
  "g::1",
  "::1.2.3.4",
]

test.each([
  ["TRUSTED_PROXY", "check_networks", [...NO_LIST, ...NO_NETWORKS, ...NO_NETWORKS6, "desk.example", "10.0.0.1,x"]],
  [
    "HOSTS",
    "check_hosts",
    [...NO_LIST, "a:80", "[::1", "[1.2.3.4]", "[::1]:80", "[]", "a]", ".a", "a.", "a..b", "a-", "ä", "[::1/64]"].filter(
      (each) => each !== "a",
    ),
  ],
  ["PROXY_SECRET", "check_proxy_secret", [...NO_LIST, "0123456789abcde", "0123456789abcdef\\E", "0123456789abcdef\n", "x".repeat(129)]],
  ["PASSWORD", "require_password PASSWORD $value", ["", "1234567", "äöü", "eight-ch\n", "tab\tbed-in", "x".repeat(129)]],
])("%s is nothing else, and each refusal is one line", (name, check, values) => {
  expect(taken(name, check.replace("$value", '"$value"'), values)).toEqual([])
})
