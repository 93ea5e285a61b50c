// What a browser's own clipboard takes and gives.
import { readFileSync } from "node:fs"

/** A file's picture or text, by its name. */
export const content = (path) => (path.endsWith(".png") ? { png: readFileSync(path, "base64") } : { text: readFileSync(path, "utf8") })

/** Runs in the page, as all below: copies what content() has read. */
export function copied({ text, png }) {
  window.focus()
  window.dispatchEvent(new Event("blur"))
  if (png === undefined) return navigator.clipboard.writeText(text)
  const blob = new Blob([Uint8Array.from(atob(png), (byte) => byte.charCodeAt(0))], { type: "image/png" })
  return navigator.clipboard.write([new ClipboardItem({ "image/png": blob })])
}

/** Keeps the picture that was copied, where kept() finds it. */
export async function keepPicture() {
  window.focus()
  const items = await navigator.clipboard.read()
  const item = items.find(({ types }) => types.includes("image/png"))
  if (!item) throw new Error("no picture in the clipboard")
  globalThis.helios.picture = [await item.getType("image/png")]
}
