import { type Arguments, constructorOf, coreClient, graphqlType, type Surface, type Type } from "./scan.ts"

const SCALARS: Record<string, string> = { String: "string", Integer: "number", Boolean: "boolean" }

/** The declarations that Dagger generates for a module that depends on another, whose name, API and main object are given. */
export function clientWith(name: string, main: string, { enums, objects }: Surface): string {
  const own = new Set([...Object.values(objects), ...Object.values(enums)].map((one) => one.name))
  const nameOf = (type: string) => SCALARS[type] ?? (own.has(type) && type !== main ? `${main}${type}` : type)
  const typeOf = (type: Type): string => (type.typeDef ? `${typeOf(type.typeDef)}[]` : nameOf(graphqlType(type)))
  // What is made of a query's answer is waited for; objects are queries themselves.
  const answerOf = (type: Type) => (type.kind === "OBJECT_KIND" ? typeOf(type) : `Promise<${typeOf(type)}>`)
  const taken = (all: Arguments) => {
    const isOptional = ({ isOptional, defaultValue }: Arguments[string]) => isOptional || defaultValue !== undefined
    const required = Object.values(all).filter((one) => !isOptional(one))
    const optional = Object.values(all).filter(isOptional)
    const options = optional.map((one) => `${one.name}?: ${typeOf(one.type)}`)
    return [...required.map((one) => `${one.name}: ${typeOf(one.type)}`), ...(options.length ? [`opts?: { ${options.join(", ")} }`] : [])]
  }
  const classes = Object.values(objects).map((object) => {
    const properties = Object.values(object.properties).filter(({ isExposed }) => isExposed)
    const members = [
      ...properties.map((one) => `${one.name}: () => ${answerOf(one.type)}`),
      ...Object.values(object.methods).map((one) => `${one.name}: (${taken(one.arguments).join(", ")}) => ${answerOf(one.returnType)}`),
    ]
    return `export declare class ${nameOf(object.name)} {\n  ${members.join("\n  ")}\n}\n`
  })
  const members = Object.values(enums).map((one) => {
    const values = Object.values(one.values).map((value) => `${value.name} = "${value.value}"`)
    return `export declare enum ${nameOf(one.name)} { ${values.join(", ")} }\n`
  })
  const root = Object.values(objects).find((object) => object.name === main)
  const entry = `${name}: (${taken(constructorOf(root as object) ?? {}).join(", ")}) => ${main}`
  return [coreClient().replace("export declare class Client extends BaseClient {", `$&\n  ${entry}`), ...members, ...classes].join("\n")
}
