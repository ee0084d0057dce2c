import type { Spot } from './plane.ts'

/** How the plane lies on the canvas: pixels = (metres - centre) * scale, y turned upwards. */
export type Frame = { readonly scale: number; readonly x: number; readonly y: number }

type Size = { readonly width: number; readonly height: number }

const leastExtent = 1e-6
const lonePxPerM = 4

const widestMarginPx = 56

/** The frame that shows all spots with a margin, which is small where the chart is. */
export function fitSpots(spots: readonly Pick<Spot, 'x' | 'y'>[], size: Size): Frame {
  if (spots.length === 0) return { scale: 1, x: 0, y: 0 }
  const margin = Math.min(widestMarginPx, size.width / 4, size.height / 4)
  const xs = spots.map((one) => one.x)
  const ys = spots.map((one) => one.y)
  const [left, right, low, high] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)]
  // One photo alone: about the ground that it sees.
  if (right - left < leastExtent && high - low < leastExtent) return { scale: lonePxPerM, x: left, y: low }
  const scale = Math.min((size.width - 2 * margin) / Math.max(right - left, 1e-6), (size.height - 2 * margin) / Math.max(high - low, 1e-6))
  return { scale: Math.max(Math.min(scale, 1e4), 1e-4), x: (left + right) / 2, y: (low + high) / 2 }
}

/** Pixels of a point of the plane. */
export function toPixels(frame: Frame, size: Size, x: number, y: number): readonly [number, number] {
  return [size.width / 2 + (x - frame.x) * frame.scale, size.height / 2 - (y - frame.y) * frame.scale]
}

/** The frame zoomed by `factor` about a pixel that stays where it is. */
export function zoomAt(frame: Frame, size: Size, px: number, py: number, factor: number): Frame {
  const x = frame.x + (px - size.width / 2) / frame.scale
  const y = frame.y - (py - size.height / 2) / frame.scale
  const scale = frame.scale * factor
  return { scale, x: x - (px - size.width / 2) / scale, y: y + (py - size.height / 2) / scale }
}

/** The frame moved by pixels. */
export function panBy(frame: Frame, dx: number, dy: number): Frame {
  return { ...frame, x: frame.x - dx / frame.scale, y: frame.y + dy / frame.scale }
}

/** The spot under a pixel, within reach, nearest first. */
export function spotAt(spots: readonly Spot[], frame: Frame, size: Size, px: number, py: number, reach = 14): Spot | null {
  let best: Spot | null = null
  let least = reach
  for (const spot of spots) {
    const [x, y] = toPixels(frame, size, spot.x, spot.y)
    const distance = Math.hypot(x - px, y - py)
    if (distance < least) [best, least] = [spot, distance]
  }
  return best
}
