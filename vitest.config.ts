import { defineConfig } from "vitest/config"

const alias = { "@dagger.io/dagger": "dagger-sdk" }
const minutes = (count: number) => count * 60_000

/** How long a test or a hook may take that needs no engine: a machine that builds images beside it is slow, and no test is of its speed. */
const testTimeout = minutes(2)

/** What tests publish to. */
const globalSetup = "test/support/registry.ts"

/** e2e runs on every submission; everything else that needs an engine is in "slow". "pictures" tests nothing: it makes docs/pictures. */
export default defineConfig({
  test: {
    reporters: ["default", "./test/counts.ts"],
    projects: [
      { resolve: { alias }, test: { name: "unit", include: ["test/unit/**/*.test.ts"], testTimeout, hookTimeout: testTimeout } },
      { resolve: { alias }, test: { name: "contract", include: ["test/contract/**/*.test.ts"], testTimeout, hookTimeout: testTimeout } },
      {
        resolve: { alias },
        test: {
          name: "e2e",
          include: ["test/e2e/default/*.test.ts"],
          globalSetup,
          fileParallelism: false,
          testTimeout: minutes(20),
          hookTimeout: minutes(20),
        },
      },
      {
        resolve: { alias },
        test: {
          name: "slow",
          include: ["test/e2e/slow/*.test.ts"],
          globalSetup,
          fileParallelism: false,
          testTimeout: minutes(60),
          hookTimeout: minutes(60),
        },
      },
      {
        resolve: { alias },
        test: { name: "pictures", include: ["test/pictures/*.test.ts"], globalSetup, testTimeout: minutes(180) },
      },
    ],
  },
})
