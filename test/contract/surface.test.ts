import { expect, test } from "vitest"
import { type Arguments, constructorOf, graphqlType, scanModule } from "./scan.ts"

const { enums, objects, interfaces } = await scanModule(".", "helios")
const dev = await scanModule("dagger/dev", "dev")

test("no interface of TypeScript is in the API: Dagger takes one for an interface of its own, and its engine dies at the next call", () => {
  expect(Object.keys(interfaces)).toEqual([])
})

/** Arguments as the golden has them. */
function listed(all: Arguments): string {
  return Object.values(all)
    .map(({ name, isOptional, type }) => `${name}${isOptional ? "?" : ""}: ${graphqlType(type)}`)
    .join(", ")
}

test("the public API is the golden one: to change it on purpose, run vitest with --update", async () => {
  const members = Object.values(enums).flatMap(({ name, values }) =>
    Object.values(values).map((member) => `${name}.${member.name} = ${member.value}`),
  )
  const constructors = Object.values(objects).flatMap((object) => {
    const taken = constructorOf(object)
    return taken ? [`${object.name}(${listed(taken)})`] : []
  })
  const functions = Object.values(objects).flatMap((object) => [
    ...Object.values(object.properties)
      .filter(({ isExposed }) => isExposed)
      .map((property) => `${object.name}.${property.name}: ${graphqlType(property.type)}`),
    ...Object.values(object.methods).map(
      (method) => `${object.name}.${method.name}(${listed(method.arguments)}): ${graphqlType(method.returnType)}`,
    ),
  ])
  await expect(`${[...members, ...constructors, ...functions].sort().join("\n")}\n`).toMatchFileSnapshot("surface.txt")
})

test("the CLI, which takes a member's name in GraphQL in whatever case, takes enums by the values that plans have", () => {
  for (const { name, values } of Object.values(enums)) {
    for (const member of Object.values(values)) {
      // One word, or else what the engine leaves as it is: more of them would get underscores.
      expect(member.name, name).toMatch(/^([A-Z][a-z]+|[A-Z][A-Z0-9]*)$/)
      expect(member.name.toLowerCase(), name).toBe(member.value)
    }
  }
})

/** The functions of a module's objects, each by its object's name and its own. */
const methodsOf = (all: typeof objects) =>
  Object.values(all).flatMap(({ name, methods }) => Object.values(methods).map((method) => ({ ...method, path: `${name}.${method.name}` })))

test.each(methodsOf(objects))("$path says what it returns and how it is called", ({ description }) => {
  expect(description).toMatch(/`dagger call /)
})

test("no function is a check, which would run on the repository of whoever installs the module", () => {
  expect(methodsOf(objects).filter(({ isCheck }) => isCheck)).toEqual([])
})

test("the development module has what runs on this repository, and says how", () => {
  const checks = methodsOf(dev.objects).filter(({ isCheck }) => isCheck)
  expect(checks.map(({ path }) => path).sort()).toEqual(["Dev.lint", "Dev.tests"])
  for (const { name, description } of checks) expect(description).toContain(`\`dagger check --mod=dagger/dev ${name}\``)
})
