/** The floors of a layer, the lowest first: a file imports from its own floor and from those below. The ground is files without a folder. */
const CORE = {
  ground: "[^/]+[.]ts$",
  ...folders("registry", "catalog", "sources", "plan", "image", "smoke", "attest", "release", "report"),
}

const VERBS = {
  ground: "(base64|farm|folder|pull|step|toolbox)[.]ts$",
  ...folders("sources", "registry", "build", "image", "smoke", "attest", "store", "release"),
}

/** Verbs that nothing else stands on, and that stand on the ground alone. */
const BESIDE = "src/verbs/(desktop|distro-table|graph|matrix)[.]ts$"

/** The layers, the lowest first. */
const LAYERS = { core: "core/", stages: "stages/", verbs: "verbs/", objects: "(objects/|index[.]ts$)" }

/** What pure code may have that isn't its own. */
const PURE =
  "^(node:)?(buffer|crypto)$|^node_modules/(@types/)?(hono/dist/(types/)?helper/html|markdown-table|marked|packageurl-js|picomatch|pretty-bytes|semver|tap-parser|zod)/"

function folders(...names) {
  return Object.fromEntries(names.map((name) => [name, `${name}/`]))
}

function refuse(name, from, to) {
  return { name, severity: "error", from, to }
}

function upwards(folder, floors) {
  const paths = Object.values(floors)
  return Object.keys(floors).map((name, index) =>
    refuse(
      `no-arrow-up-from-${folder.replace("src/", "")}${name}`,
      { path: `^${folder}${paths[index]}` },
      { path: `^${folder}(${paths.slice(index + 1).join("|") || "(?!)"})` },
    ),
  )
}

export default {
  forbidden: [
    refuse("no-circle", {}, { circular: true }),
    refuse("nothing-that-is-not-there", {}, { couldNotResolve: true }),
    refuse("src-alone", { path: "^src/" }, { path: "^(?!src/|node_modules/|sdk/)[^/]+/" }),
    refuse("core-is-pure", { path: "^src/core/" }, { pathNot: `^src/|${PURE}` }),
    refuse("stages-read-nothing", { path: "^src/stages/" }, { path: "^(node:)?(fs|child_process|net|http|https)(/|$)" }),
    ...upwards("src/", LAYERS),
    ...upwards("src/core/", CORE),
    ...upwards("src/verbs/", VERBS),
    refuse("beside-on-the-ground", { path: `^${BESIDE}` }, { path: "^src/verbs/", pathNot: `^src/verbs/${VERBS.ground}` }),
    refuse("nothing-on-what-is-beside", { path: "^src/verbs/" }, { path: `^${BESIDE}` }),
    refuse(
      "every-file-has-a-floor",
      {
        path: "^src/",
        pathNot: [
          `^src/core/(${Object.values(CORE).join("|")})`,
          `^src/verbs/(${Object.values(VERBS).join("|")})`,
          `^${BESIDE}`,
          `^src/(${LAYERS.stages}|${LAYERS.objects})`,
        ],
      },
      {},
    ),
  ],
  options: {
    tsConfig: { fileName: "tsconfig.json" },
    tsPreCompilationDeps: true,
    doNotFollow: { path: "node_modules|^sdk/" },
    // A part of a package, such as hono/html, is found by what that exports.
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "node", "default", "types"] },
  },
}
