/** Bytes of the number types that a PLY header names (PLY format 1.0). */
const plySizes: ReadonlyMap<string, number> = new Map(
  Object.entries({
    1: ['char', 'uchar', 'int8', 'uint8'],
    2: ['short', 'ushort', 'int16', 'uint16'],
    4: ['int', 'uint', 'int32', 'uint32', 'float', 'float32'],
    8: ['double', 'float64'],
  }).flatMap(([size, names]) => names.map((name) => [name, Number(size)] as const)),
)

/** No header of a splat is longer: 62 properties of a few words each. */
export const longestHeader = 16_384

/** How long a binary PLY must be by its own header, which `bytes` begin with; null where the header does not say, as with lists and text. */
export function plyBytes(bytes: Uint8Array): number | null {
  const head = Array.from(bytes.subarray(0, longestHeader), (one) => String.fromCharCode(one)).join('')
  const end = /^end_header\r?\n/m.exec(head)
  if (!end || !/^format binary_/m.test(head)) return null
  let whole = end.index + end[0].length
  let rows = 0
  for (const line of head.slice(0, end.index).split('\n')) {
    const [word, type = '', amount] = line.trim().split(/\s+/)
    if (word === 'element') rows = Number(amount)
    if (word !== 'property') continue
    const size = plySizes.get(type)
    if (size === undefined || !Number.isFinite(rows)) return null
    whole += rows * size
  }
  return whole
}

/** A zip ends with its list of files: a record of 22 bytes and a comment of at most 65,535. */
export const longestZipEnd: number = 22 + 65_535

/** Whether a zip that ends with these bytes is whole. */
export function hasZipEnd(bytes: Uint8Array): boolean {
  for (let at = bytes.length - 22; at >= Math.max(0, bytes.length - longestZipEnd); at--) {
    if (bytes[at] === 0x50 && bytes[at + 1] === 0x4b && bytes[at + 2] === 5 && bytes[at + 3] === 6) return true
  }
  return false
}
