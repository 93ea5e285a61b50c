/** The fields of a protobuf message, in order, as [number, value]: bigint, or bytes for what has a length. */
function* fields(/** @type {Buffer} */ message) {
  let at = 0
  const varint = () => {
    let value = 0n
    for (let shift = 0n; ; shift += 7n) {
      const byte = message[at++]
      if (byte === undefined) throw new Error("a protobuf message ends in the middle of a number")
      value |= BigInt(byte & 0x7f) << shift
      if (byte < 0x80) return value
    }
  }
  while (at < message.length) {
    const key = Number(varint())
    const [number, wire] = [key >> 3, key & 7]
    if (wire === 0) yield [number, varint()]
    else if (wire === 1) {
      yield [number, message.readBigUInt64LE(at)]
      at += 8
    } else if (wire === 2) {
      const length = Number(varint())
      yield [number, message.subarray(at, at + length)]
      at += length
    } else if (wire === 5) {
      yield [number, BigInt(message.readUInt32LE(at))]
      at += 4
    } else throw new Error(`a protobuf message has wire type ${wire}, which OTLP doesn't use`)
  }
}

const all = (message, wanted) => [...fields(message)].filter(([number]) => number === wanted).map(([, value]) => value)

const text = (message, wanted) => all(message, wanted)[0]?.toString() ?? ""

/** An attribute's value: text, boolean or number; lists and maps, which no count needs, as null. */
function attribute(message) {
  for (const [number, value] of fields(message)) {
    if (number === 1) return value.toString()
    if (number === 2) return value === 1n
    if (number === 3) return Number(value)
  }
  return null
}

function span(message) {
  const read = { id: "", parent: "", name: "", start: 0n, end: 0n, attributes: {}, events: [], links: [] }
  for (const [number, value] of fields(message)) {
    if (number === 2) read.id = value.toString("hex")
    if (number === 4) read.parent = value.toString("hex")
    if (number === 5) read.name = value.toString()
    if (number === 7) read.start = value
    if (number === 8) read.end = value
    if (number === 9) read.attributes[text(value, 1)] = attribute(all(value, 2)[0] ?? Buffer.alloc(0))
    if (number === 11) read.events.push(text(value, 2))
    if (number === 13) read.links.push(all(value, 2)[0]?.toString("hex") ?? "")
  }
  return read
}

/** The spans of an OTLP ExportTraceServiceRequest. */
export function spansOf(/** @type {Buffer} */ request) {
  return all(request, 1)
    .flatMap((resource) => all(resource, 2))
    .flatMap((scope) => all(scope, 2))
    .map(span)
}

/** The arguments of a call of Dagger's API, from a span's dagger.io/dag.call: lists of texts and texts; others are null. */
export function callArguments(/** @type {Buffer} */ call) {
  return Object.fromEntries(all(call, 4).map((argument) => [text(argument, 1), literal(all(argument, 2)[0] ?? Buffer.alloc(0))]))
}

function literal(message) {
  for (const [number, value] of fields(message)) {
    if (number === 7) return value.toString()
    if (number === 8) return all(value, 1).map(literal)
    if (number === 10) return text(value, 1)
  }
  return null
}
