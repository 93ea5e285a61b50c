import { isUtf8 } from "node:buffer"

/** The mode of an overlay's file: git keeps whether its owner may execute it, all else is the umask of whoever cloned it. */
export function overlayMode(mode: number): number {
  return mode & 0o100 ? 0o755 : 0o644
}

/** Whether a string can hold these bytes and give them back. */
export function isText(bytes: Uint8Array): boolean {
  return isUtf8(bytes) && !bytes.includes(0)
}
