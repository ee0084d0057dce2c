import type { FileIdentity } from './file-identity.ts'

/** Where a piece stands in its file's SHA-256. `from`: 'start', a laid-down state, or null to go on; `last`: the file ends with it. */
export type ChainStep = { readonly id: string; readonly from: 'start' | Uint8Array | null; readonly last: boolean }

/** What the hash worker is asked. Bytes go through shared memory: nothing is copied between the threads. */
export type HashJob =
  /** Reads a piece of a file into `bytes` and hashes it. */
  | {
      readonly kind: 'piece'
      readonly path: string
      readonly offset: number
      /** Over shared memory. */
      readonly bytes: Uint8Array
      readonly chain: ChainStep | null
    }
  /** Reads and hashes a whole file, keeping nothing. */
  | { readonly kind: 'file'; readonly path: string }
  /** Writes received bytes into a file at a place and hashes them; `sync`: until they are on the disk. */
  | {
      readonly kind: 'write'
      readonly path: string
      readonly offset: number
      /** Over shared memory. */
      readonly bytes: Uint8Array
      readonly sync: boolean
    }
  | { readonly kind: 'drop-chain'; readonly id: string }

export type PieceHash = {
  readonly crc64: bigint
  readonly sha256: string
  /** The file as it was after the read. */
  readonly identity: FileIdentity
  /** It was the same before: nobody wrote to it while it was read. */
  readonly isSteady: boolean
  /** The chain's state after this piece, where it can be laid down. */
  readonly state: Uint8Array | null
  /** SHA-256 of the whole file, with the last piece of a chain. */
  readonly whole: string | null
}

export type HashReply =
  | { readonly id: number; readonly ok: true; readonly hash: PieceHash }
  | { readonly id: number; readonly ok: false; readonly code: string; readonly message: string }
