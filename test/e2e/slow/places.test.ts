import { chmodSync, chownSync, existsSync, mkdirSync, statSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { execa } from "execa"
import { afterAll, afterEach, describe, expect, test } from "vitest"
import { type Box, create, LIMITS, must, podman, pulledImage, removeBoxes } from "../../support/desktop/podman.ts"
import { HELIOS_RUNS, KVDI_RUNS, PASSWORD } from "../../support/desktop/profiles.ts"
import { works } from "../../support/desktop/promises.ts"
import { clean, MINUTE, MIRROR, need, room } from "../../support/farm.ts"

afterEach(removeBoxes)
afterAll(clean)

/** A folder of the machine that is to be a volume. */
function folder(owner: [uid: number, gid: number], mode: number, inside = ""): string {
  const path = join(room(), "volume")
  mkdirSync(path)
  if (inside) writeFileSync(join(path, inside), "")
  chownSync(path, ...owner)
  chmodSync(path, mode)
  return path
}

/** What a program of the user prints that is started from outside. */
const asUser = ({ name }: Box, ...words: string[]) => must(["exec", name, "as-user", ...words])

describe.each([KVDI_RUNS, ...(MIRROR ? [HELIOS_RUNS] : [])])("$name with podman", (runs) => {
  async function started(...options: string[]): Promise<Box> {
    const box = await create(await pulledImage(runs.name), [...runs.options, ...options])
    await runs.start(box)
    await works(box, runs)
    return box
  }

  test(
    "a group of --group-add may write to the project's folder",
    async () => {
      const box = await started("--group-add=5000", `--volume=${folder([0, 5000], 0o2770)}:/project`)
      await asUser(box, "touch", "/project/mine")
    },
    90 * MINUTE,
  )

  test(
    "exec finds the display by the user's name",
    async () => {
      const box = await started()
      const said = await must(["exec", "--user=bob", box.name, "sh", "-c", 'test -s "$XAUTHORITY" && echo "$(id -un) $DISPLAY $HOME"'])
      expect(said).toBe("bob :1 /home/bob")
    },
    90 * MINUTE,
  )

  test.skipIf(!existsSync("/dev/fuse"))(
    "a home that root can't give away, as on exFAT or NFS, is the user's all the same",
    async () => {
      await need("bindfs", ["bindfs"])
      const [real, shown] = [folder([0, 0], 0o755), folder([0, 0], 0o755)]
      await execa("bindfs", ["--force-user=1000", "--force-group=1000", "--chown-deny", "--chgrp-deny", "--perms=u=rwX,go=", real, shown])
      try {
        const box = await started(`--volume=${shown}:/home/bob`)
        await asUser(box, "touch", "mine")
        expect(existsSync(join(real, "mine"))).toBe(true)
      } finally {
        await removeBoxes()
        await execa("umount", ["--lazy", shown])
      }
    },
    90 * MINUTE,
  )

  test(
    "a home that is somebody else's ends the container with one line, and stays as it is",
    async () => {
      const theirs = folder([4321, 4321], 0o700, "notes")
      const environment = ["--env=USER=bob", "--env=UID=1000", `--env=PASSWORD=${PASSWORD}`]
      const options = ["--rm", "--network=none", ...LIMITS, ...environment, `--volume=${theirs}:/home/bob`]
      const { stderr, exitCode } = await podman(["run", ...options, await pulledImage(runs.name)])
      expect([exitCode, stderr.trim().split("\n")]).toEqual([64, [expect.stringMatching(/^helios: \/home\/bob can't be entered/)]])
      expect([statSync(theirs).uid, statSync(theirs).mode & 0o7777]).toEqual([4321, 0o700])
    },
    90 * MINUTE,
  )
})

test(
  "kvdi works where root may enter the home no more than others, as with root_squash",
  async () => {
    const home = folder([1000, 1000], 0o700, "notes")
    const box = await create(await pulledImage(), ["--cap-drop=DAC_OVERRIDE", `--volume=${home}:/home/bob`])
    await KVDI_RUNS.start(box)
    await works(box, KVDI_RUNS)
    await asUser(box, "touch", "mine")
    expect(statSync(join(home, "mine")).uid).toBe(1000)
  },
  90 * MINUTE,
)
