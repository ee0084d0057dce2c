import type { AppSettings } from '../../core/app-settings.ts'
import type { CacheKind } from '../../core/cache-use.ts'
import { bytes } from '../format.ts'
import type { LibraryView, MirrorState } from '../mirror-state.ts'
import type { Kit } from './kit.ts'

/** What the user can want of the app itself. */
export function appIntents(kit: Kit) {
  const { ask, mirror, go } = kit
  return {
    go,
    back: () => window.history.back(),
    forward: () => window.history.forward(),
    newCapture: () => go({ room: 'new' }),
    closeDialog: () => mirror.set((state) => ({ ...state, dialog: null })),
    showDialog: (dialog: NonNullable<MirrorState['dialog']>) => mirror.set((state) => ({ ...state, dialog })),
    closeProblem: () => mirror.set((state) => ({ ...state, problem: null })),
    reconnect: () => kit.bridge.reconnect?.(),
    /** Says something in passing: why a key did nothing, what was done. */
    tell: (text: string) => kit.say(text),
    copy: async (text: string) => {
      try {
        await navigator.clipboard.writeText(text)
        kit.say(`Copied: ${text}`)
      } catch {
        // A window without that permission still shows what was to be copied.
        kit.say(`This window may not copy. It lies at ${text}`)
      }
    },
    closeToast: () => mirror.set((state) => ({ ...state, toast: null })),
    browse: async (path: string | null) => kit.bridge.call('folders.browse', { path }),
    saveSettings: async (settings: AppSettings) => {
      mirror.set((state) => ({ ...state, settings }))
      rememberTheme(settings.theme)
      await ask('app.saveSettings', settings)
    },
    checkMachine: () => loadDoctor(kit),
    measureStorage: () => loadCacheUse(kit),
    clearCache: (kinds: readonly CacheKind[]) =>
      kit.during('clearCache', async () => {
        const freed = await ask('app.clearCache', { kinds: [...kinds] })
        if (freed) kit.say(freed.freedBytes > 0 ? `${bytes(freed.freedBytes)} freed.` : 'Nothing could be freed now.')
        await loadCacheUse(kit)
      }),
    searchLibrary: (change: Partial<LibraryView>) => mirror.set((state) => ({ ...state, library: { ...state.library, ...change } })),
  }
}

/** Asks this machine's doctor again. */
export async function loadDoctor(kit: Kit): Promise<void> {
  kit.mirror.set((state) => ({ ...state, doctor: { kind: 'loading' } }))
  const reply = await kit.bridge.call('app.doctor', {})
  kit.mirror.set((state) => ({
    ...state,
    doctor: reply.ok ? { kind: 'here', value: reply.value } : { kind: 'failed', problem: reply.problem },
  }))
}

/** The last theme is kept beside the page too, so that the first paint already has it. */
export function rememberTheme(theme: AppSettings['theme']): void {
  try {
    window.localStorage.setItem('theme', theme)
  } catch {
    // A host that forbids storage only loses the first frame's theme.
  }
}

/** Measures again what the library takes on this disk. What is known stays on the screen meanwhile. */
export async function loadCacheUse(kit: Kit): Promise<void> {
  if (kit.mirror.get().cacheUse?.kind !== 'here') kit.mirror.set((state) => ({ ...state, cacheUse: { kind: 'loading' } }))
  const reply = await kit.bridge.call('app.cacheUse', {})
  kit.mirror.set((state) => ({
    ...state,
    cacheUse: reply.ok ? { kind: 'here', value: reply.value } : { kind: 'failed', problem: reply.problem },
  }))
}
