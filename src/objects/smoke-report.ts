import { type Directory, type File, func, object } from "@dagger.io/dagger"
import { junit } from "../core/smoke/junit.ts"
import { isPassed, type Results, summary } from "../core/smoke/results.ts"
import { everything, html, screenshot } from "../verbs/smoke/report.ts"

/** What a smoke test found. */
@object()
export class SmokeReport {
  /** The outcomes as JSON: the image, its size in bytes, and for each promise its checks with status and seconds. */
  @func()
  json: string

  /** Pictures, sounds and logs, a folder for each promise. */
  @func()
  logs: Directory

  constructor(json: string, logs: Directory) {
    this.json = json
    this.logs = logs
  }

  /**
   * Whether every promise was kept; false also if one was skipped.
   * `dagger call smoke --distro=bookworm passed`
   */
  @func()
  passed(): boolean {
    return isPassed(this.results())
  }

  /**
   * A line per promise with its seconds, then the failures and their reasons, then the counts.
   * `dagger call smoke --distro=bookworm summary`
   */
  @func()
  summary(): string {
    return summary(this.results())
  }

  /**
   * The summary, as an error if a promise was not kept: for scripts that check the exit code.
   * `dagger call smoke --distro=bookworm verify`
   */
  @func()
  verify(): string {
    if (!this.passed()) throw new Error(this.summary())
    return this.summary()
  }

  /**
   * The outcomes as JUnit XML, a test case for each check.
   * `dagger call smoke --distro=bookworm junit`
   */
  @func()
  junit(): string {
    return junit(this.results())
  }

  /**
   * One self-contained page with the picture, the timings and the logs of what failed.
   * `dagger call smoke --distro=bookworm html --output=smoke.html`
   */
  @func()
  async html(): Promise<File> {
    return html(this.results(), this.logs)
  }

  /**
   * A screenshot as a client took it, a PNG; an error if no check took one.
   * `dagger call smoke --distro=bookworm screenshot --output=desktop.png`
   */
  @func()
  async screenshot(): Promise<File> {
    return screenshot(this.logs)
  }

  /**
   * All of the above as one folder: smoke.txt, smoke.json, smoke.xml, smoke.html, desktop.png and logs/.
   * `dagger call smoke --distro=bookworm files --output=report`
   */
  @func()
  async files(): Promise<Directory> {
    return everything(this.results(), this.logs)
  }

  private results(): Results {
    return JSON.parse(this.json) as Results
  }
}
