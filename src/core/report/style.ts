/** The style of a release's page, beyond that of every page. */
export const RELEASE_STYLE = `
body { max-width: 72rem; overflow-wrap: anywhere } a { color: inherit } summary { cursor: pointer; padding: .3rem 0 }
code, pre { font-family: ui-monospace, monospace; overflow-wrap: anywhere; unicode-bidi: isolate } code { font-size: .85em }
h2 { border-top: 1px solid var(--line); margin-top: 2rem; padding-top: 1rem } h2 span, td > span { font-weight: 600 }
.published { color: var(--good) } .unchanged { color: var(--dim) } .absent { color: var(--odd) }
table { display: block; overflow-x: auto; font-size: .9rem } td { min-width: 6rem } td img { min-width: 16rem }
img[src^="data:image/svg"] { border: 0; width: 100%; min-width: 44rem } p:has(> img) { overflow-x: auto }
@media (prefers-color-scheme: dark) { img[src^="data:image/svg"] { filter: invert(1) hue-rotate(180deg); mix-blend-mode: screen } }
`
