import { expect, test } from "vitest"
import { lock } from "../../src/core/sources/lock.ts"

const digest = `sha256:${"0".repeat(64)}`

test("a lock gives each image's digest", () => {
  const { images, hash } = lock(
    JSON.stringify([
      { image: "a:1", digest: null },
      { image: "b:1", digest },
    ]),
  )
  expect([...images]).toEqual([
    ["a:1", null],
    ["b:1", digest],
  ])
  expect(hash).toMatch(/^[0-9a-f]{64}$/)
})

test.each([
  [
    "out of order",
    [
      { image: "b:1", digest },
      { image: "a:1", digest },
    ],
    'got "a:1" out of order',
  ],
  [
    "twice",
    [
      { image: "a:1", digest },
      { image: "a:1", digest },
    ],
    'got "a:1" out of order',
  ],
  ["with no digest", [{ image: "a:1", digest: "latest" }], '[0].digest: expected sha256: and 64 hexadecimal digits, got "latest"'],
])("an image %s is refused", (_, entries, message) => {
  expect(() => lock(JSON.stringify(entries))).toThrow(message)
})
