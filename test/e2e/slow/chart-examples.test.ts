import { readFileSync } from "node:fs"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { parse } from "yaml"
import { clean, MINUTE } from "../../support/farm.ts"
import { build, CHART, objectsOf, type Rendered, template } from "../../support/kube/chart.ts"
import { appTemplate, oauth2Proxy } from "../../support/kube/foreign.ts"
import { isMirrored } from "../../support/kube/mirrored.ts"
import { ofKind } from "../../support/kube/rendered.ts"
import { terraChart } from "../../support/kube/terra.ts"

const example = (name: string) => join(CHART, "examples", `${name}-values.yaml`)
const render = async (chart: string, ...names: string[]) =>
  objectsOf(await template("desk", chart, ...names.map((name) => `--values=${example(name)}`)))
const environmentOf = ({ env }: Rendered): Record<string, string> =>
  Object.fromEntries(env.map(({ name, value }: { name: string; value: string }) => [name, value]))
const own = () => render(CHART, "behind-oauth2-proxy")
const container = (objects: Rendered[]) => ofKind(objects, "StatefulSet").spec.template.spec.containers[0]

const [TERRA, BJWS, OAUTH2] = ["juno-fx/Terra-Official-Plugins", "bjw-s-labs/helm-charts", "oauth2-proxy/manifests"] as const
const there: Map<string, boolean> = new Map(
  await Promise.all([TERRA, BJWS, OAUTH2].map(async (name) => [name, await isMirrored(name)] as [string, boolean])),
)

/** A test of values for another's chart, where that is among the mirrors. */
const withChart = (name: string, title: string, run: () => Promise<void>) =>
  test.skipIf(!there.get(name))(`${title} ${there.get(name) ? "" : `skipped: HELIOS_MIRROR has no github.com/${name}`}`, run)

beforeAll(() => build("helm"), 10 * MINUTE)
afterAll(clean)

test("a desktop behind oauth2-proxy is reached by that alone, and asks for its proof", async () => {
  const objects = await own()
  expect(environmentOf(container(objects))).toMatchObject({ AUTH: "proxy", PROXY_SECRET_FILE: "/etc/helios/secret/proxy-secret" })
  const [first, ...others] = ofKind(objects, "NetworkPolicy").spec.ingress[0].from
  expect(first).toEqual({ podSelector: { matchLabels: { "app.kubernetes.io/name": "oauth2-proxy" } } })
  expect(others).toEqual([{ podSelector: { matchLabels: ofKind(objects, "Pod").metadata.labels } }])
})

describe("values for other charts", () => {
  withChart(OAUTH2, "oauth2-proxy proves itself to that desktop, and lets one in", async () => {
    const [desktop, proxy] = [await own(), await render(await oauth2Proxy(), "oauth2-proxy")]
    const { metadata, spec } = ofKind(proxy, "Deployment").spec.template
    const [{ env, args }] = spec.containers
    const secret = env.find(({ name }: { name: string }) => name === "PROXY_SECRET").valueFrom.secretKeyRef
    const volume = ofKind(desktop, "StatefulSet").spec.template.spec.volumes.find(({ name }: { name: string }) => name === "secret")
    expect(secret).toEqual({ name: volume.secret.secretName, key: volume.secret.items[0].key })
    expect(metadata.labels).toMatchObject(ofKind(desktop, "NetworkPolicy").spec.ingress[0].from[0].podSelector.matchLabels)
    const { data } = proxy.find(({ metadata: { name } }) => name.endsWith("-alpha"))
    const alpha = parse(Buffer.from(data["oauth2_proxy.yml"], "base64").toString())
    expect(alpha.injectRequestHeaders).toEqual([{ name: "X-Proxy-Secret", values: [{ fromEnv: "PROXY_SECRET" }] }])
    const service = ofKind(desktop, "Service")
    expect(alpha.upstreamConfig.upstreams[0].uri).toBe(`http://${service.metadata.name}:${service.spec.ports[0].port}`)
    expect(args.join(" ")).toContain("--authenticated-emails-file=")
    const folder = alpha.providers[0].clientSecretFile.replace(/\/client-secret$/, "")
    expect(spec.containers[0].volumeMounts).toContainEqual({ name: "client", mountPath: folder, readOnly: true })
  })

  withChart(BJWS, "app-template makes the same container", async () => {
    const objects = await render(await appTemplate(), "app-template")
    const [made, ours] = [container(objects), container(await own())]
    expect(made.securityContext).toEqual(ours.securityContext)
    for (const probe of ["startupProbe", "readinessProbe", "livenessProbe"])
      expect(made[probe].httpGet).toEqual({ ...ours[probe].httpGet, port: 3000 })
    const paths = (mounts: { mountPath: string }[]) => mounts.map(({ mountPath }) => mountPath).sort()
    expect(paths(made.volumeMounts)).toEqual(paths(ours.volumeMounts))
    expect(environmentOf(made)).toEqual({ USER: "bob", UID: "1000", PASSWORD_FILE: "/etc/helios/secret/password", HOSTS: "desk.example" })
  })

  withChart(TERRA, "Terra's chart asks the port that the desktop has TLS on", async () => {
    const objects = await render(await terraChart(), "terra")
    const env = environmentOf(container(objects))
    expect(env).toMatchObject({ AUTH: "proxy", HOSTS: "desk.example", HTTPS: "on", USER: "bob" })
    expect(ofKind(objects, "Service").spec.ports[0].targetPort).toBe(Number(env.HTTPS_PORT))
    expect(env.HTTP_PORT).not.toBe(env.HTTPS_PORT)
    const values = parse(readFileSync(example("terra"), "utf8"))
    expect(env.HOSTS).toBe(values.host)
  })
})
