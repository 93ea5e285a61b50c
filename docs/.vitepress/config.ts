import { defineConfig } from "vitepress"

const REPOSITORY = "https://github.com/helios-desktops/helios"

/** Pages with a wide table or drawing, which take the outline's place too. */
const WIDE = ["architecture.md", "calls.md", "field.md", "promises.md", "proven.md", "settings.md"]

const item = (text: string, link: string) => ({ text, link })

/** The site needs no network, neither when it is built nor when it is read: search is an index beside its pages. */
export default defineConfig({
  lang: "en",
  title: "Helios",
  description: "Remote-desktop container images, built from source, booted and proven",
  cacheDir: ".vitepress/cache",
  // A dead link is an error; those that lead elsewhere are not fetched, and a desktop on this machine is none.
  ignoreDeadLinks: "localhostLinks",
  lastUpdated: false,
  transformPageData({ relativePath, frontmatter }) {
    if (WIDE.includes(relativePath)) frontmatter.aside = false
  },
  themeConfig: {
    search: { provider: "local" },
    nav: [item("Run an image", "/run"), item("Settings", "/settings"), item("Build your own", "/build"), item("GitHub", REPOSITORY)],
    outline: [2, 3],
    sidebar: [
      {
        text: "Use",
        items: [
          item("Run an image", "/run"),
          item("In the desktop", "/desktop"),
          item("Settings", "/settings"),
          item("On a cluster", "/clusters"),
          item("Without root", "/unprivileged"),
          item("How much a fleet takes", "/fleet"),
        ],
      },
      {
        text: "Move here",
        items: [
          item("A home that another image filled", "/moving/homes"),
          item("From linuxserver's images", "/moving/from-linuxserver"),
          item("From Helios 0.x", "/moving/from-helios-0"),
          item("From Kasm's images", "/moving/from-kasm"),
        ],
      },
      {
        text: "Build",
        items: [
          item("Build your own", "/build"),
          item("Calls", "/calls"),
          item("Closed networks", "/closed-networks"),
          item("Many engines", "/farm"),
          item("A store of components", "/store"),
          item("How much a farm takes", "/costs"),
          item("Debug a failing build", "/debugging"),
        ],
      },
      {
        text: "Trust",
        items: [
          item("Promises", "/promises"),
          item("What is proven where", "/proven"),
          item("What others ran into", "/field"),
          item("Releases", "/releases"),
          item("What can be trusted, and why", "/trust"),
        ],
      },
      {
        text: "Develop",
        items: [
          item("Architecture", "/architecture"),
          item("The document's build steps", "/develop/build-steps"),
          item("Fuzzing", "/develop/fuzzing"),
          item("Engines in containers", "/develop/engines"),
          item("Sizes that nobody has measured", "/develop/budgets"),
        ],
      },
    ],
    footer: { message: "Apache License 2.0" },
  },
})
