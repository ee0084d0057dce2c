import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { combineAll } from '../../core/transfer/crc64.ts'
import { loadChecksumAddon } from './checksum-addon.ts'
import { wasmChecksums } from './checksums.ts'
import type { Checksums } from './node-checksums.ts'
import { buildChecksums } from './native/build.mjs'
import { noise } from './testing/capture.ts'

const root = new URL('../../', import.meta.url).pathname
const built = buildChecksums(root)
const addon = loadChecksumAddon()
const clear = await wasmChecksums()
const sha = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')
const shared = (bytes: Buffer) => {
  const copy = new Uint8Array(new SharedArrayBuffer(bytes.byteLength))
  copy.set(bytes)
  return copy
}

test('the WebAssembly CRC gives the published check value of CRC-64/NVME', () => {
  expect(clear.crc64(Buffer.from('123456789')).toString(16)).toBe('ae8b14860a799888')
})

describe.skipIf(addon === null)(`native checksums${built.ok ? '' : ` (left out: ${built.problem.code})`}`, () => {
  const native = addon as Checksums

  test('give the same as the slow clear ones at every length, in shared memory too', () => {
    const lengths = [...Array.from({ length: 700 }, (_, at) => at), 1023, 1024, 1025, 4096 + 13, 1_048_576, 1_048_577 + 200]
    for (const length of lengths) {
      const bytes = noise(length, length + 1)
      expect(native.both(shared(bytes), null)).toEqual({ crc64: clear.crc64(bytes), sha256: sha(bytes), whole: null })
    }
  })

  test('a chain that is laid down after each piece and taken up again ends with the SHA-256 of the whole', () => {
    const whole = noise(5 * 65_536 + 777, 3)
    let state: Uint8Array | null = null
    const pieces: { crc64: bigint; sizeBytes: number }[] = []
    for (let offset = 0; offset < whole.byteLength; offset += 65_536) {
      const piece = whole.subarray(offset, offset + 65_536)
      const chain = native.chain(state)
      const last = offset + 65_536 >= whole.byteLength
      const hashes = native.both(piece, { chain, last })
      expect(hashes.sha256).toBe(sha(piece))
      expect(hashes.whole).toBe(last ? sha(whole) : null)
      state = chain.state()
      pieces.push({ crc64: hashes.crc64, sizeBytes: piece.byteLength })
    }
    expect(combineAll(pieces)).toBe(clear.crc64(whole))
  })

  test('a file whose length is a multiple of the block ends as well', () => {
    const whole = noise(256, 9)
    expect(native.both(whole, { chain: native.chain(null), last: true }).whole).toBe(sha(whole))
  })
})
