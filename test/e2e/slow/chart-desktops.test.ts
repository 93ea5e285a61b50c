import { readFileSync } from "node:fs"
import { beforeAll, describe, expect, test } from "vitest"
import { parse } from "yaml"
import { MINUTE } from "../../support/farm.ts"
import { build, type Rendered, valuesOf } from "../../support/kube/chart.ts"
import { desktop, ofKind } from "../../support/kube/rendered.ts"

beforeAll(() => build("helm"), 10 * MINUTE)

describe("a desktop", () => {
  test("may do no more than it needs, and has its password in a file for root alone", async () => {
    const { objects, pod, container, env, volume } = await desktop("default")
    expect(container.securityContext).toEqual({
      readOnlyRootFilesystem: true,
      allowPrivilegeEscalation: false,
      capabilities: { drop: ["ALL"], add: ["CHOWN", "DAC_OVERRIDE", "FOWNER", "KILL", "SETGID", "SETUID"] },
      seccompProfile: { type: "RuntimeDefault" },
    })
    expect([pod.automountServiceAccountToken, pod.enableServiceLinks, pod.hostUsers]).toEqual([false, false, undefined])
    expect(env).toEqual({ USER: "user", UID: "1000", PASSWORD_FILE: "/etc/helios/secret/password" })
    expect(volume("secret").secret).toMatchObject({
      secretName: "desk-helios",
      defaultMode: 0o400,
      items: [{ key: "password", path: "password" }],
    })
    expect(ofKind(objects, "Secret").data).toEqual({ password: Buffer.from("correct-horse").toString("base64") })
    expect(JSON.stringify(objects.filter(({ kind }) => kind !== "Secret"))).not.toMatch(/correct-horse|Y29ycmVjdC1ob3JzZQ/)
  })

  test("is its tag's image, or its digest's where there is one", async () => {
    expect((await desktop("extra")).container.image).toBe("registry/helios:v0.1.0-trixie")
    const { objects, container } = await desktop("existing", "--set=image.tag=other")
    expect(container.image).toBe(`registry.example/helios@sha256:${"0123456789abcdef".repeat(4)}`)
    expect(ofKind(objects, "Pod").spec.containers[0].image).toBe(container.image)
  })

  test("is waited for as long as its init hooks may take", async () => {
    const seconds = async (name: string, ...options: string[]) => (await desktop(name, ...options)).container.startupProbe.failureThreshold
    expect(await seconds("default")).toBe(60)
    expect(await seconds("hooks")).toBe(2 * 300 + 60)
    expect(await seconds("extra")).toBe(600)
  })

  test("is asked below its prefix, on the port that it listens on", async () => {
    const { container, objects } = await desktop("ingress")
    const paths = ["startupProbe", "readinessProbe", "livenessProbe"].map((probe) => container[probe].httpGet.path)
    expect(paths).toEqual(["/desktops/bob/health", "/desktops/bob/health", "/desktops/bob/health/live"])
    expect(ofKind(objects, "Pod").spec.containers[0].command.at(-1)).toBe("http://desk-helios:3000/desktops/bob/health")
    expect((await desktop("existing")).container.ports.map((port: Rendered) => port.containerPort)).toEqual([8080, 8443])
    const headless = await desktop("existing", "--set=service.headless=true")
    expect(ofKind(headless.objects, "Service").spec.ports.map((port: Rendered) => port.port)).toEqual([8080, 8443])
    expect(ofKind(headless.objects, "Pod").spec.containers[0].command.at(-1)).toBe("http://desk-helios:8080/health")
    expect((await desktop("httproute")).container.ports[1]).toEqual({ name: "webrtc", containerPort: 3000, protocol: "UDP" })
  })

  test("gets its settings as they are: words of YAML's, large numbers, and what Kubernetes would replace", async () => {
    expect((await desktop("existing")).env).toMatchObject({ HTTPS: "on", HTTPS_PORT: "8443" })
    expect((await desktop("extra")).env).toMatchObject({ TITLE: "Desk of $$(USER)", GTK_THEME: "Adwaita-dark" })
    expect((await desktop("default", "--set=settings.UID=2147483647,settings.SCALE=1.5")).env).toMatchObject({
      UID: "2147483647",
      SCALE: "1.5",
    })
  })

  test("has hooks of every kind, as they were written, mounted read-only", async () => {
    const { objects, container, volume } = await desktop("hooks")
    for (const kind of ["init", "idle", "shutdown", "services"]) {
      expect(container.volumeMounts).toContainEqual({ name: kind, mountPath: `/etc/helios/${kind}.d`, readOnly: true })
      expect(ofKind(objects, "ConfigMap", volume(kind).configMap.name).data).toEqual(
        parse(readFileSync(valuesOf("hooks"), "utf8")).hooks[kind],
      )
    }
  })

  test("takes what is there: a claim, a secret with other keys, a certificate, hooks", async () => {
    const { objects, set, env, volume } = await desktop("existing")
    expect(objects.map(({ kind }) => kind).sort()).toEqual(["Pod", "Service", "StatefulSet"])
    expect(set.spec.volumeClaimTemplates).toBe(undefined)
    expect(volume("home").persistentVolumeClaim.claimName).toBe("homes")
    expect(volume("secret").secret.items).toEqual([
      { key: "desk.password", path: "password" },
      { key: "desk.viewers", path: "view-password" },
    ])
    expect(env).toMatchObject({ VIEW_PASSWORD_FILE: "/etc/helios/secret/view-password" })
    expect(volume("certificate").secret).toEqual({ secretName: "desk-example", defaultMode: 0o400 })
    expect(volume("init").configMap.name).toBe("init-of-all")
  })

  test("asks no password behind a proxy, which proves itself", async () => {
    const { objects, env } = await desktop("httproute", "--set=secret.password=correct-horse")
    expect(env).toMatchObject({ AUTH: "proxy", PROXY_SECRET_FILE: "/etc/helios/secret/proxy-secret" })
    expect(env).not.toHaveProperty("PASSWORD_FILE")
    expect(Object.keys(ofKind(objects, "Secret").data)).toEqual(["proxy-secret"])
  })

  test("has a GPU beside its other limits", async () => {
    const { container, pod } = await desktop("default", "--set=gpu.enabled=true,runtimeClassName=nvidia")
    expect(container.resources.limits).toEqual({ memory: "4Gi", "nvidia.com/gpu": 1 })
    expect(pod.runtimeClassName).toBe("nvidia")
    expect((await desktop("gpu")).container.resources.limits).toEqual({ memory: "16Gi", "gpu.intel.com/xe": 2 })
    expect((await desktop("default")).container.resources.limits).toEqual({ memory: "4Gi" })
  })

  test("isn't moved by the autoscaler unless it may be", async () => {
    const told = async (...options: string[]) => (await desktop("default", ...options)).set.spec.template.metadata.annotations
    expect(await told()).toEqual({ "cluster-autoscaler.kubernetes.io/safe-to-evict": "false" })
    expect(await told("--set=safeToEvict=true")).toEqual({ "cluster-autoscaler.kubernetes.io/safe-to-evict": "true" })
    expect(await told("--set=safeToEvict=null")).toBe(undefined)
  })

  test("has users of its own on the node where that is asked for", async () => {
    const { pod, objects } = await desktop("restricted")
    expect(pod.hostUsers).toBe(false)
    expect(ofKind(objects, "NetworkPolicy").spec.egress).toHaveLength(1)
    expect(ofKind(objects, "NetworkPolicy").spec.ingress[0].from).toEqual([
      { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "gateways" } } },
    ])
  })

  test("has no root where that is asked for, and who it is instead", async () => {
    const { pod, container } = await desktop("restricted")
    expect(pod.securityContext).toEqual({ runAsNonRoot: true, runAsUser: 1000, runAsGroup: 1000, fsGroup: 1000 })
    expect(container.securityContext.capabilities).toEqual({ drop: ["ALL"] })
    const asked = async (options: string) => (await desktop("restricted", `--set=${options}`)).pod.securityContext
    expect(await asked("settings.UID=4711,settings.GID=4712")).toMatchObject({ runAsUser: 4711, runAsGroup: 4712, fsGroup: 4712 })
    expect(await asked("settings.UID=null")).toEqual({ runAsNonRoot: true })
    await expect(desktop("default", "--set=settings.UID=null")).rejects.toThrow("no settings.UID: expected the user's number")
    expect(await asked("podSecurityContext.fsGroup=5000")).toMatchObject({ runAsUser: 1000, fsGroup: 5000 })
    expect((await desktop("default")).container.securityContext.capabilities.add).toContain("SETUID")
  })

  test("hands on what a pod has beside", async () => {
    const { pod, container, set } = await desktop("extra")
    const values = parse(readFileSync(valuesOf("extra"), "utf8"))
    for (const field of ["tolerations", "affinity", "topologySpreadConstraints", "priorityClassName", "serviceAccountName"])
      expect(pod[field], field).toEqual(values[field])
    expect(pod.securityContext).toEqual(values.podSecurityContext)
    for (const mount of values.extraVolumeMounts) expect(container.volumeMounts).toContainEqual(mount)
    for (const volume of values.extraVolumes) expect(pod.volumes).toContainEqual(volume)
    expect(set.spec.template.metadata.labels).toMatchObject({ team: "paint", "app.kubernetes.io/name": "desktop" })
    expect(set.spec.volumeClaimTemplates[0].spec).toMatchObject({ storageClassName: "fast", accessModes: ["ReadWriteMany"] })
  })
})
