import type { Reply } from '../../core/contract.ts'
import { problem } from '../../core/problem.ts'
import { withCapture, withWholeCapture } from '../apply-change.ts'
import { type Loaded, valueOf, withEntry } from '../mirror-state.ts'
import { captureOf, hashOf, type Place, placeOf } from '../place.ts'
import { loadCacheUse, loadDoctor, rememberTheme } from './app.ts'
import type { Kit } from './kit.ts'
import { holdRun, loadReusable } from './runs.ts'
import { loadTransfers } from './transfers.ts'

/** Fetches what every room needs and follows the address. Returns its undoing. */
export function startVisiting(kit: Kit): () => void {
  const arrive = () => void visit(kit, placeOf(window.location.hash))
  window.addEventListener('hashchange', arrive)
  void loadAll(kit)
  arrive()
  return () => window.removeEventListener('hashchange', arrive)
}

/** Fetches the lists again, and what the open room shows: at the start and after the link was lost. */
export async function loadAll(kit: Kit): Promise<void> {
  const { ask, mirror } = kit
  const [info, settings, captures, runs] = await Promise.all([
    ask('app.info', {}),
    ask('app.settings', {}),
    ask('captures.list', {}),
    ask('runs.list', {}),
  ])
  void loadTransfers(kit)
  if (settings) rememberTheme(settings.theme)
  mirror.set((state) => ({
    ...state,
    info: info ?? state.info,
    settings: settings ?? state.settings,
    captures: captures ? { kind: 'here', value: new Map(captures.map((one) => [one.captureId, one])) } : state.captures,
    runs: runs
      ? new Map(
          runs.map((one) => [
            one.runId,
            state.held.has(one.runId) ? { ...one, state: state.held.get(one.runId)?.state ?? one.state } : one,
          ]),
        )
      : state.runs,
  }))
}

/** Reads everything anew after changes may have been missed. The place, filters, drafts and the camera stay as they are. */
export async function loadAnew(kit: Kit): Promise<void> {
  const { place, held } = kit.mirror.get()
  // What belongs to other rooms is asked for when they are entered next.
  kit.mirror.set((state) => ({
    ...state,
    details: new Map([...state.details].filter(([id]) => id === captureOf(place))),
    scenes: new Map([...state.scenes].filter(([, loaded]) => loaded.kind === 'here')),
    reusable: new Map(),
  }))
  await Promise.all([loadAll(kit), ...[...held.keys()].map((runId) => holdRun(kit, runId))])
  await loadRoom(kit, kit.mirror.get().place)
}

/** Arrives at a place: the state says so at once, what is missing comes after. */
export async function visit(kit: Kit, place: Place): Promise<void> {
  kit.mirror.set((state) => ({ ...state, place, problem: null, dialog: null }))
  await loadRoom(kit, place)
}

async function loadRoom(kit: Kit, place: Place): Promise<void> {
  const captureId = captureOf(place)
  if (captureId !== null) await loadCapture(kit, captureId)
  if (place.room === 'run') await loadRun(kit, place.captureId, place.runId)
  if (place.room === 'scene') await loadScene(kit, place)
  if (place.room === 'settings') await loadSection(kit, place.section)
}

/** What a section of the settings measures. The disk is measured anew on each visit: it is quick, and runs change it. */
async function loadSection(kit: Kit, section: string): Promise<void> {
  if (section === 'storage') return loadCacheUse(kit)
  if (section === 'machine' && kit.mirror.get().doctor === null) await loadDoctor(kit)
}

/** Fetches a capture whole; what is held stays on the screen meanwhile. */
export async function loadCapture(kit: Kit, captureId: string): Promise<void> {
  if (!kit.mirror.get().details.has(captureId))
    kit.mirror.set((state) => ({ ...state, details: withEntry(state.details, captureId, { kind: 'loading' }) }))
  const reply = isCaptureId(captureId) ? await kit.bridge.call('captures.get', { captureId }) : noSuchCapture(captureId)
  kit.mirror.set((state) =>
    reply.ok
      ? withCapture(withWholeCapture(state, reply.value), summaryOf(reply.value))
      : { ...state, details: withEntry(state.details, captureId, { kind: 'failed', problem: reply.problem }) },
  )
}

