// What bin/watch asks of services: what can be asked any time without an account, and gets some answer, if a refusal.
const { closeSync, constants, fstatSync, openSync, readFileSync } = require("node:fs")
const { connect } = require("node:net")

// Linux's, which Node has no name for: a file's place, without what opening it would do.
const O_PATH = 0o10000000

/**
 * A connection to a socket of that user's own at the path that a function says, or undefined where there is none: root speaks with nobody
 * else, wherever a link at that path leads. Its owner is asked of the very file that is connected to. (Node on trixie can't change its user, as it may use io_uring.)
 */
function connectTo(pathOf, uid) {
  let place
  try {
    place = openSync(pathOf(), O_PATH | constants.O_NOFOLLOW)
    const file = fstatSync(place)
    return file.isSocket() && file.uid === uid ? connect(`/proc/self/fd/${place}`) : undefined
  } catch {
    return undefined
  } finally {
    if (place !== undefined) closeSync(place)
  }
}

class Question {
  /** For how many looks nothing has come, and whether those words have been taken. */
  unanswered = 0
  isTaken = false
  #socket

  constructor(uid, pathOf, words, patience) {
    Object.assign(this, { uid, pathOf, words, patience })
  }

  /** Asks when it is its turn, unless it waits for an answer still. */
  ask(isTurn) {
    if (!isTurn && !this.unanswered) return
    this.unanswered++
    if (this.#socket) return
    const socket = connectTo(this.pathOf, this.uid)
    if (!socket) return
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

/** Another desktop of the same network may have had the first display. */
const displaySocket = () => `/tmp/.X11-unix/X${readFileSync("/run/helios/session/DISPLAY", "latin1").trim().slice(1)}`

/**
 * The question for each service that can be asked, by its name, and for how many looks nothing may come. nginx isn't: one that all its
 * connections are taken from doesn't answer either, and to end it would end them all. The X server has more time, as it takes all that
 * runs on it along when it ends.
 */
exports.questionsOf = (uid, looksIn) => ({
  xvnc: new Question(uid, displaySocket, "l\0\x0b\0\0\0\0\0\0\0\0\0", looksIn(30)),
  dbus: new Question(uid, () => `/run/user/${uid}/bus`, "\0AUTH\r\n", looksIn(5)),
  pulseaudio: new Question(uid, () => `/run/user/${uid}/pulse/native`, pulseStat(), looksIn(5)),
  kclient: new Question(uid, () => "/run/helios/web/kclient.sock", "?\r\n\r\n", looksIn(5)),
})
