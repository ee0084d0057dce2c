/** Display gamma by which a step of exposure in light becomes a factor on stored colours. */
const gamma = 2.2
/** Middle grey that a scene should open with (stored value, 0..1). */
const middle = 0.45
/** Scenes whose median is at least this bright open as they are. The sample (caliterra, photos' mean luma 0.28: visibly dark) measures 0.32 here. */
const dark = 0.36
/** The brightest two per cent may just reach white. */
const whitePoint = 1.02
const mostEv = 3

export type Luma = { readonly value: number; readonly weight: number }

/** Factor on stored colours for an exposure in EV: light doubles with each. */
export function gainOf(ev: number): number {
  return 2 ** (ev / gamma)
}

/** The exposure that a scene opens with, in steps of 0.1 EV; 0 unless it is dark. */
export function autoEv(lumas: readonly Luma[]): number {
  const sorted = lumas.toSorted((a, b) => a.value - b.value)
  const half = percentile(sorted, 0.5)
  if (half === null || half <= 0 || half >= dark) return 0
  const high = percentile(sorted, 0.98) ?? 1
  const gain = Math.max(1, Math.min(middle / half, whitePoint / Math.max(high, 1e-3)))
  return Math.min(mostEv, Math.round(gamma * Math.log2(gain) * 10) / 10)
}

/** The value below which the given share of the weight lies. */
function percentile(sorted: readonly Luma[], share: number): number | null {
  const all = sorted.reduce((sum, one) => sum + one.weight, 0)
  let below = 0
  for (const one of sorted) {
    below += one.weight
    if (below >= all * share) return one.value
  }
  return null
}

/** Rec. 709 luma of a stored colour. */
export function lumaOf(r: number, g: number, b: number): number {
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}
