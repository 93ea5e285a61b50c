import { type Directory, dag } from "@dagger.io/dagger"

const TEXTS = ["LICEN[CS]E*", "COPYING*", "AUTHORS*"]

/** The licence texts of an upstream, to be laid over an image. */
export function licences(name: string, source: Directory): Directory {
  return dag.directory().withDirectory(`usr/share/doc/helios/${name}`, source.filter({ include: TEXTS }))
}
