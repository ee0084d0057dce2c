import type { CaptureSummary } from '../../core/contract.ts'
import { withCapture, withoutCapture, withWholeCapture } from '../apply-change.ts'
import type { Dropped } from '../bridge.ts'
import { captureName } from '../capture-name.ts'
import { count, plural } from '../format.ts'
import type { CaptureView } from '../mirror-state.ts'
import type { Kit } from './kit.ts'

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
    rename: async (captureId: string, name: string) => {
      const answer = await ask('captures.rename', { captureId, name })
      if (answer) mirror.set((state) => withCapture(state, answer))
    },
    remove: (captureId: string) => remove(kit, captureId),
    setUse: (captureId: string, files: readonly string[], use: boolean) => setUse(kit, captureId, files, use),
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

async function setUse(kit: Kit, captureId: string, files: readonly string[], use: boolean): Promise<void> {
  if (files.length === 0) return
  const capture = await kit.ask('captures.setUse', { captureId, files: [...files], use })
  if (!capture) return
  kit.mirror.set((state) => withWholeCapture(state, capture))
  const what = files.length === 1 ? files[0] : plural(files.length, 'photo')
  kit.say(
    use ? `Included ${what}: ${count(capture.photos.length - capture.leftOut.length)} in the run.` : `Left out ${what}.`,
    () => void setUse(kit, captureId, files, !use),
  )
}

function nameOf(kit: Kit, captureId: string): string {
  const { captures } = kit.mirror.get()
  return (captures.kind === 'here' && captures.value.get(captureId)?.name) || 'the capture'
}
