// What taps.js, which runs in every frame of a page, has counted and kept there.

/** What a page's frames have kept under a name, as bytes. */
export async function kept(page, name) {
  const parts = await Promise.all(page.frames().map((frame) => frame.evaluate(encoded, name)))
  return Buffer.concat(parts.map((part) => Buffer.from(part, "base64")))
}

/** The same of one frame, in which it runs, as Base64. */
async function encoded(name) {
  const reader = new FileReader()
  const url = await new Promise((done) => {
    reader.onload = () => done(reader.result)
    reader.readAsDataURL(new Blob(globalThis.helios[name]))
  })
  return url.split(",")[1] ?? ""
}

/** Adds up what each frame of a page has counted. */
export async function counted(page) {
  const count = ({ peers, messages, bytes, rate } = globalThis.helios) => ({ peers, messages, bytes, rate })
  const counts = await Promise.all(page.frames().map((frame) => frame.evaluate(count)))
  const sum = (name) => counts.reduce((all, one) => all + one[name], 0)
  return { peers: counts.flatMap(({ peers }) => peers), messages: sum("messages"), bytes: sum("bytes"), rate: sum("rate") }
}
