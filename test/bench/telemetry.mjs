import { createServer } from "node:http"
import { gunzipSync } from "node:zlib"
import { callArguments, spansOf } from "./protobuf.mjs"

/** Where the CLI sends a call's spans: a receiver of OpenTelemetry's OTLP over http, with a path for each call. */
export async function receiver() {
  /** @type {Map<string, Map<string, object>>} by path, then by id: a span comes when it starts and again when it ends */
  const calls = new Map()
  const server = createServer(async (request, response) => {
    const chunks = []
    for await (const chunk of request) chunks.push(chunk)
    const body = Buffer.concat(chunks)
    const spans = calls.get(request.url) ?? new Map()
    for (const span of spansOf(request.headers["content-encoding"] === "gzip" ? gunzipSync(body) : body)) spans.set(span.id, span)
    calls.set(request.url, spans)
    response.setHeader("content-type", "application/x-protobuf").end()
  })
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready))
  let count = 0
  return {
    /** The environment that sends one call's spans here, and what gives them once the call has ended. */
    next() {
      const path = `/${++count}`
      const environment = {
        OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `http://127.0.0.1:${server.address().port}${path}`,
        OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: "http/protobuf",
      }
      return { environment, spans: () => [...(calls.get(path)?.values() ?? [])] }
    },
    /** Lets the process end while it listens. */
    unref: () => server.unref(),
  }
}

/**
 * The commands that the engine executed, as texts: those of the build, and those that loading the module took (its SDK's npm).
 *
 * Dagger evaluates lazily: the span of a withExec says only that the step was asked for. The engine adds an event "Container
 * started" to the span under which it really starts one ("resume withExec", linked to the step's own span). It does the same for
 * a function of the module, whose span has a child "load sdk runtime"; those are not counted. A span counts once, as the engine
 * adds two containers to each where the machine has certificates of its own to install.
 */
export function commands(spans) {
  const functions = new Set(spans.filter(({ name }) => name === "load sdk runtime").map(({ parent }) => parent))
  const started = spans.filter(({ id, events }) => !functions.has(id) && events.includes("Container started"))
  const byId = new Map(spans.map((span) => [span.id, span]))
  const loads = (span) => Boolean(span) && (span.name.startsWith("load workspace") || loads(byId.get(span.parent)))
  const texts = (wanted) => started.filter((span) => loads(span) === wanted).map((span) => command(span, byId))
  return { build: texts(false), loading: texts(true) }
}

function command(span, byId) {
  const asked = span.links.map((id) => byId.get(id)).find((linked) => linked?.name === "Container.withExec")
  const call = asked?.attributes["dagger.io/dag.call"]
  const { args } = call ? callArguments(Buffer.from(call, "base64")) : {}
  return Array.isArray(args) ? args.join(" ") : span.name
}
