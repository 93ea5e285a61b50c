import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { clean, MINUTE, room } from "../../support/farm.ts"
import { build, CASES, CHART, helm, objectsOf, type Rendered, template, valuesOf } from "../../support/kube/chart.ts"
import { ofKind, rendered } from "../../support/kube/rendered.ts"

beforeAll(() => build("helm"), 10 * MINUTE)
afterAll(clean)

/** helm's own words about values that are refused. */
async function refused(...options: string[]): Promise<string[]> {
  const { exitCode, stderr, stdout } = await helm("template", "desk", CHART, `--values=${valuesOf("default")}`, ...options)
  expect([exitCode, stdout]).toEqual([1, ""])
  const lines = stderr.trim().split("\n")
  return lines.filter((line) => /^- |^Error: execution/.test(line)).map((line) => line.replace(/^.*\.yaml:\d+:\d+\): |^- /, ""))
}

describe("values of ci", () => {
  test.each(CASES)("%s are clean to helm lint", async (name) => {
    const { exitCode, stdout } = await helm("lint", CHART, "--strict", `--values=${valuesOf(name)}`)
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining("1 chart(s) linted, 0 chart(s) failed")])
    expect(stdout).not.toMatch(/WARNING|ERROR|funcMap/)
  })

  test.each(CASES)("%s are objects that refer to one another, of the release's labels", async (name) => {
    const objects = await rendered(name)
    const sets = objects.filter(({ kind }) => kind === "StatefulSet")
    expect(sets).toHaveLength(name === "list" ? 2 : 1)
    for (const { metadata, spec } of sets) {
      const { matchLabels } = spec.selector
      expect(spec.template.metadata.labels).toMatchObject(matchLabels)
      const service = ofKind(objects, "Service", spec.serviceName)
      expect(service.spec.selector).toEqual(matchLabels)
      const [{ ports, volumeMounts }] = spec.template.spec.containers
      const named = (all: { name: string }[]) => all.map((one) => one.name).sort()
      expect(named(service.spec.ports)).toEqual(named(ports))
      const volumes = [...spec.template.spec.volumes, ...(spec.volumeClaimTemplates ?? []).map((one: Rendered) => one.metadata)]
      expect(named(volumeMounts)).toEqual(named(volumes))
      for (const other of objects.filter((one) => one.metadata.name === metadata.name))
        expect(other.metadata.labels).toMatchObject(matchLabels)
    }
    const names = objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`)
    expect(new Set(names).size).toBe(names.length)
  })
})

test("the list of the chart's page is taken as it stands there", async () => {
  const [, values = ""] = readFileSync(join(CHART, "README.md"), "utf8").match(/^```yaml\n([\s\S]*?)^```$/m) ?? []
  const file = join(room(), "values.yaml")
  writeFileSync(file, values)
  const sets = objectsOf(await template("desk", CHART, `--values=${file}`)).filter(({ kind }) => kind === "StatefulSet")
  expect(sets.map(({ metadata }) => metadata.name)).toEqual(["desk-helios-bob", "desk-helios-ann"])
  expect(sets.map(({ spec }) => spec.template.spec.containers[0].resources.limits["nvidia.com/gpu"])).toEqual([undefined, 1])
})

describe("a wrong value is refused in one line of helm's", () => {
  test.each([
    ["settings.UID=5", "at '/settings/UID': minimum: got 5, want 1,000"],
    ["settings.UID=65534", "at '/settings/UID': 'not' failed"],
    ["settings.GID=500", "at '/settings/GID': 'not' failed"],
    ["settings.USER=Bob", "at '/settings/USER': 'Bob' does not match pattern '^[a-z_][a-z0-9_-]{0,31}$'"],
    ["settings.USER=null", "at '/settings': missing property 'USER'"],
    ["settings.CLIPBOARD=maybe", "at '/settings/CLIPBOARD': value must be one of 'both', 'in', 'out', 'off', false"],
    ["settings.HTTP_PORT=6901", "at '/settings/HTTP_PORT': 'not' failed"],
    ["settings.HOOK_TIMEOUT=3601", "at '/settings/HOOK_TIMEOUT': maximum: got 3,601, want 3,600"],
    ["settings.IDLE_TIME=0", "at '/settings/IDLE_TIME': exclusiveMinimum: got 0, want 0"],
    ["settings.PREFIX=/a/../b", "at '/settings/PREFIX': 'not' failed"],
    ["settings.LANG=-x", "at '/settings/LANG': 'not' failed"],
    ["settings.COLOUR=red", "at '/settings': additional properties 'COLOUR' not allowed"],
    ["settings.PASSWORD=correct-horse", "at '/settings': additional properties 'PASSWORD' not allowed"],
    ["secret.password=short", "at '/secret/password': minLength: got 5, want 8"],
    ["secret.proxySecret=short", "at '/secret/proxySecret': minLength: got 5, want 16"],
    ["image.digest=sha256:12", "at '/image/digest': 'sha256:12' does not match pattern '^(sha256:[0-9a-f]{64})?$'"],
    ["hooks.init.hello=x", "at '/hooks/init': additional properties 'hello' not allowed"],
    ["hooks.services.other\\.sh=x", "at '/hooks/services': additional properties 'other.sh' not allowed"],
    ["persistence.size=ten", "at '/persistence/size': 'ten' does not match pattern '^([0-9]+([.][0-9]+)?([KMGTPE]i?|k)?)?$'"],
    [
      "networkPolicy.closedCidrs[0]=metadata",
      "at '/networkPolicy/closedCidrs/0': 'metadata' does not match pattern '^[0-9A-Fa-f.:]+/[0-9]+$'",
    ],
    ["imag.tag=x", "at '': additional properties 'imag' not allowed"],
    ["desktops[0].settings.UID=1001", "at '/desktops/0': missing property 'name'"],
    ["desktops[0].name=bob,desktops[0].settings.UID=1", "at '/desktops/0/settings/UID': minimum: got 1, want 1,000"],
    ["desktops[0].name=bob,desktops[0].desktops=x", "at '/desktops/0': additional properties 'desktops' not allowed"],
  ])("%s", async (value, line) => expect(await refused(`--set=${value}`)).toEqual([line]))

  test.each([
    [
      "secret.password=null",
      "desk-helios: no password: expected secret.password, or secret.existing, the name of a secret; or settings.AUTH: proxy, where a proxy asks users who they are",
    ],
    [
      "secret.existing=passwords",
      "desk-helios: secret.existing and a password are both set: expected one of them, as the chart puts none into a secret that is there",
    ],
    [
      "settings.AUTH=proxy",
      "desk-helios: settings.AUTH is proxy, which alone lets in whoever reaches the port: expected settings.HOSTS, secret.proxySecret, or secret.existing with secret.proxySecretKey",
    ],
    ["desktops[0].name=bob,desktops[1].name=bob", "desktops: bob is there twice: expected a name of its own for each"],
    [
      "ingress.enabled=true,desktops[0].name=bob,desktops[1].name=ann",
      "desktops: desk-helios-bob and desk-helios-ann are both at */: expected a host or settings.PREFIX of its own for each",
    ],
    [
      "httpRoute.enabled=true",
      "desk-helios: httpRoute.parentRefs is empty: expected the gateway, such as [{ name: public, namespace: gateways }]",
    ],
    [
      "networkPolicy.enabled=true,networkPolicy.internet=false,networkPolicy.privateRanges=true",
      "desk-helios: networkPolicy.privateRanges is true and internet isn't: expected internet: true too, or what is reached in networkPolicy.egress",
    ],
    [
      `fullnameOverride=${"a".repeat(53)}`,
      `the name ${"a".repeat(53)} has 53 letters: expected at most 52, as Kubernetes adds to it; fullnameOverride sets a shorter one`,
    ],
  ])("%s, which takes more than a schema", async (value, line) => expect(await refused(`--set=${value}`)).toEqual([line]))
})
