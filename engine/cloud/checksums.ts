import { loadChecksumAddon } from './checksum-addon.ts'
import { type Checksums, nodeBoth, nodeChain } from './node-checksums.ts'

// hash-wasm takes the reflected polynomial; its check value ae8b14860a799888 is that of CRC-64/NVME.
const nvme = '9a6c9329ac4bc9b5'

/** The fastest checksums that this machine has. */
export async function openChecksums(): Promise<Checksums> {
  return loadChecksumAddon() ?? (await wasmChecksums())
}

/** Works everywhere: CRC-64 in WebAssembly, SHA-256 by Node's own library. */
export async function wasmChecksums(): Promise<Checksums> {
  // Loaded where it is needed: the native checksums do without it.
  const { createCRC64 } = await import('hash-wasm')
  const wasm = await createCRC64(nvme)
  const crc64 = (bytes: Uint8Array) => BigInt(`0x${wasm.init().update(bytes).digest('hex')}`)
  return {
    name: 'wasm',
    crc64,
    both: nodeBoth(crc64),
    chain: nodeChain,
  }
}
