interface Service {
  hostname: string
  ports: string[]
  read_only: boolean
  tmpfs: string[]
  volumes: string[]
  cap_drop: string[]
  cap_add: string[]
  security_opt: string[]
  shm_size: string
  healthcheck: { test: string; interval: string; timeout: string; start_period: string }
  stop_grace_period: string
  restart: string
}

/** Where a user's files for it are, as systemd writes it. */
const FOLDER = "%E/helios"

/** The words of the command that quadlet's unit starts, as systemd reads them. */
export function startedBy(unit: string): string[] {
  const [, line = ""] = unit.match(/^ExecStart=(.*)$/m) ?? []
  return [...line.matchAll(/"((?:\\.|[^"\\])*)"|(\S+)/g)].map(([, quoted, plain = ""]) =>
    (quoted ?? plain).replaceAll(/\\x([0-9a-f]{2})|\\(.)/g, (_, code, letter) =>
      code ? String.fromCharCode(Number.parseInt(code, 16)) : letter,
    ),
  )
}

/** A service of compose as a unit for podman's quadlet: the same mounts, limits and probe, with the password among podman's own secrets. */
export function quadletOf(service: Service): string {
  const { healthcheck: health } = service
  const volume = (mount: string) =>
    mount.startsWith("./") ? mount.replace(".", FOLDER) : mount.replace(/^(\w+):/, `${service.hostname}-$1:`)
  const container = [
    ["Image", "registry/helios:tag"],
    ["ContainerName", service.hostname],
    ["HostName", service.hostname],
    ["EnvironmentFile", `${FOLDER}/desktop.env`],
    ["Secret", "helios-password,type=mount,target=/etc/helios/secret/password,mode=0400"],
    ["Environment", "PASSWORD_FILE=/etc/helios/secret/password"],
    ...service.ports.map((port) => ["PublishPort", port]),
    ["ReadOnly", String(service.read_only)],
    ...service.tmpfs.map((path) => ["Tmpfs", path]),
    ...service.volumes.map((mount) => ["Volume", volume(mount)]),
    ...service.cap_drop.map((name) => ["DropCapability", name.toLowerCase()]),
    ["AddCapability", service.cap_add.join(" ")],
    ["NoNewPrivileges", String(service.security_opt.includes("no-new-privileges:true"))],
    ["ShmSize", service.shm_size],
    // quadlet takes a quote at the end for one around it all.
    ["HealthCmd", `${health.test.trim()} || exit 1`],
    ["HealthInterval", health.interval],
    ["HealthTimeout", health.timeout],
    ["HealthStartPeriod", health.start_period],
    ["StopTimeout", service.stop_grace_period.replace("s", "")],
  ]
  const lines = container.map(([name, value]) => `${name}=${value}`)
  return `# A desktop in the browser, on http://localhost:3000, as compose.yaml has it: npm run update writes this file from that. It wants two things:
#   ~/.config/helios   desktop.env as in desktop.env.example, and the folder hooks
#   the password       podman secret create helios-password -
[Unit]
Description=A desktop of Helios

[Container]
${lines.join("\n")}

[Service]
Restart=on-failure

[Install]
WantedBy=default.target
`
}
