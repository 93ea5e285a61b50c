// Runs in each frame before the page's own scripts: counts what arrives over data channels, keeps what comes over the audio sockets
// and what is played.
globalThis.helios = { peers: [], messages: 0, bytes: 0, sound: [], played: [], rate: 0, picture: [] }

// No class of its own: noVNC looks for what a socket can do in its prototype alone.
globalThis.WebSocket = new Proxy(globalThis.WebSocket, {
  construct(Socket, args) {
    const socket = new Socket(...args)
    const keep = ({ data }) => data instanceof ArrayBuffer && globalThis.helios.sound.push(data)
    if (socket.url.includes("/audio/")) socket.addEventListener("message", keep)
    return socket
  },
})

if (globalThis.RTCPeerConnection) {
  globalThis.RTCPeerConnection = class extends globalThis.RTCPeerConnection {
    constructor(configuration) {
      super(configuration)
      globalThis.helios.peers.push(configuration?.iceServers ?? [])
    }

    createDataChannel(...args) {
      const channel = super.createDataChannel(...args)
      channel.addEventListener("message", ({ data }) => {
        globalThis.helios.messages += 1
        globalThis.helios.bytes += data.byteLength
      })
      return channel
    }
  }
}

if (globalThis.AudioNode) {
  const connect = AudioNode.prototype.connect
  const recorders = new WeakMap()

  const recorder = (context) => {
    const node = context.createScriptProcessor(4096, 2, 2)
    node.onaudioprocess = ({ inputBuffer }) => {
      globalThis.helios.rate = inputBuffer.sampleRate
      const [left, right] = [inputBuffer.getChannelData(0), inputBuffer.getChannelData(1)]
      const both = new Int16Array(left.length * 2)
      for (let i = 0; i < left.length; i++) {
        both[2 * i] = left[i] * 32767
        both[2 * i + 1] = right[i] * 32767
      }
      if (both.some((sample) => sample !== 0)) globalThis.helios.played.push(both)
    }
    connect.call(node, context.destination)
    return node
  }

  AudioNode.prototype.connect = function (to, ...rest) {
    if (to instanceof AudioDestinationNode) {
      if (!recorders.has(this.context)) recorders.set(this.context, recorder(this.context))
      connect.call(this, recorders.get(this.context))
    }
    return connect.call(this, to, ...rest)
  }
}
