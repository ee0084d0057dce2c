import { createHash } from 'node:crypto'
import { closeSync, fdatasyncSync, fstatSync, openSync, readSync, writeSync } from 'node:fs'
import { parentPort } from 'node:worker_threads'
import { combineCrc64 } from '../../core/transfer/crc64.ts'
import { openChecksums } from './checksums.ts'
import type { Chain } from './node-checksums.ts'
import type { HashJob, HashReply, PieceHash } from './hash-job.ts'
import type { FileIdentity } from './file-identity.ts'

const checksums = await openChecksums()
const chains = new Map<string, Chain>()
const blockBytes = 4 * 1024 * 1024

class ShortFile extends Error {
  readonly code = 'SHORT'
}

function run(job: HashJob): PieceHash {
  switch (job.kind) {
    case 'piece':
      return piece(job)
    case 'file':
      return wholeFile(job.path)
    case 'write':
      return write(job)
    case 'drop-chain':
      chains.delete(job.id)
      return {
        crc64: 0n,
        sha256: '',
        identity: { path: '', sizeBytes: 0, mtimeNs: '', inode: '' },
        isSteady: true,
        state: null,
        whole: null,
      }
  }
}

function piece({ path, offset, bytes, chain }: HashJob & { kind: 'piece' }): PieceHash {
  const { identity, isSteady } = opened(path, 'r', (file) => {
    const before = identityOf(path, file)
    readFully(file, bytes, offset)
    const identity = identityOf(path, file)
    return { identity, isSteady: before.mtimeNs === identity.mtimeNs && before.sizeBytes === identity.sizeBytes }
  })
  const going = chain ? chainOf(chain.id, chain.from) : null
  const { crc64, sha256, whole } = checksums.both(bytes, going && chain ? { chain: going, last: chain.last } : null)
  const state = going?.state() ?? null
  if (chain && whole !== null) chains.delete(chain.id)
  return { crc64, sha256, identity, isSteady, state, whole }
}

function chainOf(id: string, from: 'start' | Uint8Array | null): Chain {
  const going = from === null ? chains.get(id) : checksums.chain(from === 'start' ? null : from)
  if (going === undefined) throw new Error(`no chain ${id}`)
  chains.set(id, going)
  return going
}

function wholeFile(path: string): PieceHash {
  const block = new Uint8Array(blockBytes)
  const sha = createHash('sha256')
  let crc64 = 0n
  return opened(path, 'r', (file) => {
    const before = identityOf(path, file)
    for (let offset = 0; ;) {
      const got = readSync(file, block, 0, blockBytes, offset)
      if (got === 0) break
      const bytes = block.subarray(0, got)
      sha.update(bytes)
      crc64 = combineCrc64(crc64, checksums.crc64(bytes), got)
      offset += got
    }
    const identity = identityOf(path, file)
    return { crc64, sha256: sha.digest('hex'), identity, isSteady: before.mtimeNs === identity.mtimeNs, state: null, whole: null }
  })
}

function write({ path, offset, bytes, sync }: HashJob & { kind: 'write' }): PieceHash {
  const size = bytes.byteLength
  const identity = opened(path, 'r+', (file) => {
    for (let at = 0; at < size;) at += writeSync(file, bytes, at, size - at, offset + at)
    if (sync) fdatasyncSync(file)
    return identityOf(path, file)
  })
  return { crc64: checksums.crc64(bytes), sha256: '', identity, isSteady: true, state: null, whole: null }
}

function readFully(file: number, bytes: Uint8Array, offset: number): void {
  for (let at = 0; at < bytes.byteLength;) {
    const got = readSync(file, bytes, at, bytes.byteLength - at, offset + at)
    if (got === 0) throw new ShortFile(`the file ends at ${offset + at}`)
    at += got
  }
}

function identityOf(path: string, file: number): FileIdentity {
  const facts = fstatSync(file, { bigint: true })
  return { path, sizeBytes: Number(facts.size), mtimeNs: String(facts.mtimeNs), inode: `${facts.dev}:${facts.ino}` }
}

function opened<T>(path: string, how: 'r' | 'r+', use: (file: number) => T): T {
  const file = openSync(path, how)
  try {
    return use(file)
  } finally {
    closeSync(file)
  }
}

parentPort?.on('message', ({ id, job }: { id: number; job: HashJob }) => {
  const reply = (value: HashReply) => parentPort?.postMessage(value)
  try {
    reply({ id, ok: true, hash: run(job) })
  } catch (error) {
    const { code, message } = error as { code?: unknown; message?: unknown }
    reply({ id, ok: false, code: typeof code === 'string' ? code : 'UNKNOWN', message: String(message) })
  }
})
