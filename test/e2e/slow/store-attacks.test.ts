import { execa } from "execa"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { ALL_PARTS } from "../../../src/core/plan/parts.ts"
import { call, clean, farm, MINUTE, MIRROR, NO_MIRROR, REGISTRY, refusedLine } from "../../support/farm.ts"
import { between, put, textOf } from "../../support/releases/registry.ts"
import { keys, makeStore, PATH, pushing, repository, stored, type TestStore, told } from "../../support/store.ts"

const BOOKWORM = ["--distro=bookworm", "--profile=helios"]

let store: TestStore

describe
  .skipIf(!MIRROR)
  .sequential(`what is amiss with a store of components${MIRROR ? "" : `, ${NO_MIRROR}`}`, { timeout: 60 * MINUTE }, () => {
    beforeAll(async () => {
      store = await makeStore()
      await call(pushing(store), 55)
    }, 90 * MINUTE)
    afterAll(clean)

    test.each<[string, () => string[], RegExp]>([
      [
        "a store without anybody to trust",
        () => [`--store=${REGISTRY}/x`, "build", ...BOOKWORM],
        /^--store=\S+: an entry is worth what its signature is: expected --store-key=cosign\.pub/,
      ],
      [
        "a key without a store",
        () => [`--store-key=${store.ours.pub}`, "build", ...BOOKWORM],
        /^--store-key, --store-identity and the like go with --store=HOST\/PATH/,
      ],
      [
        "what is no address",
        () => ["--store=somewhere", `--store-key=${store.ours.pub}`, "build", ...BOOKWORM],
        /^--store=somewhere: expected HOST\/PATH/,
      ],
      ["a list of no store", () => ["store", "list"], /^no store: add --store=HOST\/PATH/],
      [
        "a push of what is not built from source",
        () => [...stored(store), "store", "push", `--key=file:${store.ours.key}`, "--distro=debian"],
        /^--distro=debian: expected one whose components are built from source: /,
      ],
      [
        "a login that is none",
        () => [...stored(store), "--store-login=env:HOME", "store", "list"],
        /^--store-login: expected an account and its token as NAME:TOKEN/,
      ],
    ])("%s is refused in one line", async (_, asked, says) => {
      expect(refusedLine(await farm(["call", ...asked()]))).toMatch(says)
    })

    test("a push with what is no key is refused in one line of the farm's, below cosign's own", async () => {
      const { exitCode, stderr } = await farm(["call", ...pushing(store, PATH, store.ours.pub)])
      expect([exitCode, stderr]).toEqual([1, expect.stringMatching(/^Error: --key: .*; not a cosign key/m)])
    })

    test("takes nothing that nobody has signed, that others have, or that is another entry's", async () => {
      const unsigned = `${PATH}-unsigned`
      const [novnc, licences] = [(await keys(store)).get("novnc"), (await keys(store)).get("licences")] as [string, string]
      const docker = (path: string, key: string) => `docker://${REGISTRY}/${repository(path)}:${key}`
      const tls = ["--src-tls-verify=false", "--dest-tls-verify=false"]
      await execa("skopeo", ["copy", "--all", "--preserve-digests", ...tls, docker(PATH, novnc), docker(unsigned, novnc)])
      expect(await told(stored(store, unsigned))).toMatch(
        /novnc, the store's entry [0-9a-f]{12}: .*no signatures found.*; it is built in its place/,
      )

      await call(pushing(store, `${PATH}-theirs`, store.theirs.key), 30)
      expect(await told(stored(store, `${PATH}-theirs`))).toMatch(
        /novnc, the store's entry .*: .*(invalid signature|no matching signatures|failed to verify).*; it is built in its place/,
      )

      const before = await put(repository(), novnc, await textOf(repository(), licences))
      expect(await told(stored(store))).toMatch(`signed for the key ${licences.slice(0, 12)}, not for this one; it is built in its place`)
      const { stderr, exitCode } = await farm(["call", ...stored(store), "store", "verify", "--distro=bookworm"], 55)
      expect([exitCode, stderr]).toEqual([1, expect.stringMatching(/licences any: \S+: signed for the key [0-9a-f]{12}, not for this one/)])
      await put(repository(), novnc, before)
      expect(await told(stored(store))).toMatch(/novnc, the store's entry [0-9a-f]{12}: taken/)
    })

    test("that is down or silent is told once, and everything is built", async () => {
      expect(await told(stored(store, PATH, "127.0.0.1:9"))).toMatch(/doesn't answer.*; it is built in its place/)
      const silent = await between(() => new Promise(() => undefined))
      try {
        expect(await told(stored(store, PATH, silent.registry))).toMatch(/nothing came for 75 s|doesn't answer.*; it is built in its place/)
      } finally {
        silent.close()
      }
    })

    test.each<[string, number, RegExp]>([
      ["may only be read", 403, /the registry rejected the credentials/],
      ["is full", 507, /the registry failed: check its logs and its disk/],
    ])("that %s is left as it was by a push, which says so", async (_, status, says) => {
      const stubborn = await between((asked, response) => {
        if (["GET", "HEAD"].includes(asked.method as string)) return false
        asked.resume()
        response.writeHead(status, { "content-type": "application/json" })
        response.end(
          JSON.stringify({
            errors: [{ code: status === 403 ? "DENIED" : "UNKNOWN", message: status === 403 ? "denied" : "no space left on device" }],
          }),
        )
        return true
      })
      try {
        expect(refusedLine(await farm(["call", ...pushing(store, `${PATH}-${status}`, store.ours.key, stubborn.registry)], 30))).toMatch(
          says,
        )
      } finally {
        stubborn.close()
      }
      expect(await (await fetch(`http://${REGISTRY}/v2/${repository(`${PATH}-${status}`)}/tags/list`)).json()).toHaveProperty("errors")
    })

    test("takes two pushes of the same keys at once", async () => {
      const at = `${PATH}-both`
      const both = await Promise.all([call(pushing(store, at), 30), call(pushing(store, at), 30)])
      for (const said of both)
        expect(said.split("\n").map((line) => line.split(" ")[0])).toEqual(ALL_PARTS.map(() => expect.stringMatching(/^(pushed|has)$/)))
      expect(await told(stored(store, at))).toMatch(/novnc, the store's entry [0-9a-f]{12}: taken/)
      expect(await call([...stored(store, at), "store", "prune", "--keep=1"])).toBe("nothing to delete: no more than 1 entries of any name")
    })
  })
