import { readFileSync } from "node:fs"
import { join } from "node:path"
import { expect, test } from "vitest"
import { parse, stringify } from "yaml"
import { ROOT } from "../support/catalog.ts"

const DEPLOY = join(ROOT, "common/deploy")
const file = (path: string) => parse(readFileSync(join(DEPLOY, path), "utf8"))

const HEAD = `# Desktops of agent-sandbox (https://github.com/kubernetes-sigs/agent-sandbox): what each is made of, by npm run update from the stateful set
# and the network policy in ../kubernetes, without hooks. The password is the key \`password\` of the secret \`helios\`. A claim with variables
# of its own would get a desktop that starts from nothing, not one that waits.
`

/** What hooks take, of which a desktop for somebody who isn't known yet has none. */
const HOOKS = ["init", "idle", "shutdown", "services", "IDLE_TIME", "HOOK_TIMEOUT"]
const hookless = (list: { name: string }[]) => list.filter(({ name }) => !HOOKS.includes(name))

/** A pod of the stateful set as agent-sandbox makes them. */
function sandboxTemplate(): string {
  const { template, volumeClaimTemplates } = file("kubernetes/statefulset.yaml").spec
  const { ingress, egress } = file("kubernetes/networkpolicy.yaml").spec
  const [container] = template.spec.containers
  const containers = [{ ...container, env: hookless(container.env), volumeMounts: hookless(container.volumeMounts) }]
  const spec = { ...template.spec, containers, volumes: hookless(template.spec.volumes) }
  const podTemplate = { metadata: { labels: { app: "helios" } }, spec }
  return stringify({
    apiVersion: "extensions.agents.x-k8s.io/v1beta1",
    kind: "SandboxTemplate",
    metadata: { name: "helios" },
    spec: { service: true, envVarsInjectionPolicy: "Disallowed", networkPolicy: { ingress, egress }, podTemplate, volumeClaimTemplates },
  })
}

test("a desktop of agent-sandbox is a pod of the stateful set without hooks: to write it anew, run npm run update", async () => {
  const text = sandboxTemplate()
  await expect(HEAD + text).toMatchFileSnapshot(join(DEPLOY, "agent-sandbox/template.yaml"))
  expect(text).toContain("PASSWORD_FILE")
  expect(text).not.toMatch(/HOOK_TIMEOUT|\.d$/m)
})
