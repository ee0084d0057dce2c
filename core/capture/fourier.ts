/** Side of the windows whose spectra are averaged. 128 px resolve the lowest band in two bins; larger windows cost more and gained nothing. */
export const windowPx = 128

const bits = Math.log2(windowPx)
const reversed = Uint8Array.from({ length: windowPx }, (_, i) => {
  let turned = 0
  for (let b = 0; b < bits; b++) turned |= ((i >> b) & 1) << (bits - 1 - b)
  return turned
})
const cosines = Float64Array.from({ length: windowPx / 2 }, (_, i) => Math.cos((2 * Math.PI * i) / windowPx))
const sines = Float64Array.from({ length: windowPx / 2 }, (_, i) => -Math.sin((2 * Math.PI * i) / windowPx))

/** In-place complex FFT (radix 2, decimation in time) of `windowPx` values that lie `step` apart from `at`. */
function transformLine(re: Float64Array, im: Float64Array, at: number, step: number): void {
  for (let i = 0; i < windowPx; i++) {
    const j = reversed[i] as number
    if (j <= i) continue
    const a = at + i * step
    const b = at + j * step
    const r = re[a] as number
    re[a] = re[b] as number
    re[b] = r
    const m = im[a] as number
    im[a] = im[b] as number
    im[b] = m
  }
  for (let half = 1; half < windowPx; half *= 2) {
    const stride = windowPx / (2 * half)
    for (let start = 0; start < windowPx; start += 2 * half) butterflies(re, im, at + start * step, step, half, stride)
  }
}

function butterflies(re: Float64Array, im: Float64Array, at: number, step: number, half: number, stride: number): void {
  for (let k = 0; k < half; k++) {
    const c = cosines[k * stride] as number
    const s = sines[k * stride] as number
    const a = at + k * step
    const b = a + half * step
    const r = (re[b] as number) * c - (im[b] as number) * s
    const m = (re[b] as number) * s + (im[b] as number) * c
    re[b] = (re[a] as number) - r
    im[b] = (im[a] as number) - m
    re[a] = (re[a] as number) + r
    im[a] = (im[a] as number) + m
  }
}

/** In-place two-dimensional FFT of one `windowPx` x `windowPx` window. */
export function transformWindow(re: Float64Array, im: Float64Array): void {
  for (let y = 0; y < windowPx; y++) transformLine(re, im, y * windowPx, 1)
  for (let x = 0; x < windowPx; x++) transformLine(re, im, x, windowPx)
}

const hann = Float64Array.from({ length: windowPx }, (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * (i + 0.5)) / windowPx))

/**
 * Power spectrum of a grey picture, averaged over windows (Welch), mean removed, Hann weighted. Two windows go through one complex
 * transform as its real and imaginary part: their summed power is the symmetrised power of the transform.
 */
export function averagePower(grey: Uint8Array, widthPx: number, heightPx: number): Float64Array {
  const power = new Float64Array(windowPx * windowPx)
  const re = new Float64Array(windowPx * windowPx)
  const im = new Float64Array(windowPx * windowPx)
  const corners = windowCorners(widthPx, heightPx)
  for (let i = 0; i < corners.length; i += 2) {
    fill(re, grey, widthPx, corners[i] as number)
    if (i + 1 < corners.length) fill(im, grey, widthPx, corners[i + 1] as number)
    else im.fill(0)
    transformWindow(re, im)
    for (let k = 0; k < power.length; k++) power[k] = (power[k] as number) + (re[k] as number) ** 2 + (im[k] as number) ** 2
  }
  return power
}

/** Offsets of the windows' first pixels: as many as fit side by side, spread evenly. */
function windowCorners(widthPx: number, heightPx: number): number[] {
  const across = Math.floor(widthPx / windowPx)
  const down = Math.floor(heightPx / windowPx)
  const place = (i: number, count: number, extent: number) =>
    count > 1 ? Math.floor((i * (extent - windowPx)) / (count - 1)) : Math.floor((extent - windowPx) / 2)
  const corners: number[] = []
  for (let j = 0; j < down; j++)
    for (let i = 0; i < across; i++) corners.push(place(j, down, heightPx) * widthPx + place(i, across, widthPx))
  return corners
}

function fill(into: Float64Array, grey: Uint8Array, widthPx: number, corner: number): void {
  let sum = 0
  for (let y = 0; y < windowPx; y++) for (let x = 0; x < windowPx; x++) sum += grey[corner + y * widthPx + x] as number
  const mean = sum / (windowPx * windowPx)
  for (let y = 0; y < windowPx; y++) {
    for (let x = 0; x < windowPx; x++)
      into[y * windowPx + x] = ((grey[corner + y * widthPx + x] as number) - mean) * (hann[x] as number) * (hann[y] as number)
  }
}
