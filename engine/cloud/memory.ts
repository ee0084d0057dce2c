/** A piece of shared memory that is given back after use. */
export type Loan = { readonly memory: SharedArrayBuffer; readonly giveBack: () => void }

export type Memory = { readonly borrow: (sizeBytes: number) => Promise<Loan> }

const mib = 1024 * 1024

/**
 * Memory for pieces in flight: never more than `limitBytes` at once, and each block used again, because touching fresh memory
 * costs more than hashing it. A single piece above the limit is lent alone.
 */
export function openMemory(limitBytes: number): Memory {
  const free = new Map<number, SharedArrayBuffer[]>()
  const waiting: { readonly size: number; readonly grant: () => void }[] = []
  let lent = 0
  let kept = 0
  const fits = (size: number) => lent === 0 || lent + size <= limitBytes
  const take = (size: number): Loan => {
    lent += size
    const memory = free.get(size)?.pop()
    if (memory) kept -= size
    let out = true
    const giveBack = () => {
      if (!out) return
      out = false
      lent -= size
      if (kept + lent + size <= limitBytes) {
        kept += size
        free.set(size, [...(free.get(size) ?? []), lentMemory])
      }
      while (waiting[0] && fits(waiting[0].size)) waiting.shift()?.grant()
    }
    // Blocks of another size may stand unused: let them go before the sum passes the limit.
    if (!memory && kept + lent > limitBytes) {
      free.clear()
      kept = 0
    }
    const lentMemory = memory ?? new SharedArrayBuffer(size)
    return { memory: lentMemory, giveBack }
  }
  return {
    borrow(sizeBytes) {
      const size = Math.max(mib, Math.ceil(sizeBytes / mib) * mib)
      if (waiting.length === 0 && fits(size)) return Promise.resolve(take(size))
      return new Promise((resolve) => waiting.push({ size, grant: () => resolve(take(size)) }))
    },
  }
}
