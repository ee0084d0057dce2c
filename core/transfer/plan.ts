import { type Problem, problem } from '../problem.ts'

const mib = 1024 * 1024

/** What S3 allows: the service's published limits, named once. */
export const s3Limits = {
  maxParts: 10_000,
  /** Every part but the last: smaller ones are refused at Complete (EntityTooSmall). */
  minPartBytes: 5 * mib,
} as const

// Below, one PUT is one round trip and a kill costs at most this much; above, a part is what is sent again.
export const multipartFromBytes = 16 * mib
export const usualPartBytes = 8 * mib
// A quarter of the bytes that may be in flight (pacing.ts), so that four parts are always under way.
const fastLinePartBytes = 16 * mib
// One part is held whole in memory. 10,000 of them are 625 GiB, above any file that a camera writes.
export const largestPartBytes = 64 * mib
// Long enough that the round trips around a part do not count, short enough that losing one does not hurt.
const secondsAPart = 12

/** How one object is sent: in one request, or in `parts` of `partBytes` each (the last may be shorter). */
export type ObjectPlan = { readonly kind: 'put' } | { readonly kind: 'multipart'; readonly partBytes: number; readonly parts: number }

/** One part's place in the file. Numbers start at 1, as S3 counts. */
export type PartRange = { readonly number: number; readonly offset: number; readonly sizeBytes: number }

/** Plans an object of `sizeBytes`. `lineBytesPerS`: the measured line, null while unknown. */
export function planObject(sizeBytes: number, lineBytesPerS: number | null): ObjectPlan | Problem {
  if (sizeBytes < multipartFromBytes) return { kind: 'put' }
  const wanted = lineBytesPerS === null ? usualPartBytes : clamp(lineBytesPerS * secondsAPart, s3Limits.minPartBytes, fastLinePartBytes)
  const needed = sizeBytes / s3Limits.maxParts
  const partBytes = Math.ceil(Math.max(wanted, needed) / mib) * mib
  if (partBytes > largestPartBytes) return tooLarge(sizeBytes)
  return { kind: 'multipart', partBytes, parts: Math.ceil(sizeBytes / partBytes) }
}

/** The place of part `number`: arithmetic, so that no plan lists its parts. */
export function partRange(sizeBytes: number, partBytes: number, number: number): PartRange {
  const offset = (number - 1) * partBytes
  return { number, offset, sizeBytes: Math.min(partBytes, sizeBytes - offset) }
}

function tooLarge(sizeBytes: number): Problem {
  const limit = Math.floor((largestPartBytes * s3Limits.maxParts) / 1024 ** 3)
  const what = `The file has ${Math.ceil(sizeBytes / 1024 ** 3)} GiB; one object can have ${limit}.`
  return problem('upload/too-large', what, 'Split it, or leave it out.')
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value))
}
