type Scalar = string | number | boolean | { uint: number }

function typed(value: Scalar): string {
  const [type, text] =
    typeof value === "object"
      ? ["uint", value.uint]
      : [{ string: "string", number: "int", boolean: "bool" }[typeof value as "string" | "number" | "boolean"], value]
  return `type="${type}" value="${text}"`
}

/** A property of xfconf as its files have it: a value, a list or nothing of its own, and what is below it. */
export function property(name: string, value?: Scalar | Scalar[], below: string[] = []): string {
  const values = Array.isArray(value) ? value.map((one) => `<value ${typed(one)}/>`) : []
  const own = Array.isArray(value) ? 'type="array"' : value === undefined ? 'type="empty"' : typed(value)
  const inner = [...values, ...below]
  return inner.length ? `<property name="${name}" ${own}>\n${inner.join("\n")}\n</property>` : `<property name="${name}" ${own}/>`
}

/** A property without a value. */
export const group = (name: string, ...below: string[]) => property(name, undefined, below)

const CHANNELS = ".config/xfce4/xfconf/xfce-perchannel-xml"

/** A channel's file, by its path. */
export const channel = (name: string, ...below: string[]): Record<string, string> => ({
  [`${CHANNELS}/${name}.xml`]: `<?xml version="1.0" encoding="UTF-8"?>\n\n<channel name="${name}" version="1.0">\n${below.join("\n")}\n</channel>\n`,
})

/** A panel along an edge with those plugins; one that is a list is its kind, then what is below it. */
export function panel(position: string, size: number, plugins: (string | [kind: string, ...below: string[]])[], more: string[] = []) {
  const ids = plugins.map((_, at) => at + 1)
  const place = [property("position", position), property("length", { uint: 100 }), property("position-locked", true)]
  const one = group("panel-1", ...place, ...more, property("size", { uint: size }), property("plugin-ids", ids))
  const kinds = plugins.map((plugin, at) => {
    const [kind = "", ...below] = [plugin].flat()
    return property(`plugin-${at + 1}`, kind, below)
  })
  return channel("xfce4-panel", property("configver", 2), property("panels", [1], [one]), group("plugins", ...kinds))
}

/** A picture on each workspace of a monitor. */
export const pictured = (image: string, ...monitors: string[]) =>
  channel(
    "xfce4-desktop",
    group(
      "backdrop",
      group(
        "screen0",
        ...monitors.map((monitor) =>
          group(
            `monitor${monitor}`,
            ...[0, 1].map((number) => group(`workspace${number}`, property("image-style", 5), property("last-image", image))),
          ),
        ),
      ),
    ),
  )

/** Themes of windows and icons, and what there is of fonts. */
export const themed = (theme: string, icons: string, ...xft: string[]) =>
  channel("xsettings", group("Net", property("ThemeName", theme), property("IconThemeName", icons)), group("Xft", ...xft))

/** A theme of frames, and how many workspaces there are. */
export const framed = (theme: string, workspaces: number) =>
  channel("xfwm4", group("general", property("theme", theme), property("use_compositing", false), property("workspace_count", workspaces)))

/** A separator that takes the room. */
export const SPACE: [string, string, string] = ["separator", property("expand", true), property("style", { uint: 0 })]
/** A launcher with that file. */
export const launcher = (file: string): [string, string] => ["launcher", property("items", [file])]
/** A launcher's file. */
export const entry = (name: string, exec: string) => `[Desktop Entry]\nType=Application\nName=${name}\nExec=${exec}\nIcon=${name}\n`
