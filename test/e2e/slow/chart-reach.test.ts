import { beforeAll, describe, expect, test } from "vitest"
import { MINUTE } from "../../support/farm.ts"
import { build, type Rendered } from "../../support/kube/chart.ts"
import { ofKind, rendered } from "../../support/kube/rendered.ts"

beforeAll(() => build("helm"), 10 * MINUTE)

test("each desktop of a list has what all have, and its own over that, false and a smaller map included", async () => {
  const objects = await rendered("list")
  const of = (name: string) => ofKind(objects, "StatefulSet", `desk-helios-${name}`).spec.template.spec
  const env = (name: string) => of(name).containers[0].env.map((one: Rendered) => `${one.name}=${one.value}`)
  expect(env("bob")).toEqual(expect.arrayContaining(["USER=bob", "UID=1001", "LANG=de_DE.UTF-8", "CLIPBOARD=off", "IDLE_TIME=30"]))
  expect(env("ann")).toEqual(expect.arrayContaining(["USER=ann", "UID=2147483647", "LANG=de_DE.UTF-8", "CLIPBOARD=in", "IDLE_TIME=0.5"]))
  const secret = (name: string) => of(name).volumes.find((one: Rendered) => one.name === "secret").secret
  expect([secret("bob").items[0].key, secret("ann").items[0].key]).toEqual(["bob", "ann"])
  expect(of("ann").volumes).toContainEqual({ name: "home", emptyDir: {} })
  expect(of("ann").containers[0].securityContext.capabilities.drop).toEqual(["ALL"])
  const paths = objects.filter(({ kind }) => kind === "Ingress").map(({ spec }) => spec.rules[0].http.paths[0].path)
  expect(paths).toEqual(["/desktops/bob/", "/desktops/ann/"])
})

describe("who reaches it", () => {
  test("an ingress leads to the port of the page, or of TLS", async () => {
    const { spec } = ofKind(await rendered("ingress"), "Ingress")
    expect(spec.tls).toEqual([{ secretName: "desk-example", hosts: ["desk.example"] }])
    expect(spec.rules[0]).toEqual({
      host: "desk.example",
      http: {
        paths: [{ path: "/desktops/bob/", pathType: "Prefix", backend: { service: { name: "desk-helios", port: { name: "http" } } } }],
      },
    })
    const tls = ofKind(await rendered("ingress", "--set=settings.HTTPS=on"), "Ingress")
    expect(tls.spec.rules[0].http.paths[0].backend.service.port.name).toBe("https")
  })

  test("a route of a gateway does", async () => {
    const { spec } = ofKind(await rendered("httproute"), "HTTPRoute")
    expect(spec.hostnames).toEqual(["desk.example"])
    expect(spec.rules[0]).toMatchObject({
      matches: [{ path: { type: "PathPrefix", value: "/" } }],
      timeouts: { request: "0s" },
      backendRefs: [{ name: "desk-helios", port: 3000 }],
    })
    const below = ofKind(await rendered("httproute", "--set=settings.PREFIX=a/b/,settings.HTTPS=on"), "HTTPRoute").spec.rules[0]
    expect([below.matches[0].path.value, below.backendRefs[0].port]).toEqual(["/a/b", 3001])
    const headless = ofKind(await rendered("httproute", "--set=service.headless=true,settings.HTTP_PORT=8080"), "HTTPRoute")
    expect(headless.spec.rules[0].backendRefs[0].port).toBe(8080)
  })

  const policy = async (...options: string[]) =>
    ofKind(await rendered("default", "--set=networkPolicy.enabled=true", ...options), "NetworkPolicy").spec

  test("the proxy's pods alone, and helm's test; anybody where no proxy is named", async () => {
    const { from } = (await policy("--set=networkPolicy.proxy.namespace=front,networkPolicy.proxy.pods.app=nginx")).ingress[0]
    expect(from[0]).toEqual({
      namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "front" } },
      podSelector: { matchLabels: { app: "nginx" } },
    })
    const test = ofKind(await rendered("default"), "Pod").metadata.labels
    expect(from.slice(1)).toEqual([{ podSelector: { matchLabels: test } }])
    expect((await policy()).ingress).toEqual([{ ports: [{ protocol: "TCP", port: "http" }] }])
  })

  test("it reaches names and the internet, private networks by choice, and no cloud's metadata", async () => {
    const closed = (spec: Rendered) => spec.egress.at(-1).to.flatMap(({ ipBlock }: Rendered) => ipBlock.except)
    const metadata = ["169.254.0.0/16", "168.63.129.16/32", "100.100.100.200/32", "fe80::/10", "fd00:ec2::254/128", "fd20:ce::254/128"]
    expect(closed(await policy())).toEqual(expect.arrayContaining(["10.0.0.0/8", "192.168.0.0/16", "fc00::/7", ...metadata]))
    expect(closed(await policy("--set=networkPolicy.privateRanges=true"))).toEqual(metadata)
    const [names] = (await policy()).egress
    expect(names.to[0].podSelector.matchLabels).toEqual({ "k8s-app": "kube-dns" })
    expect(names.ports).toEqual(["UDP", "TCP"].map((protocol) => ({ protocol, port: 53 })))
    expect((await policy("--set=networkPolicy.internet=false")).egress).toEqual([names])
  })

  test("a drain waits for it, or for one at a time", async () => {
    const budget = async (...options: string[]) => ofKind(await rendered("default", ...options), "PodDisruptionBudget")
    expect(await budget()).toBe(undefined)
    expect((await budget("--set=podDisruptionBudget.enabled=true")).spec.maxUnavailable).toBe(0)
  })
})
