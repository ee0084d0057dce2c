import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { realpath, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { captureName } from '../core/capture/capture-name.ts'
import type { Capture, CaptureSummary } from '../core/capture/capture.ts'
import type { Change, Handlers } from '../core/contract.ts'
import type { RunSummary } from '../core/run/run-summary.ts'
import { ProblemError, problem } from '../core/problem.ts'
import { type CaptureRow, type CaptureStore, leftOutOf } from './history/captures.ts'
import type { Host } from './host.ts'
import { planHandlers } from './kept-plan.ts'
import type { scanQueue } from './scans.ts'

export type CaptureParts = {
  readonly host: Host
  readonly store: CaptureStore
  readonly scans: ReturnType<typeof scanQueue>
  readonly publish: (change: Change) => void
  readonly lastRun: (captureId: string) => RunSummary | null
}

export type CaptureHandlers = Pick<Handlers, Extract<keyof Handlers, `captures.${string}`>>

/** Where the sample capture lies in the program's files. */
export function sampleFolder(host: Host): string {
  return join(host.program, 'samples', 'caliterra')
}

/** The summary of one capture, or a Problem where it is not known. */
export function summaryOf(parts: Pick<CaptureParts, 'store' | 'lastRun'>, captureId: string): CaptureSummary {
  return summary(parts, known(parts.store, captureId))
}

function summary({ lastRun }: Pick<CaptureParts, 'lastRun'>, row: CaptureRow): CaptureSummary {
  const { deletedAt: _, ...shown } = row
  return { ...shown, lastRun: lastRun(row.captureId) }
}

function known(store: CaptureStore, captureId: string): CaptureRow {
  const row = store.get(captureId)
  if (row === null)
    throw new ProblemError(problem('capture/unknown', `No capture ${captureId} is in this library.`, 'Open its folder again.'))
  return row
}

/** Makes a folder a capture, or finds the capture that it already is. */
export async function openCapture(
  { host, store }: Pick<CaptureParts, 'host' | 'store'>,
  folder: string,
  name?: string,
): Promise<{ row: CaptureRow; isNew: boolean }> {
  const path = await realFolder(folder)
  const old = store.byFolder(path)
  if (old !== null) return { row: old, isNew: false }
  const captureId = `c-${randomBytes(6).toString('hex')}`
  store.add({
    captureId,
    folder: path,
    name: name ?? captureName(path),
    createdAt: host.now().toISOString(),
    scan: { kind: 'idle' },
  })
  return { row: known(store, captureId), isNew: true }
}

async function realFolder(folder: string): Promise<string> {
  try {
    const path = await realpath(resolve(folder))
    if ((await stat(path)).isDirectory()) return path
  } catch {
    // Answered below: for a person a folder that is gone and a file in its place are the same.
  }
  throw new ProblemError(problem('folder/missing', `${folder} is not a folder.`, 'Choose the folder that holds the photos.'))
}

/** The contract's `captures.*`. */
export function captureHandlers(parts: CaptureParts): CaptureHandlers {
  const { host, store, scans, publish } = parts
  const tell = (captureId: string): CaptureSummary => {
    const capture = summaryOf(parts, captureId)
    publish({ kind: 'capture', capture })
    return capture
  }
  const get = (captureId: string): Capture => {
    const { choices: _, ...facts } = store.facts(captureId)
    return { ...summaryOf(parts, captureId), ...facts, photos: store.photos(captureId), leftOut: leftOutOf(store.facts(captureId)) }
  }
  const open = async (folder: string, name?: string): Promise<CaptureSummary> => {
    const { row, isNew } = await openCapture(parts, folder, name)
    if (isNew || row.scan.kind !== 'done') scans.enqueue(row.captureId)
    return tell(row.captureId)
  }
  return {
    'captures.list': async () => store.list().map((row) => summary(parts, row)),
    'captures.open': ({ folder, name }) => open(folder, name),
    'captures.openSample': async () => {
      if (!existsSync(sampleFolder(host)))
        throw new ProblemError(problem('sample/missing', 'This installation has no sample capture.', 'Choose a folder of your own photos.'))
      return open(sampleFolder(host), 'Sample: Caliterra')
    },
    'captures.get': async ({ captureId }) => get(captureId),
    'captures.rescan': async ({ captureId }) => {
      known(store, captureId)
      scans.enqueue(captureId)
      return null
    },
    'captures.stopScan': async ({ captureId }) => {
      await scans.stop(captureId)
      return null
    },
    'captures.setUse': async ({ captureId, files, use }) => {
      known(store, captureId)
      const old = store.facts(captureId)
      store.patch(captureId, { choices: { ...old.choices, ...Object.fromEntries(files.map((file) => [file, use])) } })
      const capture = get(captureId)
      if (capture.verdict)
        publish({
          kind: 'verdict',
          captureId,
          verdict: capture.verdict,
          findings: capture.findings,
          forecast: capture.forecast,
          leftOut: capture.leftOut,
        })
      return capture
    },
    ...planHandlers({ host, store, publish, get }),
    'captures.rename': async ({ captureId, name }) => {
      known(store, captureId)
      store.patch(captureId, { name })
      return tell(captureId)
    },
    'captures.remove': async ({ captureId }) => {
      known(store, captureId)
      await scans.stop(captureId)
      store.patch(captureId, { deletedAt: host.now().toISOString() })
      publish({ kind: 'capture-removed', captureId })
      return null
    },
    'captures.restore': async ({ captureId }) => {
      known(store, captureId)
      store.patch(captureId, { deletedAt: null })
      return tell(captureId)
    },
  }
}
