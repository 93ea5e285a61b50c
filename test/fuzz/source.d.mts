export type Patch = { fixes: string; commit?: string; file?: string }

export function series(): Patch[]
export function unpatched(): Patch[]
export function seeds(): { harness: string; name: string; finding: string; patch: string; before: string }[]
