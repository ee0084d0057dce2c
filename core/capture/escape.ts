const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

/** Text for HTML and XML, between tags and in attributes. Characters that XML 1.0 forbids become the replacement character. */
export function escapeXml(text: string): string {
  /* oxlint-disable no-control-regex */
  const allowed = text.replace(
    /[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g,
    '\ufffd',
  )
  /* oxlint-enable no-control-regex */
  return allowed.replace(/[&<>"']/g, (character) => entities[character] as string)
}
