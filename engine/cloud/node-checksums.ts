import { createHash } from 'node:crypto'

/** A SHA-256 that goes on over several pieces. `state` null: this machine's library cannot lay it down and take it up again. */
export type Chain = { readonly state: () => Uint8Array | null }

/** A piece's place in a chain; every piece but the last has a length that is a multiple of 64. */
export type Link = { readonly chain: Chain; readonly last: boolean }

export type BothHashes = {
  readonly crc64: bigint
  readonly sha256: string
  /** The chain's digest, with its last piece. */
  readonly whole: string | null
}

export type Checksums = {
  readonly name: 'native' | 'wasm'
  readonly crc64: (bytes: Uint8Array) => bigint
  /** Both checksums of one piece, and the going on of a chain. */
  readonly both: (bytes: Uint8Array, link: Link | null) => BothHashes
  /** `from`: a state that `Chain.state` gave; null: the start. */
  readonly chain: (from: Uint8Array | null) => Chain
}

/** A chain of Node's own SHA-256: it cannot be laid down. */
export function nodeChain(): Chain {
  return new NodeChain()
}

/** Both checksums where SHA-256 is Node's. */
export function nodeBoth(crc64: Checksums['crc64']): Checksums['both'] {
  return (bytes, link) => {
    const whole = link && link.chain instanceof NodeChain ? link.chain.goOn(bytes, link.last) : null
    return { crc64: crc64(bytes), sha256: createHash('sha256').update(bytes).digest('hex'), whole }
  }
}

class NodeChain implements Chain {
  private readonly hash = createHash('sha256')

  goOn(bytes: Uint8Array, last: boolean): string | null {
    this.hash.update(bytes)
    return last ? this.hash.digest('hex') : null
  }

  state(): null {
    return null
  }
}
