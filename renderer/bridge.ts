import type { Bridge } from '../core/contract.ts'
import type { Problem } from '../core/problem.ts'
import { browserBridge } from './browser-bridge.ts'
import type { LinkHears } from './change-link.ts'

/** What a drop turned out to be. */
export type Dropped = { readonly folder: string } | { readonly scene: string } | { readonly problem: Problem }

/** Counted progress of taking a drop in: files of all files. */
export type TakeProgress = (done: number, total: number) => void

export type LinkWatcher = Pick<LinkHears, 'link' | 'anew'>

/** The bridge with what only a host can do: choose a folder natively, resolve a drop, tell whether the engine can be reached. */
export type HostBridge = Bridge & {
  readonly kind: 'browser' | 'electron'
  readonly chooseFolder?: () => Promise<string | null>
  readonly takeDrop: (data: DataTransfer, progress?: TakeProgress) => Promise<Dropped>
  /** Takes files from a file input; only a plain browser needs it. */
  readonly takeFiles?: (files: readonly File[], progress?: TakeProgress) => Promise<Dropped>
  /** Hears when the stream of changes is lost and back, and when everything must be read anew. */
  readonly watchLink?: (watcher: LinkWatcher) => () => void
  /** Tries the stream again at once. */
  readonly reconnect?: () => void
}

declare global {
  interface Window {
    readonly spaceport?: HostBridge
  }
}

/** The bridge of this host: the preload's in Electron, loopback HTTP in a plain browser. */
export function hostBridge(): HostBridge {
  return window.spaceport ?? browserBridge()
}
