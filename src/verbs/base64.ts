import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { File } from "@dagger.io/dagger"

/** A file's bytes in base64. */
export async function base64(file: File): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "file-"))
  const copy = join(folder, "bytes")
  await file.export(copy)
  const text = readFileSync(copy).toString("base64")
  rmSync(folder, { recursive: true })
  return text
}
