/** Text as XML and HTML can hold it. */
export function escapeText(text: string): string {
  const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" }
  // biome-ignore lint/suspicious/noControlCharactersInRegex: XML 1.0 has no way to write them
  return text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g, "\ufffd").replace(/[&<>"]/g, (mark) => entities[mark] as string)
}
