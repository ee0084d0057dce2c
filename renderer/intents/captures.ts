import type { CaptureSummary } from '../../core/capture/capture.ts'
import { applyChange, withCapture, withoutCapture } from '../apply-change.ts'
import type { Dropped } from '../bridge.ts'
import { captureName } from '../../core/capture/capture-name.ts'
import { count, plural } from '../format.ts'
import { type CaptureView, valueOf } from '../mirror-state.ts'
import type { Kit } from './kit.ts'
import { takeStep } from './undo.ts'

/** What the user can want of captures. */
export function captureIntents(kit: Kit) {
  const { ask, mirror, go, during } = kit
  const opened = (capture: CaptureSummary | undefined) => {
    if (!capture) return
    mirror.set((state) => withCapture({ ...state, problem: null }, capture))
    go({ room: 'capture', captureId: capture.captureId })
  }
  const openFolder = (folder: string) =>
    during('open', async () => opened(await ask('captures.open', { folder, name: captureName(folder) })))
  const taken = async (dropped: Dropped) => {
    mirror.set((state) => ({ ...state, taking: null }))
    if ('problem' in dropped) kit.fail(dropped.problem)
    else if ('scene' in dropped) go({ room: 'scene', captureId: null, runId: null, path: dropped.scene })
    else await openFolder(dropped.folder)
  }
  const progress = (done: number, total: number) => mirror.set((state) => ({ ...state, taking: { done, total } }))
  return {
    openFolder,
    openSample: () => during('sample', async () => opened(await ask('captures.openSample', {}))),
    chooseFolder: async () => {
      if (!kit.bridge.chooseFolder) return mirror.set((state) => ({ ...state, dialog: 'folders' }))
      const folder = await kit.bridge.chooseFolder()
      if (folder !== null) await openFolder(folder)
    },
    drop: async (data: DataTransfer) => taken(await kit.bridge.takeDrop(data, progress)),
    takeFiles: async (files: readonly File[]) => {
      if (kit.bridge.takeFiles) await taken(await kit.bridge.takeFiles(files, progress))
    },
    rescan: (captureId: string) => during('rescan', () => ask('captures.rescan', { captureId })),
    stopScan: (captureId: string) => during('stopScan', () => ask('captures.stopScan', { captureId })),
    rename: (captureId: string, name: string) => rename(kit, captureId, name),
    remove: (captureId: string) => remove(kit, captureId),
    setUse: (captureId: string, files: readonly string[], use: boolean) => setUse(kit, captureId, files, use),
    keepPlan: (captureId: string, without: readonly number[]) => keepPlan(kit, captureId, without),
    dropPlan: (captureId: string) => dropPlan(kit, captureId),
    look: (captureId: string, change: Partial<CaptureView>) => kit.look(captureId, (view) => ({ ...view, ...change })),
    toggleChip: (captureId: string, code: string) =>
      kit.look(captureId, (view) => ({
        ...view,
        chips: view.chips.includes(code) ? view.chips.filter((one) => one !== code) : [...view.chips, code],
      })),
  }
}

/** Undo instead of "are you sure": the capture's photos are never touched, and it comes back whole. */
async function remove(kit: Kit, captureId: string): Promise<void> {
  const name = nameOf(kit, captureId)
  if ((await kit.ask('captures.remove', { captureId })) === undefined) return
  kit.mirror.set((state) => withoutCapture(state, captureId))
  kit.go({ room: 'library' })
  kit.say(`Deleted ${name}. Its photos are untouched.`, () => void restore(kit, captureId))
}

async function restore(kit: Kit, captureId: string): Promise<void> {
  const capture = await kit.ask('captures.restore', { captureId })
  if (capture) kit.mirror.set((state) => withCapture(state, capture))
}

/** Takes photos out of the run or into it. Only those that change are remembered, so that undo gives back exactly what was. */
async function setUse(kit: Kit, captureId: string, files: readonly string[], use: boolean): Promise<void> {
  const detail = valueOf(kit.mirror.get().details.get(captureId))
  const out = new Set(detail?.leftOut)
  const changing = files.filter((file) => out.has(file) === use)
  if (changing.length === 0) return
  const what = changing.length === 1 ? (changing[0] ?? '') : plural(changing.length, 'photo')
  const inRun = (detail?.photos.length ?? 0) - out.size + (use ? changing.length : -changing.length)
  const did = { kind: 'use', files: changing, use } as const
  const step = { words: `${use ? 'include' : 'leave out'} ${what}`, did, back: { ...did, use: !use } }
  await takeStep(kit, captureId, step, use ? `Included ${what}: ${count(inRun)} in the run.` : `Left out ${what}.`)
}

/** Keeps the re-shoot plan from now on, less what is left out of it. */
async function keepPlan(kit: Kit, captureId: string, without: readonly number[]): Promise<void> {
  const kept = await kit.ask('captures.keepPlan', { captureId, without: [...without] })
  if (kept) kit.mirror.set((state) => applyChange(state, { kind: 'plan', captureId, keptPlan: kept }))
}

/** The plan of the last check instead of the one that was worked with, which undo gives back as it was. */
async function dropPlan(kit: Kit, captureId: string): Promise<void> {
  const kept = valueOf(kit.mirror.get().details.get(captureId))?.keptPlan
  if (!kept) return
  const step = { words: 'plan anew', did: { kind: 'plan', keptAt: null }, back: { kind: 'plan', keptAt: kept.keptAt } } as const
  await takeStep(kit, captureId, step, 'Planned anew from the last check.')
}

async function rename(kit: Kit, captureId: string, name: string): Promise<void> {
  const before = nameOf(kit, captureId)
  const after = name.trim()
  if (after === '' || after === before) return
  const step = { words: `rename to ${after}`, did: { kind: 'rename', name: after }, back: { kind: 'rename', name: before } } as const
  await takeStep(kit, captureId, step, `Renamed to ${after}.`)
}

function nameOf(kit: Kit, captureId: string): string {
  const { captures } = kit.mirror.get()
  return (captures.kind === 'here' && captures.value.get(captureId)?.name) || 'the capture'
}
