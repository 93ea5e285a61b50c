import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { parse } from "yaml"
import { clean, MINUTE, MIRROR, NO_MIRROR, publishedImage, ROOT } from "../../support/farm.ts"
import { Cluster, NO_CLUSTER } from "../../support/kube/cluster.ts"
import { define } from "../../support/kube/crds.ts"

const SKIPPED = NO_CLUSTER ?? (MIRROR ? undefined : NO_MIRROR)
const IMAGE = "localhost/helios:test"

const cluster = new Cluster()

/** The files of a folder of common/deploy. */
function files(folder: string): string[] {
  const path = join(ROOT, "common/deploy", folder)
  return readdirSync(path).map((name) => readFileSync(join(path, name), "utf8"))
}

/** What the API server says of an object that it is asked to keep, without keeping it; what it knows nothing of is an error. */
const takes = (object: string) =>
  cluster.kubectl(["create", "--dry-run=server", "--validate=strict", "--output=name", "--filename=-"], object)

beforeAll(async () => {
  if (!SKIPPED) await cluster.up()
}, 60 * MINUTE)
afterAll(() => cluster.down())
afterAll(clean)

describe.skipIf(SKIPPED !== undefined)(
  `objects that others manage, on a real API server ${SKIPPED ?? ""}`,
  { timeout: 10 * MINUTE },
  () => {
    test("kVDI's templates are what its kinds take", async () => {
      await define(cluster, "webmeshproj/webmesh-vdi", "config/crd/bases")
      const templates = files("kvdi")
      for (const template of templates) {
        const { name } = parse(template).metadata
        expect(await takes(template)).toBe(`template.desktops.kvdi.io/${name}`)
      }
      const [first = ""] = templates
      await expect(takes(first.replace("socketAddr", "socket"))).rejects.toThrow('unknown field "spec.proxy.socket"')
      await expect(takes(first.replace(/init: systemd$/m, "init: s6"))).rejects.toThrow(/spec\.desktop\.init: Unsupported value: "s6"/)
    })

    test("agent-sandbox's kinds take the template, the pool and the claim", async () => {
      await define(cluster, "kubernetes-sigs/agent-sandbox", "k8s/crds")
      const objects = files("agent-sandbox")
      for (const object of objects) {
        const { kind, metadata } = parse(object)
        expect(await takes(object)).toBe(`${kind.toLowerCase()}.extensions.agents.x-k8s.io/${metadata.name}`)
      }
      const template = objects.find((object) => parse(object).kind === "SandboxTemplate") as string
      await expect(takes(template.replace("mountPath: /home", "mountpath: /home"))).rejects.toThrow(/unknown field ".*mountpath"/)
      await expect(takes(template.replace("Disallowed", "Never"))).rejects.toThrow(/envVarsInjectionPolicy: Unsupported value: "Never"/)
    })

    test("a pod of that template, made by hand, is a desktop", async () => {
      await cluster.load(await publishedImage("helios"), IMAGE)
      await cluster.volume("home")
      const { podTemplate, volumeClaimTemplates } = parse(
        files("agent-sandbox").find((file) => file.includes("SandboxTemplate")) as string,
      ).spec
      const [claim] = volumeClaimTemplates
      const [container] = podTemplate.spec.containers
      const home = { name: "home", persistentVolumeClaim: { claimName: claim.metadata.name } }
      const spec = { ...podTemplate.spec, containers: [{ ...container, image: IMAGE }], volumes: [...podTemplate.spec.volumes, home] }
      const items = [
        { apiVersion: "v1", kind: "PersistentVolumeClaim", ...claim },
        { apiVersion: "v1", kind: "Pod", metadata: { name: "helios", ...podTemplate.metadata }, spec },
      ]
      await cluster.kubectl(["create", "secret", "generic", "helios", "--from-literal=password=correct-horse"])
      await cluster.kubectl(["apply", "--filename=-"], JSON.stringify({ apiVersion: "v1", kind: "List", items }))
      await cluster.kubectl(["wait", "--for=condition=Ready", "pod/helios", "--timeout=150s"])
    })
  },
)
