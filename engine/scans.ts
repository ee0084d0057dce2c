import { join } from 'node:path'
import type { Photo, Skipped } from '../core/capture/photo.ts'
import type { Change } from '../core/contract.ts'
import type { ScanState } from '../core/capture/capture.ts'
import { home as layout } from '../core/layout.ts'
import type { Pair } from '../core/overlap/graph.ts'
import { type ProblemError, problem, problemOf } from '../core/problem.ts'
import { type CaptureStore, leftOutOf } from './history/captures.ts'
import type { Host } from './host.ts'
import type { Check, CheckEvent } from './intake/check-event.ts'
import type { CheckProgram } from './intake/check.ts'
import { takeLock } from './lock.ts'

/** The intake's check; tests hand in one of their own. */
export type CheckFolder = (folder: string, options: CheckProgram, signal: AbortSignal) => AsyncIterable<CheckEvent>

export type ScanParts = {
  readonly host: Host
  readonly store: CaptureStore
  readonly check: CheckFolder
  readonly threads: () => number
  readonly publish: (change: Change) => void
  readonly tell: (captureId: string) => void
}

// What a scan has read is written down this often; a kill loses no more than that, and the caches not even that.
const saveMs = 200

/** Where the intake keeps what it has read, in this home. */
export function checkOptions(host: Host, threads: number): CheckProgram {
  return { cacheDir: join(host.home, 'cache'), thumbsDir: join(host.home, layout.thumbnails), threads, program: host.program }
}

/** Checks a capture's folder, remembers and publishes what is found, and passes the events on. */
export async function* scanCapture(parts: ScanParts, captureId: string, signal: AbortSignal): AsyncGenerator<CheckEvent> {
  const { store, host } = parts
  const row = store.get(captureId)
  const lock = takeLock(host.home, `scan-${captureId}`)
  if (row === null || lock === null) {
    const busy = problem(
      'capture/busy',
      'This folder is being read by another Spaceport at the moment.',
      'Wait until it has finished there.',
    )
    yield { kind: 'failed', problem: busy }
    return
  }
  const notes = notebook(parts, captureId)
  try {
    for await (const event of parts.check(row.folder, checkOptions(host, parts.threads()), signal)) {
      notes.write(event)
      yield event
    }
    if (signal.aborted) notes.stopped()
  } catch (error) {
    const known = problemOf(error)
    if (signal.aborted) notes.stopped()
    else
      notes.failed(
        known ??
          problem(
            'engine/crash',
            `Reading the folder ended unexpectedly: ${String(error)}`,
            'Read it again. If it happens twice, report it with the log.',
          ),
      )
    if (known && !signal.aborted) yield { kind: 'failed', problem: known }
    else if (!signal.aborted) throw error
  } finally {
    notes.close()
    lock.release()
  }
}

/** Gathers what comes in, and writes it down together. */
function notebook(parts: ScanParts, captureId: string) {
  const { store, publish, tell } = parts
  let photos: Photo[] = []
  let skipped: Skipped[] = []
  let pairs: { list: Pair[]; tried: number; total: number } = { list: [], tried: 0, total: 0 }
  let scan: ScanState = { kind: 'scanning', phase: 'photos', done: 0, total: 0 }
  let savedAt = 0
  let ended = false
  const sum = { photoCount: 0, sizeBytes: 0 }

  const save = (): void => {
    savedAt = Date.now()
    if (photos.length > 0) store.putPhotos(captureId, photos)
    if (photos.length > 0 || skipped.length > 0) publish({ kind: 'photos', captureId, photos, skipped })
    if (pairs.list.length > 0) publish({ kind: 'pairs', captureId, pairs: pairs.list, tried: pairs.tried, total: pairs.total })
    photos = []
    skipped = []
    pairs = { ...pairs, list: [] }
    store.patch(captureId, ended ? { scan } : { scan, ...sum })
    tell(captureId)
  }
  const end = (state: ScanState): void => {
    scan = state
    ended = true
    save()
  }
  const write = (event: CheckEvent): void => {
    switch (event.kind) {
      case 'listed':
        scan = { kind: 'scanning', phase: 'photos', done: 0, total: event.files }
        return save()
      case 'photo':
        photos.push(event.photo)
        sum.photoCount += 1
        sum.sizeBytes += event.photo.sizeBytes
        scan = { kind: 'scanning', phase: 'photos', done: event.done, total: event.total }
        break
      case 'skipped':
        skipped.push(event.skipped)
        scan = { kind: 'scanning', phase: 'photos', done: event.done, total: event.total }
        break
      case 'pair':
        pairs = { list: [...pairs.list, event.pair], tried: event.done, total: event.total }
        scan = { kind: 'scanning', phase: 'overlap', done: event.done, total: event.total }
        break
      case 'checked':
        keep(parts, captureId, event.check)
        return end({ kind: 'done', tookMs: event.check.tookMs, finishedAt: parts.host.now().toISOString() })
      case 'failed':
        return end({ kind: 'failed', problem: event.problem })
    }
    if (Date.now() - savedAt >= saveMs) save()
  }
  return {
    write,
    stopped: () => (scan.kind === 'scanning' ? end({ ...scan, kind: 'stopped' }) : undefined),
    failed: (value: ProblemError['problem']) => end({ kind: 'failed', problem: value }),
    close: () =>
      ended
        ? undefined
        : end(scan.kind === 'scanning' ? { ...scan, kind: 'stopped' } : { kind: 'stopped', phase: 'photos', done: 0, total: 0 }),
  }
}

