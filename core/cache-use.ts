import { z } from 'zod'

/** The caches by what they save: stages not made twice, checks not made twice, pictures not shrunk or converted twice. */
export const CacheKind = z.enum(['stages', 'checks', 'pictures'])
export type CacheKind = z.infer<typeof CacheKind>

/** What the caches take on this disk. What a run's folder holds too costs nothing here and is counted as the run's. */
export type CacheUse = {
  readonly kinds: readonly {
    readonly kind: CacheKind
    readonly bytes: number
    /** What clearing would free: all but what an unfinished run or a check under way needs. */
    readonly freeableBytes: number
  }[]
  readonly bytes: number
  readonly freeableBytes: number
  readonly limitBytes: number
  readonly runsBytes: number
  readonly diskFreeBytes: number
}
