/** The browsers in which the desktop's page is checked, each the purpose of its packages in common/tools.json. */
export enum Browser {
  /** Debian's Chromium. */
  Chromium = "chromium",
  /** Debian's Firefox ESR. */
  Firefox = "firefox",
}
