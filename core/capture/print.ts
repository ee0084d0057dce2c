/** A picture reduced to `printPx` x `printPx` grey values, upright: enough to tell whether two files show the same picture. */
export type Print = Uint8Array

export const printPx = 32

/** Mean of the area that each cell covers. */
export function shrink(grey: Uint8Array, widthPx: number, heightPx: number, across: number, down: number): Float64Array {
  const cells = new Float64Array(across * down)
  for (let j = 0; j < down; j++) {
    const top = Math.floor((j * heightPx) / down)
    const bottom = Math.max(top + 1, Math.floor(((j + 1) * heightPx) / down))
    for (let i = 0; i < across; i++) {
      const left = Math.floor((i * widthPx) / across)
      const right = Math.max(left + 1, Math.floor(((i + 1) * widthPx) / across))
      let sum = 0
      for (let y = top; y < bottom; y++) for (let x = left; x < right; x++) sum += grey[y * widthPx + x] as number
      cells[j * across + i] = sum / ((bottom - top) * (right - left))
    }
  }
  return cells
}

/** The upright print of a picture that is stored with an EXIF orientation. */
export function printOf(grey: Uint8Array, widthPx: number, heightPx: number, orientation: number): Print {
  return turnPrint(Uint8Array.from(shrink(grey, widthPx, heightPx, printPx, printPx), Math.round), orientation)
}

/** Where the upright pixel (x, y) of a square of side n lies in the stored one, by EXIF orientation (EXIF 2.32, 4.6.4). */
const source: Readonly<Record<number, (x: number, y: number, n: number) => readonly [number, number]>> = {
  1: (x, y) => [x, y],
  2: (x, y, n) => [n - x, y],
  3: (x, y, n) => [n - x, n - y],
  4: (x, y, n) => [x, n - y],
  5: (x, y) => [y, x],
  6: (x, y, n) => [y, n - x],
  7: (x, y, n) => [n - y, n - x],
  8: (x, y, n) => [n - y, x],
}

// For each orientation: where every upright cell comes from. Thousands of prints are turned, so the places are looked up.
const cellsFrom: readonly Uint16Array[] = Array.from({ length: 9 }, (_, orientation) => {
  const from = source[orientation] ?? ((x: number, y: number) => [x, y] as const)
  return Uint16Array.from({ length: printPx * printPx }, (_, i) => {
    const [x, y] = from(i % printPx, Math.floor(i / printPx), printPx - 1)
    return y * printPx + x
  })
})

/** Turns a stored print upright. Orientations 3, 6 and 8 serve as half and quarter turns too. */
export function turnPrint(print: Print, orientation: number): Print {
  const from = cellsFrom[orientation] ?? cellsFrom[1] ?? new Uint16Array()
  const turned = new Uint8Array(print.length)
  for (let i = 0; i < turned.length; i++) turned[i] = print[from[i] ?? 0] ?? 0
  return turned
}

/** 64-bit difference hash: is each cell of 9 x 8 brighter than its right neighbour? 16 hex digits. */
export function dhashOf(print: Print): string {
  const cells = shrink(print, printPx, printPx, 9, 8)
  let hex = ''
  for (let row = 0; row < 8; row++) {
    let byte = 0
    for (let x = 0; x < 8; x++) byte = byte * 2 + ((cells[row * 9 + x] as number) > (cells[row * 9 + x + 1] as number) ? 1 : 0)
    hex += byte.toString(16).padStart(2, '0')
  }
  return hex
}

/** Normalised cross-correlation of two prints, -1..1; 0 where one is flat. */
export function likeness(a: Print, b: Print): number {
  let [sumA, sumB, aa, bb, ab] = [0, 0, 0, 0, 0]
  for (let i = 0; i < a.length; i++) {
    const x = a[i] as number
    const y = b[i] as number
    sumA += x
    sumB += y
    aa += x * x
    bb += y * y
    ab += x * y
  }
  const spread = (a.length * aa - sumA * sumA) * (a.length * bb - sumB * sumB)
  return spread > 0 ? (a.length * ab - sumA * sumB) / Math.sqrt(spread) : 0
}

// Half the side of the neighbourhood whose mean is taken away; the border, where it is cut off, is left out.
const reach = 3

/** What a print holds beyond its soft gradients, as bytes around 128: vignettes and skies look alike in all photos of a flight, this does not. */
export function detailOf(print: Print): Print {
  const side = printPx - 2 * reach
  const detail = new Uint8Array(side * side)
  for (let i = 0; i < detail.length; i++) {
    const middle = (reach + Math.floor(i / side)) * printPx + reach + (i % side)
    let sum = 0
    for (let row = -reach; row <= reach; row++)
      for (let at = middle + row * printPx - reach; at <= middle + row * printPx + reach; at++) sum += print[at] as number
    detail[i] = Math.max(0, Math.min(255, 128 + (print[middle] as number) - sum / (2 * reach + 1) ** 2))
  }
  return detail
}
