import { type Container, type Directory, dag } from "@dagger.io/dagger"
import { assertGate, exceptions, formatScan, gate, type Scan } from "../../core/attest/scan-gate.ts"
import { spdx } from "../../core/attest/spdx.ts"
import { upstreams } from "../../core/attest/upstreams.ts"
import { vex } from "../../core/attest/vex.ts"
import type { Plan } from "../../core/plan/plan.ts"
import { npmPackages } from "../../core/sources/npm-lock.ts"
import { type Farm, farmFiles, farmText, origin } from "../farm.ts"
import { toOciLayout } from "../registry/layout.ts"
import { today } from "../today.ts"
import { runTool, type TrustTools, trustTool } from "../toolbox.ts"

/** What an SBOM says of the image that it is of. */
interface About {
  /** Its manifest's digest. */
  digest: string
  /** RFC 3339. */
  time: string
}

/** The SPDX document of an image in an OCI layout. */
async function sbom(syft: Container, plan: Plan, layout: Directory, { digest, time }: About): Promise<string> {
  const ready = syft.withMountedDirectory("/layout", layout).withEnvVariable("SYFT_CHECK_FOR_APP_UPDATE", "false")
  const ran = await runTool(ready, "syft", ["scan", "oci-dir:/layout", "--output=spdx-json=/tmp/spdx.json"])
  const found = await ran.file("/tmp/spdx.json").contents()
  const { repository: farm, version } = origin()
  return spdx(found, { name: plan.repository, digest, farm, version, time, upstreams: upstreams(plan), npm: npm(plan) })
}

/** What grype knows of an SBOM's packages, those that the VEX document answers excepted, as the farm judges it on a day. */
async function scan(grype: Container, bill: string, vex: string, today: string, tools: TrustTools): Promise<Scan> {
  const texts = dag.directory().withNewFile("sbom.json", bill).withNewFile("vex.json", vex)
  const ready = grype
    .withMountedDirectory("/scanned", texts)
    .withEnvVariable("GRYPE_CHECK_FOR_APP_UPDATE", "false")
    .withEnvVariable("GRYPE_DB_CACHE_DIR", "/var/cache/grype")
    .withEnvVariable("HELIOS_DAY", today)
  const ran = await runTool(await withDatabase(ready, tools), "grype", [
    "sbom:/scanned/sbom.json",
    "--vex=/scanned/vex.json",
    "--output=json=/tmp/found.json",
  ])
  const own = tools.exceptions
  const file = own ? "--exceptions" : "common/release/exceptions.json"
  return gate(await ran.file("/tmp/found.json").contents(), exceptions(file, own ? await own.contents() : farmText(file)), today)
}

async function withDatabase(grype: Container, { database, grype: given }: TrustTools): Promise<Container> {
  // What a caller's own program downloads isn't what the published one reads.
  if (!database) return grype.withMountedCache("/var/cache/grype", dag.cacheVolume(given ? "helios-grype_given" : "helios-grype"))
  // By its name, as the importer takes an archive or the database itself by what it is called.
  const path = `/database/${await database.name()}`
  const quiet = grype.withEnvVariable("GRYPE_DB_AUTO_UPDATE", "false").withEnvVariable("GRYPE_DB_VALIDATE_AGE", "false")
  return runTool(quiet.withMountedFile(path, database), "--database", ["db", "import", path])
}

/** The documents and the scan of an image in an OCI layout. */
export interface SbomAndScan {
  /** SPDX and OpenVEX, as JSON. */
  bill: string
  statements: string
  found: Scan
}

/** Makes an image's SBOM, and scans that with the answers to what it is known for at hand. */
export async function sbomAndScan(
  farm: Farm,
  plan: Plan,
  { layout, digest }: { layout: Directory; digest: string },
  { time, today, tools }: { time: string; today: string; tools: TrustTools },
): Promise<SbomAndScan> {
  const statements = vex(plan, farm.answers, origin().repository, time)
  const bill = await sbom(await trustTool(farm, "syft", tools), plan, layout, { digest, time })
  return { bill, statements, found: await scan(await trustTool(farm, "grype", tools), bill, statements, today, tools) }
}

/** Throws if an image's SBOM, less what its VEX document answers, has what blocks a release by that day's database and exceptions. */
export async function judge(
  farm: Farm,
  what: string,
  [bill, statements]: [unknown, unknown],
  today: string,
  tools: TrustTools,
): Promise<void> {
  assertGate(what, await scan(await trustTool(farm, "grype", tools), JSON.stringify(bill), JSON.stringify(statements), today, tools))
}

/** The SPDX document of an image that isn't in a registry yet. */
export async function spdxOf(farm: Farm, plan: Plan, image: Container, tools: TrustTools, time: string): Promise<string> {
  const { layout, digest } = await toOciLayout(farm, image)
  return sbom(await trustTool(farm, "syft", tools), plan, layout, { digest, time })
}

/** Formats the scan of such an image by today's exceptions; throws if it would block a release. */
export async function scanReport(farm: Farm, plan: Plan, image: Container, tools: TrustTools): Promise<string> {
  const day = today()
  const { found } = await sbomAndScan(farm, plan, await toOciLayout(farm, image), { time: `${day}T00:00:00Z`, today: day, tools })
  assertGate(`${plan.repository} ${plan.distro}`, found)
  return `${formatScan(found)}\n`
}

/** The packages of npm's that the components' locks bring, by the component's name. */
function npm({ components }: Plan) {
  const locks = farmFiles("common/build/locks").filter((path) => path.endsWith("/package-lock.json"))
  const ours = locks.filter((path) => components.some(({ name }) => path.startsWith(`${name}/`)))
  return new Map(
    ours.map((path) => [path.split("/")[0] as string, npmPackages(`common/build/locks/${path}`, farmText(`common/build/locks/${path}`))]),
  )
}
