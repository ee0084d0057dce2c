const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

/** The text of the first element of that name; null where there is none. For S3's own short answers, which have no attributes on their fields. */
export function xmlField(xml: string, name: string): string | null {
  const start = xml.indexOf(`<${name}>`)
  const from = start + name.length + 2
  const end = start === -1 ? -1 : xml.indexOf(`</${name}>`, from)
  return end === -1 ? null : plain(xml.slice(from, end))
}

/** What stands inside each element of that name. */
export function xmlElements(xml: string, name: string): string[] {
  return xml
    .split(`<${name}>`)
    .slice(1)
    .map((rest) => rest.slice(0, Math.max(0, rest.indexOf(`</${name}>`))))
}

function plain(text: string): string {
  return text.replaceAll(/&(?:#x([0-9a-f]+)|#([0-9]+)|(\w+));/gi, (whole, hex?: string, decimal?: string, word?: string) => {
    if (word !== undefined) return named[word] ?? whole
    return String.fromCodePoint(hex === undefined ? Number(decimal) : Number.parseInt(hex, 16))
  })
}
