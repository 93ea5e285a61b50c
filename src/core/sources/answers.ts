import { z } from "zod"
import { choices, FarmError } from "../errors.ts"
import { parseFile } from "../schema.ts"
import type { Lock } from "./lock.ts"
import { cves, type Patches } from "./patches.ts"

/** OpenVEX's reasons for which a vulnerability doesn't affect a product (https://github.com/openvex/spec). */
const JUSTIFICATIONS = [
  "component_not_present",
  "vulnerable_code_not_present",
  "vulnerable_code_not_in_execute_path",
  "vulnerable_code_cannot_be_controlled_by_adversary",
  "inline_mitigations_already_exist",
] as const

const answer = z.strictObject({
  id: z.string().regex(/^(CVE-\d{4}-\d{4,}|GHSA(-[a-z0-9]{4}){3})$/, "expected a CVE or a GHSA, such as CVE-2024-0409"),
  justification: z.enum(JUSTIFICATIONS),
  statement: z.string().min(1),
})

/** Why a vulnerability of an upstream doesn't affect what is built of it. */
export type Answer = z.infer<typeof answer>

/** The answers for each upstream, by its name in the lock. */
export type Answers = Map<string, Answer[]>

/**
 * The answers in the texts below common/build/patches: NAME/answers.json for an upstream of that name. Throws if there is no such upstream, or
 * one vulnerability is answered twice, once perhaps by a patch.
 */
export function answers(files: Map<string, string>, { sources }: Lock, patches: Patches): Answers {
  const all = [...files].filter(([path]) => path.endsWith("/answers.json")).sort()
  return new Map(all.map(([path, text]) => read(path, text)))

  function read(path: string, text: string): [string, Answer[]] {
    const file = `common/build/patches/${path}`
    const name = path.split("/")[0] as string
    if (!sources.has(name))
      throw new FarmError(`${file}: expected the folder of an upstream in sources.lock.json: ${choices(sources.keys())}`)
    const found = parseFile(file, text, z.array(answer))
    const fixed = new Set((patches.get(name) ?? []).flatMap(cves))
    found.forEach(({ id }, at) => {
      if (fixed.has(id)) throw new FarmError(`${file}: [${at}].id: expected none that series.json fixes, got "${id}"`)
      if (found.findIndex((other) => other.id === id) < at)
        throw new FarmError(`${file}: [${at}].id: expected each vulnerability once, got "${id}" again`)
    })
    return [name, found]
  }
}
