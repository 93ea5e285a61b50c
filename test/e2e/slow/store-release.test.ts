import { readFileSync } from "node:fs"
import { join } from "node:path"
import { execa } from "execa"
import { afterAll, describe, expect, test } from "vitest"
import { predicatesOf } from "../../../src/core/attest/predicates.ts"
import { PROVENANCE } from "../../../src/core/attest/provenance.ts"
import { ALL_PARTS } from "../../../src/core/plan/parts.ts"
import { call, clean, MINUTE, MIRROR, NO_MIRROR, REGISTRY, room } from "../../support/farm.ts"
import { put, textOf } from "../../support/releases/registry.ts"
import { byKey, HELIOS, makeTrust, mine, PATH, release } from "../../support/releases/released.ts"
import { keys, makeStore, pushing, repository, stored } from "../../support/store.ts"

const AT = `${PATH}-store`

/** What the provenance of an image says that it was made of and has a name. */
async function namedIn(address: string, { cosign, pub }: { cosign: string; pub: string }) {
  const printed = join(room(), "attested")
  const how = [`--key=${pub}`, "--insecure-ignore-tlog", "--allow-http-registry", `--output-file=${printed}`]
  await execa(cosign, ["verify-attestation", `--type=${PROVENANCE}`, ...how, address])
  const [found] = predicatesOf(readFileSync(printed, "utf8")) as {
    buildDefinition: { resolvedDependencies: { name?: string; uri: string; digest: { sha256: string } }[] }
  }[]
  return found?.buildDefinition.resolvedDependencies.filter(({ name }) => name)
}

describe.skipIf(!MIRROR)(`a release with a store${MIRROR ? "" : `, ${NO_MIRROR}`}`, () => {
  afterAll(clean)

  test(
    "takes what is there, which its image's provenance names, and leaves there what it had to build, signed as its images are",
    async () => {
      const trust = await makeTrust()
      const store = { ...(await makeStore()), ours: trust }
      await call([...pushing(store, AT), "--passphrase=env:HELIOS_TEST_PASSPHRASE"], 55)
      const at = await keys(store, AT)
      // As if nobody had pushed noVNC: what its key names is signed as another's.
      const stolen = await textOf(repository(AT), at.get("licences") as string)
      await put(repository(AT), at.get("novnc") as string, stolen)

      const before = stored(store, AT)
      const said = await call(await release({ which: HELIOS, distros: mine(), signed: byKey(trust), before }, ["prove"]), 80)
      const { repository: path, digest } = JSON.parse(said)[0]
      const named = (await namedIn(`${REGISTRY}/${PATH}/${path}@${digest}`, trust)) ?? []
      const taken = ALL_PARTS.filter((name) => name !== "novnc")
      expect(named.map(({ name }) => name?.replace(/-[\d.]+$/, ""))).toEqual([...taken].sort())
      for (const { name, uri } of named) expect(uri).toContain(`/helios-components@${at.get(name as string)}?`)
      expect(await keys(store, AT)).toEqual(at)
      expect(await textOf(repository(AT), at.get("novnc") as string)).not.toBe(stolen)
    },
    180 * MINUTE,
  )
})
