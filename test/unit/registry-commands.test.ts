import { afterEach, beforeEach, describe, expect, test, vi } from "vitest"
import { registryError } from "../../src/core/registry/answers.ts"
import { inTurn, together } from "../../src/verbs/registry/commands.ts"

const LIMITED = registryError("h/a:v1", "toomanyrequests: wait")
const SOON = { retries: 3, minTimeout: 1, factor: 1, maxTimeout: 1 }

describe("commands that speak with registries", () => {
  beforeEach(() => void vi.spyOn(console, "warn").mockReturnValue())
  afterEach(() => void vi.restoreAllMocks())

  test("are at most eight at once, and each comes to what it is", async () => {
    let now = 0
    let most = 0
    const command = (answer: number) => async () => {
      most = Math.max(most, ++now)
      await new Promise((done) => setTimeout(done, 5))
      now--
      return answer
    }
    const all = Array.from({ length: 40 }, (_, at) => at)
    expect(await Promise.all(all.map((at) => inTurn(command(at))))).toEqual(all)
    expect(most).toBe(8)
  })

  test("are run again while the registry limits requests, which is told", async () => {
    const command = vi.fn().mockRejectedValueOnce(LIMITED).mockRejectedValueOnce(LIMITED).mockResolvedValue("done")
    expect(await inTurn(command, SOON)).toBe("done")
    expect(command).toHaveBeenCalledTimes(3)
    expect(vi.mocked(console.warn).mock.calls).toEqual(Array(2).fill([expect.stringMatching(/^waiting: h\/a:v1: toomanyrequests: wait;/)]))
  })

  test("are given up in the end, with what the registry said", async () => {
    const command = vi.fn().mockRejectedValue(LIMITED)
    await expect(inTurn(command, SOON)).rejects.toThrow("toomanyrequests: wait; the registry limits requests: wait a while")
    expect(command).toHaveBeenCalledTimes(4)
  })

  test("that fail for another reason fail at once", async () => {
    const command = vi.fn().mockRejectedValue(registryError("h/a:v1", "unauthorized"))
    await expect(inTurn(command, SOON)).rejects.toThrow("h/a:v1: unauthorized; the registry rejected the credentials")
    expect([command.mock.calls.length, vi.mocked(console.warn).mock.calls]).toEqual([1, []])
  })
})

describe("what is asked for at once", () => {
  const reading = () => {
    const asked: [string, string[]][] = []
    const read = together<string>(async (repository, references) => {
      asked.push([repository, [...references]])
      return references.map((reference) => (reference === "lost" ? new Error(`${reference} is lost`) : `${repository} has ${reference}`))
    })
    return { asked, read }
  }

  test("is read by one command a repository, and each gets its own answer or error", async () => {
    const { asked, read } = reading()
    const all = [read("a", "v1"), read("b", "v1"), read("a", "lost"), read("a", "v2")]
    expect(await Promise.allSettled(all)).toMatchObject([
      { value: "a has v1" },
      { value: "b has v1" },
      { reason: Error("lost is lost") },
      { value: "a has v2" },
    ])
    expect(asked).toEqual([
      ["a", ["v1", "lost", "v2"]],
      ["b", ["v1"]],
    ])
  })

  test("is asked for anew each time, as a push changes it, and a hundred at most by a command", async () => {
    const { asked, read } = reading()
    await read("a", "v1")
    await read("a", "v1")
    await Promise.all(Array.from({ length: 150 }, (_, at) => read("a", `t${at}`)))
    expect(asked.map(([, references]) => references.length)).toEqual([1, 1, 100, 50])
  })
})
