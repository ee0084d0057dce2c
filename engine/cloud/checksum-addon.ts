import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Chain, type Checksums, nodeBoth, nodeChain } from './node-checksums.ts'

/** engine/cloud/native/checksum.cpp. `sha256` and `freshState` are missing where the processor has no instructions for them. */
type Addon = {
  readonly crc64: (bytes: Uint8Array) => bigint
  readonly sha256?: (bytes: Uint8Array, digest: Uint8Array, state?: Uint8Array, whole?: Uint8Array) => void
  readonly freshState?: () => Uint8Array
}

const program = dirname(dirname(dirname(fileURLToPath(import.meta.url))))

/** The native checksums where they were built for this machine; null otherwise. */
export function loadChecksumAddon(): Checksums | null {
  const file = addonFile()
  if (file === null) return null
  try {
    return checksumsOf(createRequire(import.meta.url)(file) as Addon)
  } catch {
    // Built for another machine or cut short: the slower checksums are as right.
    return null
  }
}

// A packaged program carries the addon beside its sources; a checkout has what native/build.mjs made last.
function addonFile(): string | null {
  const packaged = join(program, 'native', 'checksum.node')
  if (existsSync(packaged)) return packaged
  const pointer = join(program, '.cache', 'checksum', 'current')
  return existsSync(pointer) ? join(program, '.cache', 'checksum', readFileSync(pointer, 'utf8').trim()) : null
}

function checksumsOf({ crc64, sha256, freshState }: Addon): Checksums {
  if (sha256 === undefined || freshState === undefined) return { name: 'native', crc64, both: nodeBoth(crc64), chain: nodeChain }
  return {
    name: 'native',
    crc64,
    both(bytes, link) {
      const digest = Buffer.alloc(32)
      const whole = link?.last ? Buffer.alloc(32) : undefined
      sha256(bytes, digest, link?.chain instanceof NativeChain ? link.chain.words : undefined, whole)
      return { crc64: crc64(bytes), sha256: digest.toString('hex'), whole: whole?.toString('hex') ?? null }
    },
    chain: (from) => new NativeChain(from === null ? freshState() : Buffer.from(from)),
  }
}

/** The addon changes `words` in place; a copy is a state to keep. */
class NativeChain implements Chain {
  readonly words: Uint8Array

  constructor(words: Uint8Array) {
    this.words = words
  }

  state(): Uint8Array {
    return Uint8Array.from(this.words)
  }
}
