import { createHash } from 'node:crypto'
import { createCRC64 } from 'hash-wasm'
import { loadChecksumAddon } from './checksum-addon.ts'

/** A SHA-256 that goes on over several pieces. `state` null: this machine's library cannot lay it down and take it up again. */
export type Chain = { readonly update: (bytes: Uint8Array) => void; readonly state: () => Uint8Array | null; readonly hex: () => string }

/** Both checksums of one piece, and the going on of a chain, in one pass over the bytes where the machine can. */
export type Checksums = {
  readonly name: 'native' | 'wasm'
  readonly crc64: (bytes: Uint8Array) => bigint
  readonly both: (bytes: Uint8Array, chain: Chain | null) => { readonly crc64: bigint; readonly sha256: string }
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
    both(bytes, chain) {
      chain?.update(bytes)
      return { crc64: crc64(bytes), sha256: createHash('sha256').update(bytes).digest('hex') }
    },
    chain: () => nodeChain(),
  }
}

function nodeChain(): Chain {
  const hash = createHash('sha256')
  return { update: (bytes) => void hash.update(bytes), state: () => null, hex: () => hash.digest('hex') }
}
