// The browsers that a page is looked at in, by the names that BROWSER has for them. All have their permissions beforehand.
import { execFileSync } from "node:child_process"
import { createRequire } from "node:module"

const puppeteer = createRequire("/opt/browser/")("puppeteer-core")

const QUIET = ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update"]
const COMMON = { acceptInsecureCerts: true, defaultViewport: null, timeout: 180_000 }
const GRANTED = ["clipboard-read", "clipboard-write", "clipboard-sanitized-write", "microphone"]

/** A file with a tone. */
function recorded(hertz) {
  const path = `/tmp/voice-${hertz}.wav`
  execFileSync("sox", ["-n", "-r", "44100", "-c", "2", "-b", "16", path, "synth", "4", "sine", hertz, "gain", "-6"])
  return path
}

async function chromium({ origin }, { voice, isClear }) {
  const sound = voice && [
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
    `--use-file-for-fake-audio-capture=${recorded(voice)}`,
  ]
  const browser = await puppeteer.launch({
    executablePath: "/usr/bin/chromium",
    args: ["--no-sandbox", ...QUIET, ...(sound ?? []), ...(isClear ? [] : [`--unsafely-treat-insecure-origin-as-secure=${origin}`])],
    ...COMMON,
  })
  if (!isClear) await browser.defaultBrowserContext().overridePermissions(origin, GRANTED)
  return browser
}

async function firefox({ hostname }, { voice, hasTouch, isClear }) {
  // Without a sound card it plays nothing.
  execFileSync("pulseaudio", ["--start", "-n", "--exit-idle-time=-1", "--load=module-native-protocol-unix", "--load=module-null-sink"])
  return puppeteer.launch({
    browser: "firefox",
    executablePath: "/usr/bin/firefox-esr",
    extraPrefsFirefox: {
      "dom.disable_open_during_load": false,
      "dom.events.testing.asyncClipboard": true,
      "dom.securecontext.allowlist": isClear ? "" : hostname,
      "dom.w3c_touch_events.enabled": Number(hasTouch),
      ...(voice && {
        "media.navigator.audio.fake_frequency": Number(voice),
        "media.navigator.permission.disabled": true,
        "media.navigator.streams.fake": true,
      }),
    },
    ...COMMON,
  })
}

const BROWSERS = { chromium, firefox }

/**
 * A browser for the page at an address: with `voice` its microphone hears a tone of so many hertz, with `hasTouch` its screen can be touched,
 * with `isClear` a page without TLS is what it is.
 */
export const launch = (address, given) => BROWSERS[process.env.BROWSER](new URL(address), given)
