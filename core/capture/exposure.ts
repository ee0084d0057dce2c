/** What the histogram and the colour means say. */
export type Exposure = {
  readonly meanLuma: number
  readonly clippedLow: number
  readonly clippedHigh: number
  readonly redGreen: number
  readonly blueGreen: number
}

// JPEG noise around black and white spreads over a few levels.
const blackTo = 4
const whiteFrom = 251

/** Grey by Rec. 601, as JPEG and COLMAP make it, from RGB triples. */
export function greyOf(rgb: Uint8Array): Uint8Array {
  const grey = new Uint8Array(rgb.length / 3)
  for (let i = 0, at = 0; i < grey.length; i++, at += 3) {
    grey[i] = (19595 * (rgb[at] as number) + 38470 * (rgb[at + 1] as number) + 7471 * (rgb[at + 2] as number) + 32768) >> 16
  }
  return grey
}

/** Mean luma, clipping, and red and blue over green for white balance (clipped pixels say nothing about colour and are left out). */
export function exposure(rgb: Uint8Array, grey: Uint8Array): Exposure {
  const sums = { luma: 0, low: 0, high: 0, red: 0, green: 0, blue: 0 }
  for (let i = 0, at = 0; i < grey.length; i++, at += 3) {
    const luma = grey[i] as number
    sums.luma += luma
    if (luma <= blackTo) sums.low++
    else if (luma >= whiteFrom) sums.high++
    else {
      sums.red += rgb[at] as number
      sums.green += rgb[at + 1] as number
      sums.blue += rgb[at + 2] as number
    }
  }
  const green = Math.max(1, sums.green)
  return {
    meanLuma: sums.luma / (255 * grey.length),
    clippedLow: sums.low / grey.length,
    clippedHigh: sums.high / grey.length,
    redGreen: sums.red / green,
    blueGreen: sums.blue / green,
  }
}
