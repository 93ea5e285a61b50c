import { execa } from "execa"
import { need, room } from "../farm.ts"

/** A key that archives of packages are signed with, in a GnuPG home of its own. */
export interface SigningKey {
  home: string
  fingerprint: string
  /** What `gpg --export --armor` prints of it now. */
  armored(): Promise<string>
  /** Makes it one without end. */
  renew(): Promise<void>
  /** A text with its signature around it. */
  sign(text: string): Promise<string>
}

const homes: string[] = []

/** Ends gpg's agents, which outlive the programs that started them. */
export const endAgents = () => Promise.all(homes.map((home) => execa("gpgconf", ["--homedir", home, "--kill", "all"])))

const EXPIRED = ["--faked-system-time", "20200101T000000!"]

let ready: Promise<void> | undefined

/** A new key; an expired one was made in 2020, for a day. */
export async function makeKey({ isExpired = false } = {}): Promise<SigningKey> {
  ready ??= need("gpg", ["gnupg"])
  await ready
  const home = room()
  homes.push(home)
  const gpg = async (args: string[], input = "") =>
    (await execa("gpg", ["--batch", "--homedir", home, "--pinentry-mode", "loopback", "--passphrase", "", ...args], { input })).stdout
  const [then, end] = isExpired ? [EXPIRED, "1d"] : [[], "never"]
  await gpg([...then, "--quick-generate-key", "archive@example.org", "rsa3072", "sign", end])
  const listed = await gpg(["--list-keys", "--with-colons"])
  const fingerprint = listed.match(/^fpr:+([0-9A-F]{40}):$/m)?.[1] as string
  return {
    home,
    fingerprint,
    armored: () => gpg(["--export", "--armor"]),
    renew: async () => void (await gpg(["--quick-set-expire", fingerprint, "0"])),
    sign: (text) => gpg(["--clearsign"], text),
  }
}
