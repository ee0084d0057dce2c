import { expect, test } from 'vitest'
import { combineAll, combineCrc64 } from './crc64.ts'

// Bit by bit, as the standard describes it: slow and clear.
function slowCrc64(bytes: Uint8Array): bigint {
  let crc = 0xffffffffffffffffn
  for (const byte of bytes) {
    crc ^= BigInt(byte)
    for (let bit = 0; bit < 8; bit++) crc = crc & 1n ? (crc >> 1n) ^ 0x9a6c9329ac4bc9b5n : crc >> 1n
  }
  return crc ^ 0xffffffffffffffffn
}

const bytesOf = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0))
const made = (length: number, seed: number) => Uint8Array.from({ length }, (_, at) => (at * 31 + seed * 17 + (at >> 3)) & 255)

test('the twin gives the published check value', () => {
  expect(slowCrc64(bytesOf('123456789')).toString(16)).toBe('ae8b14860a799888')
})

test('the CRC of a whole is combined from its pieces, whatever their lengths', () => {
  for (const lengths of [
    [0, 5],
    [5, 0],
    [1, 1],
    [9, 1000],
    [1000, 1, 777, 64, 0, 3],
  ]) {
    const pieces = lengths.map((length, at) => made(length, at + length))
    const whole = new Uint8Array(pieces.flatMap((piece) => [...piece]))
    expect(combineAll(pieces.map((piece) => ({ crc64: slowCrc64(piece), sizeBytes: piece.byteLength })))).toBe(slowCrc64(whole))
  }
})

test('combining two is the same as combining many', () => {
  const [a, b] = [made(300, 1), made(4096, 2)]
  const whole = combineCrc64(slowCrc64(a), slowCrc64(b), b.byteLength)
  expect(whole).toBe(combineAll([a, b].map((piece) => ({ crc64: slowCrc64(piece), sizeBytes: piece.byteLength }))))
})

test('10,000 parts of one length combine in a moment, and as their halves do', () => {
  const sizeBytes = 11 * 1024 * 1024
  const parts = Array.from({ length: 10_000 }, (_, at) => ({ crc64: BigInt(at) * 0x1234567n, sizeBytes }))
  const halves = [parts.slice(0, 5000), parts.slice(5000)].map((half) => ({ crc64: combineAll(half), sizeBytes: 5000 * sizeBytes }))
  expect(combineAll(parts)).toBe(combineAll(halves))
})
