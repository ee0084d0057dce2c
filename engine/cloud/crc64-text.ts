/** The 16 hex digits of a CRC-64, as the receipts carry it. */
export function toHex(crc64: bigint): string {
  return crc64.toString(16).padStart(16, '0')
}

/** The base64 of the big-endian bytes, as S3's headers carry it. */
export function toBase64(crc64: bigint): string {
  return Buffer.from(toHex(crc64), 'hex').toString('base64')
}

/** The number behind S3's base64; undefined for anything that is not eight bytes. */
export function fromBase64(text: string | undefined): bigint | undefined {
  return text !== undefined && /^[A-Za-z0-9+/]{11}=$/.test(text) ? Buffer.from(text, 'base64').readBigUInt64BE() : undefined
}
