import type { Container, Service } from "@dagger.io/dagger"

/** By what an engine hands its proxies on to whatever it runs, unless a container has its own. */
const PROXIES = ["HTTP_PROXY", "HTTPS_PROXY", "FTP_PROXY", "ALL_PROXY"]

/** A container that speaks with what is near alone, by no proxy of the engine's, and whose programs know of none. */
export function direct(container: Container): Container {
  return PROXIES.reduce((before, name) => before.withEnvVariable(name, ""), container).withEnvVariable("NO_PROXY", "*")
}

/** A container with a service beside it that it reaches by no proxy, under that name. */
export function beside(container: Container, name: string, service: Service): Container {
  return container.withServiceBinding(name, service).withEnvVariable("NO_PROXY", name)
}
