/** An entry of an image's file system. */
export interface Entry {
  type: "file" | "link" | "dir" | "char" | "block" | "fifo" | "socket"
  /** Octal digits. */
  mode: string
  /** Numbers of user and group. */
  owner: string
  /** Bytes of a regular file, 0 of anything else. */
  size: number
  /** SHA-256 of a regular file. */
  sha256?: string
  /** Where a link points to. */
  link?: string
  /** What hard links share. */
  inode: string
}

/** Everything in an image by absolute path. */
export type Files = Map<string, Entry>

/** The fields that libarchive prints of each file, as an option of `bsdtar --format=mtree`. */
export const MTREE = "!all,type,mode,uid,gid,size,sha256,link,inode"

/** An image's files, from what `bsdtar --format=mtree` prints of them. */
export function filesOf(mtree: string): Files {
  const files: Files = new Map()
  for (const line of mtree.split("\n")) {
    const [path = "", ...words] = line.split(" ")
    if (!path.startsWith("./")) continue
    const said = new Map(words.map((word): [string, string] => [word.slice(0, word.indexOf("=")), word.slice(word.indexOf("=") + 1)]))
    const word = (name: string) => said.get(name) ?? ""
    const link = said.get("link")
    files.set(plain(path.slice(1)), {
      type: word("type") as Entry["type"],
      mode: word("mode"),
      owner: `${word("uid")}:${word("gid")}`,
      size: word("type") === "file" ? Number(word("size")) : 0,
      ...(said.has("sha256digest") ? { sha256: word("sha256digest") } : {}),
      ...(link === undefined ? {} : { link: plain(link) }),
      inode: word("inode"),
    })
  }
  return files
}

/** Bytes of all files, each hard link counted once. */
export function bytesOf(files: Files): number {
  const inodes = new Map([...files.values()].map(({ inode, size }) => [inode, size]))
  return [...inodes.values()].reduce((sum, size) => sum + size, 0)
}

/** A path as it is on the disk: links among its folders are followed, the last part is not. */
export function follower(files: Files): (path: string) => string {
  const known = new Map<string, string>([["", ""]])
  const follow = (path: string, depth = 0): string => {
    const at = path.lastIndexOf("/")
    const name = path.slice(at)
    return at < 0 ? path : folder(path.slice(0, at), depth) + name
  }
  const folder = (path: string, depth: number): string => {
    const found = known.get(path)
    if (found !== undefined) return found
    const place = follow(path, depth)
    const link = files.get(place)?.link
    // As the kernel does, give up on links that go round.
    const real = link === undefined || depth > 40 ? place : folder(absolute(place, link), depth + 1)
    known.set(path, real)
    return real
  }
  return follow
}

function absolute(place: string, link: string): string {
  const parts: string[] = []
  for (const part of (link.startsWith("/") ? link : `${place}/../${link}`).split("/")) {
    if (part === "..") parts.pop()
    else if (part && part !== ".") parts.push(part)
  }
  return parts.map((part) => `/${part}`).join("")
}

/** Undoes mtree's octal escapes, but for bytes that aren't UTF-8 or would break a line. */
function plain(text: string): string {
  return text.replace(/(?:\\[0-3][0-7]{2})+/g, (escaped) => {
    const bytes = Uint8Array.from(escaped.slice(1).split("\\"), (digits) => Number.parseInt(digits, 8))
    const decoded = new TextDecoder().decode(bytes)
    return /[\p{Cc}\ufffd]/u.test(decoded) ? escaped : decoded
  })
}
