import { resolve } from 'node:path'
import { availableParallelism } from 'node:os'
import { findingsOf, photoFindings } from '../../core/capture/checks.ts'
import type { Evidence } from '../../core/capture/evidence.ts'
import type { Finding } from '../../core/capture/finding.ts'
import type { Photo, Skipped } from '../../core/capture/photo.ts'
import { leftOutBy } from '../../core/capture/left-out.ts'
import { verdictOf } from '../../core/capture/verdict.ts'
import type { Forecast } from '../../core/overlap/graph.ts'
import { problem, ProblemError, problemOf } from '../../core/problem.ts'
import type { Check, CheckEvent, CheckOptions } from './check-event.ts'
import { compare } from './check-overlap.ts'
import { readFeaturesAgain, readPhotos } from './check-read.ts'
import { isFileError, listFiles } from './list-files.ts'
import type { ListedFile } from './list-files.ts'
import { areFeatures, featureFile, FeaturesGone } from './overlap-features.ts'

export type CheckProgram = CheckOptions & {
  /** The root of the program's files, where the overlap engine's addon is found. */
  readonly program: string
}

/**
 * Checks a folder: lists, reads, compares, judges. The last event is `checked` or `failed` (the folder is gone, the disk is full).
 * Throws the signal's reason when aborted; what was read until then is kept, and the next check goes on from there.
 */
export async function* check(folder: string, options: CheckProgram, signal: AbortSignal): AsyncIterable<CheckEvent> {
  try {
    yield* checkFolder(resolve(folder), { ...options, threads: options.threads || availableParallelism() }, signal)
  } catch (error) {
    signal.throwIfAborted()
    const expected = problemOf(error)
    if (!expected) throw error
    yield { kind: 'failed', problem: expected }
  }
}

async function* checkFolder(folder: string, options: CheckProgram, signal: AbortSignal): AsyncIterable<CheckEvent> {
  const startedAt = performance.now()
  const files = await listOrProblem(folder, signal)
  if (!('length' in files)) return yield { kind: 'failed', problem: files }
  yield { kind: 'listed', files: files.length }
  const records: Evidence[] = []
  const skipped: Skipped[] = []
  for await (const event of readPhotos(folder, files, options, signal)) {
    const done = records.length + skipped.length + 1
    if (event.kind === 'skipped') {
      skipped.push(event.skipped)
      yield { ...event, done, total: files.length }
    } else {
      records.push(event.record)
      yield { kind: 'photo', photo: event.record.photo, done, total: files.length }
    }
  }
  records.sort((a, b) => byName(a.photo.file, b.photo.file))
  skipped.sort((a, b) => byName(a.file, b.file))
  const now = new Date()
  const known = photoFindings(records, now)
  const overlapped = yield* overlapEvents(folder, records, known, options, signal)
  const findings = [...(overlapped.finding ? [overlapped.finding] : []), ...findingsOf(records, overlapped.forecast, now, known, skipped)]
  yield { kind: 'checked', check: judged(folder, startedAt, records, skipped, overlapped.forecast, findings) }
}

const byName = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

type Overlapped = { readonly forecast: Forecast | null; readonly finding: Finding | null }

/** Hands pairs through; returns the forecast, or the finding that says why there is none. */
async function* overlapEvents(
  folder: string,
  records: readonly Evidence[],
  known: readonly Finding[],
  options: CheckProgram,
  signal: AbortSignal,
): AsyncGenerator<CheckEvent, Overlapped> {
  // What the checks leave out by the pixels alone (a duplicate, a black frame) would only draw false links.
  const leftOut = new Set(leftOutBy(known, records))
  const photos = records.map(({ photo }) => photo).filter(({ file }) => !leftOut.has(file))
  if (photos.length < 2) return { forecast: null, finding: null }
  try {
    return yield* comparedWhole(folder, photos, options, signal)
  } catch (error) {
    const expected = problemOf(error)
    if (!expected) throw error
    const finding = {
      code: 'capture/overlap-unchecked',
      severity: 'warning',
      what: `Overlap not checked: ${expected.what}`,
      remedy: expected.remedy,
      files: [],
    } as const
    return { forecast: null, finding }
  }
}

// A cache that someone clears goes once; features that go more often lie on a disk that loses them.
const MOST_TIMES = 3

/** Compares; where features go or are damaged meanwhile they are made again, and that is said. */
async function* comparedWhole(
  folder: string,
  photos: readonly Photo[],
  options: CheckProgram,
  signal: AbortSignal,
): AsyncGenerator<CheckEvent, Overlapped> {
  const again = new Set<string>()
  for (let turn = 0; turn < MOST_TIMES; turn++) {
    try {
      let forecast: Forecast | null = null
      for await (const event of compare(photos, options, signal)) {
        if (event.kind === 'pair') yield event
        else forecast = event.forecast
      }
      return { forecast, finding: again.size === 0 ? null : madeAgain([...again].sort()) }
    } catch (error) {
      signal.throwIfAborted()
      if (!(error instanceof FeaturesGone)) throw error
      const whole = await Promise.all(photos.map(({ sha256 }) => areFeatures(featureFile(options.cacheDir, sha256))))
      const gone = photos.filter((_, i) => !whole[i])
      for (const { file } of gone) again.add(file)
      await readFeaturesAgain(folder, gone, options, signal)
    }
  }
  throw new ProblemError(
    problem('cache/lost', 'Features that were just made are gone or damaged again.', 'Look after the disk of the cache, then check again.'),
  )
}

function madeAgain(files: readonly string[]): Finding {
  return {
    code: 'capture/features-again',
    severity: 'info',
    what: `What was kept of ${files.length} ${files.length === 1 ? 'photo' : 'photos'} went or was damaged while the check ran, and was made again.`,
    remedy: 'Nothing to do. If it happens again, look after the disk of the cache.',
    files,
  }
}

function judged(
  folder: string,
  startedAt: number,
  records: readonly Evidence[],
  skipped: readonly Skipped[],
  forecast: Forecast | null,
  findings: readonly Finding[],
): Check {
  const leftOut = leftOutBy(findings, records)
  const photos = records.map(({ photo }) => photo)
  const verdict = verdictOf({ photos, leftOut, findings, forecast, skipped: skipped.length })
  return { folder, tookMs: Math.round(performance.now() - startedAt), photos, skipped, findings, verdict, forecast, leftOut }
}

/** The folder's files, or what is wrong with the folder itself. */
async function listOrProblem(folder: string, signal: AbortSignal): Promise<readonly ListedFile[] | ReturnType<typeof problem>> {
  try {
    return await listFiles(folder, signal)
  } catch (error) {
    if (!isFileError(error)) throw error
    if (error.code === 'ENOTDIR') return problem('folder/missing', `${folder} is not a folder.`, 'Choose the folder that holds the photos.')
    if (error.code === 'EACCES' || error.code === 'EPERM')
      return problem('folder/unreadable', `${folder} may not be read.`, 'Give yourself read permission, then check again.')
    return problem('folder/missing', `${folder} is not there.`, 'Locate the folder, or put the card or disk back in.')
  }
}
