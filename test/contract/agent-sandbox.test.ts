import { readFileSync } from "node:fs"
import { join } from "node:path"
import { expect, test } from "vitest"
import { parse } from "yaml"
import { ROOT } from "../support/catalog.ts"

const file = (path: string) => parse(readFileSync(join(ROOT, "common/deploy", path), "utf8"))
const template = file("agent-sandbox/template.yaml").spec

/** What hooks take, of which a desktop for somebody who isn't known yet has none. */
const HOOKS = ["init", "idle", "shutdown", "services", "IDLE_TIME", "HOOK_TIMEOUT"]
const hookless = (list: { name: string }[]) => list.filter(({ name }) => !HOOKS.includes(name))

test("a desktop of agent-sandbox is a pod of the stateful set without hooks", () => {
  const { spec } = file("kubernetes/statefulset.yaml").spec.template
  const [container] = spec.containers
  const { env, volumeMounts } = container
  const without = { ...container, env: hookless(env), volumeMounts: hookless(volumeMounts) }
  expect(template.podTemplate.spec).toEqual({ ...spec, containers: [without], volumes: hookless(spec.volumes) })
})

test("it has the stateful set's volume for homes, and reaches what that reaches", () => {
  expect(template.volumeClaimTemplates).toEqual(file("kubernetes/statefulset.yaml").spec.volumeClaimTemplates)
  const { ingress, egress } = file("kubernetes/networkpolicy.yaml").spec
  expect(template.networkPolicy).toEqual({ ingress, egress })
})
