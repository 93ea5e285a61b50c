import type { Secret } from "@dagger.io/dagger"
import { afterEach, describe, expect, test, vi } from "vitest"
import { assertRunsOn, workflowOf } from "../../src/core/attest/workflow.ts"
import { parseOrigin } from "../../src/core/plan/labels.ts"
import { assertVersion } from "../../src/core/release/refs.ts"
import { askWorkflow } from "../../src/verbs/attest/oidc.ts"

const COMMIT = "0123456789abcdef0123456789abcdef01234567"

describe("where a build comes from", () => {
  test.each([
    ["2026-11-25T20:00:00Z", "2026-11-25T20:00:00Z"],
    ["2026-11-25T21:00:00+01:00", "2026-11-25T20:00:00Z"],
    ["2026-11-25T20:00:00.5Z", "2026-11-25T20:00:00Z"],
  ])("%s is %s on the image", (created, told) => {
    expect(parseOrigin({ commit: COMMIT, created })).toEqual({ commit: COMMIT, created: told })
  })

  test("is nothing unless it is said", () => {
    expect(parseOrigin({})).toEqual({})
  })

  test.each(["yesterday", "", "2026-11-25", "2026-11-25T20:00:00", "2026-02-30T20:00:00Z", "1764100800"])(
    "created %j is refused",
    (created) => {
      expect(() => parseOrigin({ created })).toThrow(RegExp(`^--created=${created}: expected a time by RFC 3339, such as [^\\n]+$`))
    },
  )

  test.each(["", "main", "0123", `${COMMIT}0`])("commit %j is refused", (commit) => {
    expect(() => parseOrigin({ commit })).toThrow(`--commit=${commit}: expected a git commit of 40 hexadecimal digits`)
  })
})

test("a tag releases the version that package.json has, and a branch any", () => {
  for (const ref of ["main", "refs/heads/testing", "refs/tags/v0.1.0", "v0.1.0"]) assertVersion(ref, "0.1.0")
  expect(() => assertVersion("refs/tags/v1.2.3", "0.1.0")).toThrow(
    "--ref=refs/tags/v1.2.3: package.json has version 0.1.0; tag the commit v0.1.0, or one whose package.json has 1.2.3",
  )
})

describe("the workflow that signs", () => {
  const claims = {
    job_workflow_ref: "a.b/c/.github/workflows/release.yml@refs/heads/main",
    repository: "a.b/c",
    ref: "refs/heads/main",
    sha: COMMIT,
  }
  const token = `x.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.y`
  const secret = { plaintext: async () => "a token" } as Secret
  const url = "https://runner.test/?api-version=2"

  afterEach(() => void vi.unstubAllGlobals())

  test("is what GitHub says of it, as Sigstore's certificate has it", async () => {
    const answers = vi.fn(async () => Response.json({ value: token }))
    vi.stubGlobal("fetch", answers)
    expect(await askWorkflow(url, secret)).toEqual({
      identity: "https://github.com/a.b/c/.github/workflows/release.yml@refs/heads/main",
      repository: "https://github.com/a.b/c",
      ref: "refs/heads/main",
      commit: COMMIT,
    })
    expect(answers).toHaveBeenCalledWith(
      `${url}&audience=sigstore`,
      expect.objectContaining({ headers: { authorization: "bearer a token" } }),
    )
  })

  test.each<[string, () => Promise<Response>, RegExp]>([
    [
      "refuses",
      async () => new Response("", { status: 403 }),
      /^--oidc-url: GitHub answers 403: check that the job has `id-token: write`$/,
    ],
    [
      "can't be reached",
      () => Promise.reject(new Error("fetch failed")),
      /^--oidc-url: fetch failed; it is \$ACTIONS_ID_TOKEN_REQUEST_URL/,
    ],
    ["says something else", async () => Response.json({ value: "x.e30.y" }), /^--oidc-token: what GitHub gave for it: job_workflow_ref: /],
  ])("is asked in vain where GitHub %s, in one line", async (_, answer, line) => {
    vi.stubGlobal("fetch", answer)
    await expect(askWorkflow(url, secret)).rejects.toThrow(line)
  })

  test("releases what it runs on, and nothing else", () => {
    const workflow = workflowOf(token)
    assertRunsOn(workflow, { ref: "refs/heads/main", commit: COMMIT })
    const other = COMMIT.replace("0", "f")
    expect(() => assertRunsOn(workflow, { ref: "refs/heads/main", commit: other })).toThrow(
      `--commit=${other}: the workflow that signs runs on ${COMMIT}; release that, or run it on the other`,
    )
    expect(() => assertRunsOn(workflow, { ref: "refs/tags/v1.2.3", commit: COMMIT })).toThrow("--ref=refs/tags/v1.2.3: the workflow that")
  })
})
