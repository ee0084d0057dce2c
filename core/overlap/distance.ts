/** Distance in cells from each cell's middle to that of the nearest set one, exact (Felzenszwalb and Huttenlocher 2012); infinite where none is set. */
export function distancesTo(set: ArrayLike<number>, width: number, height: number): Float64Array {
  const squares = Float64Array.from(set, (is) => (is ? 0 : Infinity))
  for (let x = 0; x < width; x++) transform(squares, x, width, height)
  for (let y = 0; y < height; y++) transform(squares, y * width, 1, width)
  return squares.map(Math.sqrt)
}

/** One line of squared distances replaced by the lower envelope of their parabolas. */
function transform(values: Float64Array, from: number, step: number, count: number): void {
  const line = Float64Array.from({ length: count }, (_, i) => values[from + i * step]!)
  const roots: number[] = []
  const starts: number[] = []
  for (let q = 0; q < count; q++) {
    if (line[q] === Infinity) continue
    let start = -Infinity
    while (roots.length > 0) {
      const p = roots.at(-1)!
      start = (line[q]! + q * q - (line[p]! + p * p)) / (2 * q - 2 * p)
      if (start > starts.at(-1)!) break
      roots.pop()
      starts.pop()
      start = -Infinity
    }
    roots.push(q)
    starts.push(start)
  }
  if (roots.length === 0) return
  for (let i = 0, k = 0; i < count; i++) {
    while (k + 1 < roots.length && starts[k + 1]! < i) k++
    values[from + i * step] = (i - roots[k]!) ** 2 + line[roots[k]!]!
  }
}
