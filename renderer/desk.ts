import { createContext, use } from 'react'
import { applyChange, withLink } from './apply-change.ts'
import type { HostBridge } from './bridge.ts'
import { accountIntents } from './intents/account.ts'
import { appIntents } from './intents/app.ts'
import { captureIntents } from './intents/captures.ts'
import { createKit } from './intents/kit.ts'
import { loadLibraryFiles } from './intents/library-files.ts'
import { runIntents } from './intents/runs.ts'
import { transferIntents } from './intents/transfers.ts'
import { undoIntents } from './intents/undo.ts'
import { loadAnew, loadPreviewFacts, openWatchedScene, startVisiting } from './intents/visit.ts'
import { createMirror, type Mirror, useMirrorOf } from './mirror.ts'
import type { MirrorState } from './mirror-state.ts'

/** Every intent that a component may raise. */
export type Intents = ReturnType<typeof captureIntents> &
  ReturnType<typeof runIntents> &
  ReturnType<typeof appIntents> &
  ReturnType<typeof accountIntents> &
  ReturnType<typeof transferIntents> &
  ReturnType<typeof undoIntents>

/** What the components draw from: the mirror, the intents, and how an address becomes loadable. */
export type Desk = {
  readonly mirror: Mirror
  readonly intents: Intents
  readonly url: (path: string) => string
  readonly kind: HostBridge['kind']
}

/** The desk over a bridge; `start` begins to listen and returns its undoing. */
export function createDesk(bridge: HostBridge): Desk & { readonly start: () => () => void } {
  const mirror = createMirror()
  const kit = createKit(bridge, mirror)
  return {
    mirror,
    intents: {
      ...captureIntents(kit),
      ...runIntents(kit),
      ...appIntents(kit),
      ...accountIntents(kit),
      ...transferIntents(kit),
      ...undoIntents(kit),
    },
    url: bridge.artefactUrl,
    kind: bridge.kind,
    start: () => {
      const undo = [
        bridge.subscribe((change) => mirror.set((state) => applyChange(state, change))),
        bridge.watchLink?.({ link: (link) => mirror.set((state) => withLink(state, link)), anew: () => void loadAnew(kit) }),
        startVisiting(kit),
        openWatchedScene(kit),
        loadPreviewFacts(kit),
        loadLibraryFiles(kit),
      ]
      return () => undo.forEach((one) => one?.())
    },
  }
}

export const DeskContext = createContext<Desk | null>(null)

/** The desk of this window. */
export function useDesk(): Desk {
  const desk = use(DeskContext)
  if (!desk) throw new Error('No desk: the component stands outside of the app.')
  return desk
}

/** Draws from the mirror of this window. */
export function useMirror<T>(pick: (state: MirrorState) => T): T {
  return useMirrorOf(useDesk().mirror, pick)
}