function keep({ store, publish }: ScanParts, captureId: string, check: Check): void {
  store.putPhotos(captureId, check.photos)
  store.keepPhotos(captureId, new Set(check.photos.map((one) => one.file)))
  const times = check.photos.map((one) => one.takenAt).filter((at) => at !== null)
  store.patch(captureId, {
    findings: check.findings,
    forecast: check.forecast,
    skipped: check.skipped,
    leftOut: check.leftOut,
    verdict: check.verdict,
    photoCount: check.photos.length,
    sizeBytes: check.photos.reduce((bytes, one) => bytes + one.sizeBytes, 0),
    camera: commonest(check.photos.map((one) => one.camera)),
    takenAt: times.length > 0 ? times.reduce((a, b) => (a < b ? a : b)) : null,
    picture: pictureOf(check.photos),
  })
  const leftOut = leftOutOf(store.facts(captureId))
  publish({ kind: 'verdict', captureId, verdict: check.verdict, findings: check.findings, forecast: check.forecast, leftOut })
}

// The middle of a flight shows the place; the first photo is often the take-off.
function pictureOf(photos: readonly Photo[]): string | null {
  const middle = photos[Math.floor(photos.length / 2)]
  return middle ? `thumb/${middle.sha256}` : null
}

function commonest(names: readonly (string | null)[]): string | null {
  const counts = new Map<string, number>()
  for (const name of names) if (name !== null) counts.set(name, (counts.get(name) ?? 0) + 1)
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0] ?? null
}

/** Scans, one at a time, in the background. */
export function scanQueue(parts: ScanParts) {
  const waiting: string[] = []
  let now: { captureId: string; stop: AbortController; ended: Promise<void> } | null = null
  let working: Promise<void> | null = null
  let closed = false

  const scanOne = async (captureId: string, signal: AbortSignal): Promise<void> => {
    try {
      for await (const event of scanCapture(parts, captureId, signal)) void event
    } catch (error) {
      if (!signal.aborted) parts.host.log(`scan of ${captureId}: ${error instanceof Error ? error.stack : String(error)}`)
    }
  }
  // One after the other until none waits.
  const work = async (): Promise<void> => {
    for (let captureId = waiting.shift(); captureId !== undefined; captureId = waiting.shift()) {
      const stop = new AbortController()
      const ended = scanOne(captureId, stop.signal)
      now = { captureId, stop, ended }
      await ended
    }
    now = null
    working = null
  }
  return {
    enqueue: (captureId: string): void => {
      if (closed || now?.captureId === captureId || waiting.includes(captureId)) return
      waiting.push(captureId)
      working ??= work()
    },
    stop: async (captureId: string): Promise<void> => {
      const at = waiting.indexOf(captureId)
      if (at >= 0) waiting.splice(at, 1)
      if (now?.captureId !== captureId) return
      const { ended } = now
      now.stop.abort()
      await ended
    },
    close: async (): Promise<void> => {
      closed = true
      waiting.length = 0
      now?.stop.abort()
      await working
    },
  }
}
