// CRC-64/NVME: reflected polynomial 0x9a6c9329ac4bc9b5, initial and final all ones (NVM Express NVM Command Set, 5.2.1.3.4).
const polynomial = 0x9a6c9329ac4bc9b5n
const bits = 64

type Matrix = readonly bigint[]

/**
 * The CRC-64/NVME of A followed by B, from the CRCs of both and the length of B: no byte is read again.
 * Appending zeros is linear over GF(2), so a matrix squared log2(length) times does it (the method of zlib's crc32_combine).
 */
export function combineCrc64(a: bigint, b: bigint, bytesOfB: number): bigint {
  let length = BigInt(bytesOfB)
  let crc = a
  for (let power = 0; length > 0n; length >>= 1n, power++) {
    if (length & 1n) crc = times(zeroBytes(power), crc)
  }
  return crc ^ b
}

/** The CRC-64/NVME of a whole from its pieces in order. */
export function combineAll(pieces: Iterable<{ readonly crc64: bigint; readonly sizeBytes: number }>): bigint {
  // All parts but the last have one length: its matrix is made once, or 10,000 parts would take seconds.
  const known = new Map<number, Matrix>()
  let whole = 0n
  for (const { crc64, sizeBytes } of pieces) {
    const append = known.get(sizeBytes) ?? zeroes(sizeBytes)
    if (known.size < 4) known.set(sizeBytes, append)
    whole = times(append, whole) ^ crc64
  }
  return whole
}

// powers[k] appends 2^k zero bytes.
const powers: Matrix[] = []

function zeroBytes(power: number): Matrix {
  for (let next = powers.length; next <= power; next++) {
    const before = powers[next - 1]
    powers.push(before ? square(before) : square(square(square(oneZeroBit()))))
  }
  return powers[power] as Matrix
}

function zeroes(bytes: number): Matrix {
  let matrix: Matrix = Array.from({ length: bits }, (_, row) => 1n << BigInt(row))
  let left = BigInt(bytes)
  for (let power = 0; left > 0n; left >>= 1n, power++) {
    const step = zeroBytes(power)
    if (left & 1n) matrix = matrix.map((row) => times(step, row))
  }
  return matrix
}

function oneZeroBit(): Matrix {
  return Array.from({ length: bits }, (_, row) => (row === 0 ? polynomial : 1n << BigInt(row - 1)))
}

function square(matrix: Matrix): Matrix {
  return matrix.map((row) => times(matrix, row))
}

function times(matrix: Matrix, vector: bigint): bigint {
  let sum = 0n
  for (let row = 0; vector > 0n; vector >>= 1n, row++) if (vector & 1n) sum ^= matrix[row] as bigint
  return sum
}
