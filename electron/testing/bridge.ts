import type { Bridge } from '../../core/contract.ts'

/** What the preload lends to the screens; the screens' own type is renderer/bridge.ts. */
export type HostBridge = Bridge & {
  readonly kind: 'browser' | 'electron'
  readonly chooseFolder: () => Promise<string | null>
  readonly takeDrop: () => Promise<unknown>
}