function isCaptureId(id: string): boolean {
  return /^c-[a-z0-9]{6,32}$/.test(id)
}

function noSuchCapture(id: string): Extract<Reply<never>, { ok: false }> {
  return { ok: false, problem: problem('capture/unknown', `No capture can be called ${id}.`, 'Look for it in the library.') }
}

function summaryOf<T extends { photos: unknown; skipped: unknown; findings: unknown; forecast: unknown; leftOut: unknown }>(capture: T) {
  const { photos: _photos, skipped: _skipped, findings: _findings, forecast: _forecast, leftOut: _leftOut, ...summary } = capture
  return summary
}

async function loadRun(kit: Kit, captureId: string, runId: string | null): Promise<void> {
  if (runId !== null) return kit.mirror.get().held.has(runId) ? undefined : holdRun(kit, runId)
  const { drafts, settings } = kit.mirror.get()
  // Settings bring zod with them, which the first paint need not wait for.
  const { settingsOf, usualPreset } = await import('../../core/run/settings.ts')
  await loadReusable(kit, captureId, drafts.get(captureId) ?? settingsOf(settings?.preset ?? usualPreset))
}

async function loadScene(kit: Kit, place: Place & { room: 'scene' }): Promise<void> {
  const key = sceneKey(place)
  if (key === null) return
  // What is held stays on the screen, and is asked for again: a run that went on has a newer scene.
  if (!valueOf(kit.mirror.get().scenes.get(key)))
    kit.mirror.set((state) => ({ ...state, scenes: withEntry(state.scenes, key, { kind: 'loading' }) }))
  const reply =
    place.path !== null
      ? await kit.bridge.call('scenes.openFile', { path: place.path })
      : await kit.bridge.call('scenes.ofRun', { runId: key })
  kit.mirror.set((state) => ({ ...state, scenes: withEntry(state.scenes, key, loadedOf(reply)) }))
}

/** The key under which the facts of a place's scene are held. */
export function sceneKey(place: Place): string | null {
  return place.room === 'scene' ? (place.path ?? place.runId) : null
}

/** The key under which the facts of a run's previews are held: cameras and covered ground are known before the scene is. */
export function previewKey(runId: string): string {
  return `preview ${runId}`
}

/** Fetches the facts for a preview once its first checkpoint is there. */
export function loadPreviewFacts(kit: Kit): () => void {
  return kit.mirror.subscribe(() => {
    const { place, held, scenes } = kit.mirror.get()
    if (place.room !== 'run' || place.runId === null || scenes.has(previewKey(place.runId))) return
    if (!held.get(place.runId)?.state.checkpoints.length) return
    const { runId } = place
    kit.mirror.set((state) => ({ ...state, scenes: withEntry(state.scenes, previewKey(runId), { kind: 'loading' }) }))
    void keepPreviewFacts(kit, runId)
  })
}

async function keepPreviewFacts(kit: Kit, runId: string): Promise<void> {
  const reply = await kit.bridge.call('scenes.ofRun', { runId })
  const loaded = loadedOf(reply)
  kit.mirror.set((state) => ({ ...state, scenes: withEntry(state.scenes, previewKey(runId), loaded) }))
}

function loadedOf<T>(reply: Reply<T>): Loaded<T> {
  return reply.ok ? { kind: 'here', value: reply.value } : { kind: 'failed', problem: reply.problem }
}

/** Opens the scene by itself when a run ends that the user has watched and whose room is still open. */
export function openWatchedScene(kit: Kit): () => void {
  return kit.mirror.subscribe(() => {
    const { place, watched, runs } = kit.mirror.get()
    if (place.room !== 'run' || place.runId === null || !watched.has(place.runId)) return
    if (runs.get(place.runId)?.state.kind !== 'done') return
    const { captureId, runId } = place
    kit.mirror.set((state) => ({ ...state, watched: new Set([...state.watched].filter((one) => one !== runId)) }))
    window.location.hash = hashOf({ room: 'scene', captureId, runId, path: null })
  })
}
