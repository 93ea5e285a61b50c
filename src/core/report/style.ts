/** The style of a release's page, beyond that of every page: badges, and images side by side if there is room. */
export const RELEASE_STYLE = `
body { max-width: 72rem } h1 { margin-bottom: 0 } .dim, dt, .missing { color: var(--dim) } a { color: inherit }
code, pre { font-family: ui-monospace, monospace; overflow-wrap: anywhere; unicode-bidi: isolate } code { font-size: .85em }
.badge { display: inline-block; padding: 0 .6em; border-radius: 1em; font-size: .8rem; font-weight: 600; line-height: 1.6; background: var(--soft); white-space: nowrap }
.published { color: var(--good) } .unchanged { color: var(--dim) } .absent { color: var(--odd) }
section { border-top: 1px solid var(--line); margin-top: 2rem; overflow-wrap: anywhere } .failed-index { border-top: 4px solid var(--bad) }
.images { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(20rem, 100%), 1fr)); gap: 1.5rem } h3 { margin: .5rem 0 }
.missing { display: grid; place-items: center; aspect-ratio: 16/9; margin: 0; border: 1px dashed var(--line) }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1rem; margin: .5rem 0 } dd { margin: 0 } summary { cursor: pointer; padding: .3rem 0 }
.command { white-space: pre; overflow-x: auto } .wide { overflow-x: auto } .wide table { font-size: .9rem } .wide table, .wide code { overflow-wrap: normal } .wide td:last-child { min-width: 12rem }
.chart { min-width: 44rem; width: 100%; border: 0 }
.overview { font-size: .9rem }
@media (min-width: 50rem) { .overview td:not([rowspan]) { white-space: nowrap } }
@media (max-width: 50rem) {
  .overview thead { display: none } .overview tbody { display: block; padding: .4rem 0; border-bottom: 1px solid var(--line) }
  .overview tr { display: block } .overview td { display: inline-block; padding: 0; border: 0 } .overview td[rowspan] { display: block }
  .overview td:not([rowspan]) + td::before { content: " · " }
}
@media (prefers-color-scheme: dark) { .chart { filter: invert(1) hue-rotate(180deg); mix-blend-mode: screen } }
`
