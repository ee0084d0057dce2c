import type { RunEvent } from '../../../core/run/events.ts'
import { stageWord } from '../../capture-words.ts'
import { bytes, count, decimal, duration, plural } from '../../format.ts'

type Words = { readonly text: string; readonly tone: 'soft' | 'warn' | 'bad' | 'ok' }

/** One line of "what happened". `more`: the names of the files that it stands for. */
export type LogLine = Words & { readonly at: string; readonly more: readonly string[] }

type Artefact = RunEvent & { kind: 'artefact' }

/** What happened, oldest first. Files that were written one after the other are one line. */
export function logLines(events: readonly RunEvent[]): readonly LogLine[] {
  const lines: LogLine[] = []
  let files: Artefact[] = []
  const tellFiles = () => {
    if (files.length > 0) lines.push(filesLine(files))
    files = []
  }
  for (const event of events) {
    if (event.kind === 'artefact') files.push(event)
    const words = eventLine(event)
    if (!words) continue
    tellFiles()
    lines.push({ ...words, at: event.at, more: [] })
  }
  tellFiles()
  return lines
}

function filesLine(files: readonly Artefact[]): LogLine {
  const sum = files.reduce((all, one) => all + one.bytes, 0)
  const [only] = files
  const text = files.length === 1 && only ? `${only.path}, ${bytes(sum)}` : `${plural(files.length, 'file')} written, ${bytes(sum)}`
  return { text, tone: 'soft', at: files.at(-1)?.at ?? '', more: files.map((one) => `${one.path}, ${bytes(one.bytes)}`) }
}

/** The words of an event; null for the many lines of progress, and for files, which are told together. */
function eventLine(event: RunEvent): Words | null {
  switch (event.kind) {
    case 'created':
      return { text: `run set up, ${plural(event.photos, 'photo')}`, tone: 'soft' }
    case 'started':
      return { text: event.resumed ? `resumed on ${place(event.where)}` : `started on ${place(event.where)}`, tone: 'soft' }
    case 'stage-reused':
      return { text: `${stageWord(event.stage)} reused`, tone: 'ok' }
    case 'stage-started':
      return {
        text: `${stageWord(event.stage)} started${event.attempt > 1 ? `, attempt ${event.attempt}` : ''}${event.resumed ? ', resumed' : ''}`,
        tone: 'soft',
      }
    case 'stage-done':
      return {
        text: `${stageWord(event.stage)} done in ${duration(event.tookMs)}${event.peakBytes === null ? '' : `, ${bytes(event.peakBytes)} at most`}`,
        tone: 'ok',
      }
    case 'account':
      return null
    case 'line':
      return progressLine(event)
    case 'artefact':
      return null
    case 'warning':
      return { text: event.problem.what, tone: 'warn' }
    case 'stop-asked':
      return { text: event.keep ? 'stop sent, keeping what is there' : 'stop sent, discarding', tone: 'soft' }
    case 'stopped':
      return { text: event.kept ? 'stopped, scene kept' : 'stopped, nothing kept', tone: 'soft' }
    case 'failed':
      return { text: event.problem.what, tone: 'bad' }
    case 'done':
      return { text: event.score === null ? 'done' : `done, score ${Math.round(event.score)}`, tone: 'ok' }
  }
}

function progressLine({ line }: RunEvent & { kind: 'line' }): Words | null {
  if (line.problem) return { text: line.problem.what, tone: 'warn' }
  const { iteration, psnr, bytes: size, file } = line.metrics
  // A trainer's own state can go on; a scene file can be looked at.
  const saved = typeof file === 'string' && !file.endsWith('.ply') ? 'checkpoint' : 'preview'
  if (line.step === 'checkpoint' && typeof iteration === 'number')
    return { text: `${saved} ${count(iteration)} saved${typeof size === 'number' && size > 0 ? `, ${bytes(size)}` : ''}`, tone: 'soft' }
  if (line.step === 'evaluate' && typeof psnr === 'number' && typeof iteration === 'number')
    return { text: `${decimal(psnr, 2)} dB on held-out photos at ${count(iteration)}`, tone: 'soft' }
  return null
}

function place(where: string): string {
  return where === 'local' ? 'this machine' : where
}
