// What bin/watch asks of services: what can be asked any time without an account, and gets some answer, if a refusal.
const { connect } = require("node:net")

class Question {
  /** For how many looks nothing has come, and whether those words have been taken. */
  unanswered = 0
  isTaken = false
  #socket

  constructor(path, words, patience) {
    Object.assign(this, { path, words, patience })
  }

  /** Asks when it is its turn, unless it waits for an answer still. */
  ask(isTurn) {
    if (!isTurn && !this.unanswered) return
    this.unanswered++
    if (this.#socket) return
    const socket = connect(this.path)
    this.#socket = socket
    const answered = () => {
      if (this.#socket === socket) this.withdraw()
    }
    socket.once("connect", () => {
      this.isTaken = this.#socket === socket
    })
    socket.once("data", answered)
    socket.once("end", answered)
    socket.on("error", () => {})
    socket.once("close", () => {
      if (this.#socket === socket) this.#socket = undefined
    })
    socket.write(this.words)
  }

  withdraw() {
    this.#socket?.destroy()
    this.#socket = undefined
    this.isTaken = false
    this.unanswered = 0
  }
}

/** A command of PulseAudio's protocol that has no arguments: a head of five numbers, then its own and that of its answer. */
function pulseStat() {
  const tagged = (number) => [0x4c, 0, 0, 0, number]
  const body = [...tagged(13), ...tagged(0)]
  return Buffer.from([0, 0, 0, body.length, 255, 255, 255, 255, ...Array(12).fill(0), ...body])
}

/**
 * The question for each service that can be asked, by its name, and for how many looks nothing may come. nginx isn't: one that all its
 * connections are taken from doesn't answer either, and to end it would end them all. The X server has more time, as it takes all that
 * runs on it along when it ends.
 */
exports.questionsOf = (uid, looksIn) => ({
  xvnc: new Question("/tmp/.X11-unix/X1", "l\0\x0b\0\0\0\0\0\0\0\0\0", looksIn(30)),
  dbus: new Question(`/run/user/${uid}/bus`, "\0AUTH\r\n", looksIn(5)),
  pulseaudio: new Question(`/run/user/${uid}/pulse/native`, pulseStat(), looksIn(5)),
  kclient: new Question("/run/helios/web/kclient.sock", "?\r\n\r\n", looksIn(5)),
})

/** Whoever answers is the desktop's user's, or a link of theirs, so it is asked as that user, not as root. */
exports.asUser = (uid, gid, act) => {
  process.setegid(gid)
  process.seteuid(uid)
  try {
    act()
  } finally {
    process.seteuid(0)
    process.setegid(0)
  }
}
