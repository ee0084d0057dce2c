import { createHash } from 'node:crypto'
import { createCRC64 } from 'hash-wasm'
import { loadChecksumAddon } from './checksum-addon.ts'

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

// hash-wasm takes the reflected polynomial; its check value ae8b14860a799888 is that of CRC-64/NVME.
const nvme = '9a6c9329ac4bc9b5'

/** The fastest checksums that this machine has. */
export async function openChecksums(): Promise<Checksums> {
  return loadChecksumAddon() ?? (await wasmChecksums())
}

/** Works everywhere: CRC-64 in WebAssembly, SHA-256 by Node's own library. */
export async function wasmChecksums(): Promise<Checksums> {
  const wasm = await createCRC64(nvme)
  const crc64 = (bytes: Uint8Array) => BigInt(`0x${wasm.init().update(bytes).digest('hex')}`)
  return {
    name: 'wasm',
    crc64,
    both: nodeBoth(crc64),
    chain: nodeChain,
  }
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
