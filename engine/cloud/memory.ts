/** A piece of the shared memory that is given back after use. */
export type Loan = { readonly bytes: Uint8Array; readonly giveBack: () => void }

export type Memory = { readonly borrow: (sizeBytes: number) => Promise<Loan> }

const blockBytes = 1024 * 1024

/**
 * The memory of all pieces in flight: one arena, made once, lent in blocks of 1 MiB, first fit. It is the bound on a transfer's memory, nothing is left
 * to the garbage collector, and pages that were touched are used again (touching fresh ones costs more than hashing them).
 */
export function openMemory(limitBytes: number): Memory {
  const count = Math.ceil(limitBytes / blockBytes)
  const arena = new SharedArrayBuffer(count * blockBytes)
  const taken = new Uint8Array(count)
  const waiting: { readonly sizeBytes: number; readonly grant: (loan: Loan) => void }[] = []

  const take = (sizeBytes: number): Loan | null => {
    const blocks = Math.max(1, Math.ceil(sizeBytes / blockBytes))
    const first = firstFit(taken, blocks)
    if (first === -1) return null
    taken.fill(1, first, first + blocks)
    let out = true
    const giveBack = () => {
      if (!out) return
      out = false
      taken.fill(0, first, first + blocks)
      serve()
    }
    return { bytes: new Uint8Array(arena, first * blockBytes, sizeBytes), giveBack }
  }
  // In the order of asking: a large piece is not starved by small ones.
  const serve = () => {
    for (let next = waiting[0]; next; next = waiting[0]) {
      const loan = take(next.sizeBytes)
      if (loan === null) return
      waiting.shift()
      next.grant(loan)
    }
  }
  return {
    borrow(sizeBytes) {
      if (sizeBytes > count * blockBytes) return Promise.reject(new RangeError(`no piece can have ${sizeBytes} bytes`))
      const loan = waiting.length === 0 ? take(sizeBytes) : null
      return loan ? Promise.resolve(loan) : new Promise((grant) => waiting.push({ sizeBytes, grant }))
    },
  }
}

function firstFit(taken: Uint8Array, blocks: number): number {
  for (let first = 0, run = 0, at = 0; at < taken.length; at++) {
    run = taken[at] === 0 ? run + 1 : 0
    if (run === 1) first = at
    if (run === blocks) return first
  }
  return -1
}
