import type { Problem } from '../problem.ts'

/** Why a transfer stands still without having failed. */
export type Hold = 'user' | 'offline' | 'sleep' | 'battery'

/** What happens in one upload or download, in order. `atMs`: the host's clock. Bytes are photo bytes: no headers, no repetition unless said. */
export type TransferEvent = { readonly atMs: number } & (
  | { readonly kind: 'planned'; readonly files: number; readonly bytes: number }
  /** Body bytes that left for the other side (or came from it) since the last such event. */
  | { readonly kind: 'moved'; readonly bytes: number }
  /** Bytes that had left before and must leave again: only what was under way when something died. */
  | { readonly kind: 'again'; readonly file: string; readonly bytes: number }
  /** Proven on the other side by size and checksum. `there`: it was there before this transfer touched it. */
  | { readonly kind: 'verified'; readonly file: string; readonly key: string; readonly bytes: number; readonly there: boolean }
  | { readonly kind: 'restarted'; readonly file: string; readonly problem: Problem }
  | { readonly kind: 'adopted'; readonly file: string; readonly parts: number; readonly bytes: number }
  | { readonly kind: 'reaped'; readonly key: string; readonly uploads: number }
  | { readonly kind: 'retry'; readonly file: string; readonly attempt: number; readonly waitMs: number; readonly problem: Problem }
  | { readonly kind: 'held'; readonly by: Hold }
  | { readonly kind: 'going-on' }
  | { readonly kind: 'pace'; readonly atOnce: number; readonly onLine: number }
  | { readonly kind: 'file-failed'; readonly file: string; readonly problem: Problem }
  /** `manifest`: the key of the manifest of exactly what was sent, by its content. */
  | { readonly kind: 'done'; readonly manifest?: string }
  | { readonly kind: 'stopped' }
  | { readonly kind: 'failed'; readonly problem: Problem }
)

type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never

/** A TransferEvent whose time is added where it is told. */
export type TransferNews = DistributiveOmit<TransferEvent, 'atMs'>
