/** What the choice needs to know of one thing in a cache. */
export type Evictable = { readonly bytes: number; readonly usedAtMs: number }

/**
 * What must go so that all together keep within `limitBytes`: the least recently used first, never what is needed, and nothing that would
 * free nothing. Where the needed alone is over the limit, everything else goes.
 */
export function leastRecentlyUsed<T extends Evictable>(all: readonly T[], isNeeded: (one: T) => boolean, limitBytes: number): readonly T[] {
  let over = all.reduce((sum, one) => sum + one.bytes, 0) - limitBytes
  const gone: T[] = []
  for (const one of all.toSorted((a, b) => a.usedAtMs - b.usedAtMs)) {
    if (over <= 0) break
    if (one.bytes === 0 || isNeeded(one)) continue
    gone.push(one)
    over -= one.bytes
  }
  return gone
}
