/** A query as requests carry it and signatures cover it, with its question mark: pairs by name, each part encoded; empty where there is none. */
export function queryText(query: Readonly<Record<string, string | string[] | null>> | undefined): string {
  const pairs = Object.entries(query ?? {}).sort(([a], [b]) => (a < b ? -1 : 1))
  const words = pairs.flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).map((one) => (one === null ? encode(name) : `${encode(name)}=${encode(one)}`)),
  )
  return words.length === 0 ? '' : `?${words.join('&')}`
}

/** A key as the path of a request: slashes stay, everything else that is not plain is encoded. */
export function keyText(key: string): string {
  return key.split('/').map(encode).join('/')
}

function encode(text: string): string {
  return encodeURIComponent(text).replaceAll(/[!'()*]/g, (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`)
}
