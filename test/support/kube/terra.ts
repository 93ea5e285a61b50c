import { chmodSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { parseAllDocuments } from "yaml"
import { room } from "../farm.ts"
import { mirrored } from "./mirrored.ts"

/** The chart that Juno's Terra starts workstations by, from its public repository among the mirrors: its folder. */
export async function terraChart(): Promise<string> {
  const folder = "plugins/helios/scripts/chart"
  return join(await mirrored("juno-fx/Terra-Official-Plugins", folder), folder)
}

const script = (name: string, file: string, text: string) => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name },
  data: { [file]: text },
})

/** What a workstation of an image is given there, its homes in a folder of the node, with TLS on the port that the ingress asks, and a proxy that knows who is there. */
export function terraValues(image: string, home: string) {
  const [, registry, repo, tag] = image.match(/^(.*)\/(.*):(.*)$/) as string[]
  const env = {
    AUTH: "proxy",
    HOSTS: "desk.example",
    HTTPS: "on",
    HTTPS_PORT: "3000",
    HTTP_PORT: "3001",
    DESKTOP_FILES: "/nowhere/*.desktop",
    JUNO: "true",
  }
  return {
    configMaps: [
      script("extra", "entrypoint.sh", "echo extra >/home/from-init\n"),
      script("stop", "custom.sh", "#!/bin/sh\necho stopped >>/home/from-stop\n"),
    ],
    values: {
      ...{ name: "desk", user: "bob", host: "desk.example", registry, repo, tag, puid: 4711, guid: 4712, cpu: "500m", memory: "256Mi" },
      env: Object.entries(env).map(([name, value]) => ({ name, value })),
      plugins: [{ name: "extra", file: "entrypoint.sh", config: "extra" }],
      volumes: [
        { name: "home", hostPath: { path: home } },
        { name: "stop", configMap: { name: "stop", defaultMode: 0o777 } },
      ],
      volumeMounts: [
        { name: "home", mountPath: "/home" },
        { name: "stop", mountPath: "/etc/helios/shutdown.d/custom.sh", subPath: "custom.sh" },
      ],
    },
  }
}

/** What podman needs to run what the chart, rendered with those values, has of a workstation, and what is to be run before a stop. */
export function onPodman(rendered: string, { configMaps }: ReturnType<typeof terraValues>): { options: string[]; preStop: string[] } {
  const objects = parseAllDocuments(rendered).map((document) => document.toJS())
  const { hostname, volumes, containers } = objects.find(({ kind }) => kind === "StatefulSet").spec.template.spec
  const [{ env, volumeMounts, lifecycle }] = containers
  const options = volumeMounts.map((mount: { name: string; mountPath: string; subPath?: string }) => {
    const volume = volumes.find(({ name }: { name: string }) => name === mount.name)
    if (volume.hostPath) return `--volume=${volume.hostPath.path}:${mount.mountPath}`
    if (volume.emptyDir) return `--shm-size=${volume.emptyDir.sizeLimit.replace("Gi", "g")}`
    const file = join(room(), mount.subPath as string)
    writeFileSync(file, configMaps.find(({ metadata }) => metadata.name === volume.configMap.name)?.data[mount.subPath as string] as string)
    chmodSync(file, volume.configMap.defaultMode)
    return `--volume=${file}:${mount.mountPath}:ro`
  })
  const variables = env.map(({ name, value = "default" }: { name: string; value?: string }) => `--env=${name}=${value}`)
  return { options: [`--hostname=${hostname}`, ...options, ...variables], preStop: lifecycle.preStop.exec.command }
}
