import { readFileSync } from "node:fs"
import { join } from "node:path"
import { expect, test } from "vitest"
import { ROOT } from "../support/catalog.ts"

const CONFIG = readFileSync(join(ROOT, "common/overlays/helios/etc/helios/nginx/origin.conf"), "utf8")

type Variables = Record<string, string>

const filledIn = (text: string, known: Variables) => text.replace(/\$(\w+)/g, (_, name) => known[name] ?? "")

/** What nginx makes of a map of that file: its rows are regular expressions that JavaScript reads as PCRE does, words and a default. */
function mapped(name: string, known: Variables): string {
  const [, key = "", body = ""] = new RegExp(`map "?([^\\n"]*)"? \\$${name} \\{\\n([^}]*(?:\\{\\d[^}]*\\}[^}]*)*)\\n\\}`).exec(CONFIG) ?? []
  const rows = [...body.matchAll(/^ {2}(?:"((?:[^"\\]|\\.)*)"|(\S+)) (?:"([^"]*)"|(\S+));$/gm)].map(([, a, b, c, d]) => [a ?? b, c ?? d])
  const value = filledIn(key, known)
  for (const [pattern = "", result = ""] of rows) {
    if (!pattern.startsWith("~")) {
      if (pattern === value) return filledIn(result, known)
      continue
    }
    const found = new RegExp(pattern.replace(/^~\*?/, ""), pattern.startsWith("~*") ? "i" : "").exec(value)
    if (found) return filledIn(result, { ...known, ...found.groups })
  }
  return filledIn(rows.find(([pattern]) => pattern === "default")?.[1] ?? "", known)
}

interface Asked {
  origin?: string
  host: string
  forwarded?: string
  fetched?: string
  trusted?: string
}

function isForeign({ origin = "", host, forwarded = "", fetched = "", trusted = "1" }: Asked): boolean {
  const known: Variables = { trusted, http_origin: origin, http_host: host, http_sec_fetch_site: fetched, http_x_forwarded_host: forwarded }
  known.forwarded_hosts = mapped("forwarded_hosts", known)
  return mapped("foreign", known) === "1"
}

const PAGE = "https://desk.example:8443"

test.each<[string, Asked]>([
  ["a link, which has no Origin", { host: "desk.example" }],
  ["the page itself", { origin: PAGE, host: "desk.example:8443" }],
  ["a proxy that drops the port", { origin: PAGE, host: "desk.example" }],
  ["another letter case", { origin: PAGE, host: "Desk.Example" }],
  ["a browser that knows it for the page's own", { origin: PAGE, host: "desk.example", fetched: "same-origin" }],
  ["an address", { origin: "http://[fd00::1]:3000", host: "[fd00::1]" }],
  ["TLS' port by name", { origin: "https://desk.example", host: "desk.example:443" }],
  ["HTTP's port by name", { origin: "http://desk.example", host: "desk.example:80" }],
  ["a proxy that says what Host was", { origin: PAGE, host: "10.0.0.1:3000", forwarded: "desk.example:8443" }],
  ["one that says it without the port", { origin: PAGE, host: "10.0.0.1:3000", forwarded: "desk.example" }],
  ["two in a row", { origin: PAGE, host: "10.0.0.1:3000", forwarded: "desk.example:8443, inner.local" }],
  ["two that drop ports", { origin: PAGE, host: "10.0.0.1:3000", forwarded: "desk.example,inner.local" }],
])("%s is let in", (_, asked) => expect(isForeign(asked)).toBe(false))

test.each<[string, Asked]>([
  ["another site", { origin: "https://evil.example", host: "desk.example:8443" }],
  ["one whose name begins so", { origin: "https://desk.example.evil.example:8443", host: "desk.example" }],
  ["one whose name ends so", { origin: "https://evildesk.example:8443", host: "desk.example" }],
  ["another port, where Host has one", { origin: PAGE, host: "desk.example:3000" }],
  ["another port, where a proxy says one", { origin: PAGE, host: "10.0.0.1:3000", forwarded: "desk.example:1, inner.local" }],
  ["another port, as the browser knows", { origin: PAGE, host: "desk.example", fetched: "same-site" }],
  ["the default port of another scheme", { origin: "http://desk.example", host: "desk.example:443" }],
  ["a page without an origin", { origin: "null", host: "desk.example" }],
  ["what nobody's proxy says", { origin: PAGE, host: "10.0.0.1:3000", forwarded: "desk.example:8443", trusted: "0" }],
  ["another site by way of two proxies", { origin: "https://evil.example", host: "x", forwarded: "desk.example, inner.local" }],
])("%s stays out", (_, asked) => expect(isForeign(asked)).toBe(true))

test.each([
  ["https", "1", "https"],
  ["https, http", "1", "https"],
  ["wss", "1", "https"],
  ["http, https", "1", "http"],
  ["httpsx", "1", "http"],
  ["https", "0", "http"],
])("X-Forwarded-Proto: %s of a proxy that is trusted or not (%s) means %s", (said, trusted, scheme) => {
  expect(mapped("asked_scheme", { trusted, scheme: "http", http_x_forwarded_proto: said })).toBe(scheme)
})
