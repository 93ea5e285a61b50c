import { execa } from "execa"

/** git in a folder, with somebody's name for commits: what a command of it prints. */
export const gitIn =
  (folder: string) =>
  async (...args: string[]): Promise<string> =>
    (await execa("git", ["-c", "user.name=t", "-c", "user.email=t@t", ...args], { cwd: folder })).stdout
