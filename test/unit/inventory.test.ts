import { expect, test } from "vitest"
import { inventory } from "../../src/core/image/package-list.ts"

test("every package that is listed has its hash, or a dash where the index has none", () => {
  const list = "zlib1g 1:1.2.13 amd64\napt 2.6.2 amd64\n"
  expect(inventory(list, "apt 2.6.2 amd64 0123\nbash 5.2 amd64 4567\n")).toBe("apt\t2.6.2\tamd64\t0123\nzlib1g\t1:1.2.13\tamd64\t-\n")
})

test("another version's or another architecture's hash is not taken for it", () => {
  const list = "libc6 2.36 amd64\nlibc6 2.36 i386\n"
  expect(inventory(list, "libc6 2.37 amd64 0123\nlibc6 2.36 i386 4567\n")).toBe("libc6\t2.36\tamd64\t-\nlibc6\t2.36\ti386\t4567\n")
})
