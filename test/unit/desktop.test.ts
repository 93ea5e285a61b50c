import { expect, test } from "vitest"
import { passwordProblem } from "../../src/verbs/desktop.ts"

test.each(["0pen-sesame", "12345678", "12345678\n", "äöüß", "a b:c'd\"e", "x".repeat(128)])(
  "%j is a password that a page can ask for",
  (text) => {
    expect(passwordProblem(text)).toBe(undefined)
  },
)

test.each([
  ["", /got 0;/],
  ["1234567", /^expected 8 to 128 bytes, got 7; leave it out and dagger\/run makes one$/],
  ["1234567\n", /got 7;/],
  ["x".repeat(129), /got 129;/],
  ["12345678\n\n", /control character/],
  ["1234\n5678", /control character/],
  ["12345678\0", /control character/],
])("%j is none, which one line says without showing it", (text, problem) => {
  expect(passwordProblem(text)).toMatch(problem)
  expect(passwordProblem(text)).not.toMatch(/\n|345/)
})
