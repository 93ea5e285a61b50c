import { type Defect, defect as row } from "./defect.ts"

/** Breaks of what both profiles promise of the languages that an image names. */
export const LANGUAGES: Defect[] = [
  row(
    "env",
    "languages",
    "a language has no locale",
    ['LABEL io.helios.languages="ja_JP"'],
    /each language has its locale/,
    /expected \(1 lines\):\n +UTF-8/,
  ),
  row(
    "env",
    "languages",
    "an input method that does nothing",
    ["RUN ln -s /bin/true /usr/bin/fcitx5"],
    /has an input method/,
    /30 s still not true: inside box as-user fcitx5-remote/,
  ),
  row(
    "files",
    "minimal",
    "a translation of another language",
    ["RUN install -D -m 0644 /etc/passwd /usr/share/locale/fr/LC_MESSAGES/mine.mo"],
    /no translation/,
    /share\/locale\/fr/,
  ),
]
