import { type ChildProcess, spawn } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import { createInterface } from 'node:readline'
import { StageLine } from '../../core/run/stage-line.ts'

/** `keep`: stop and keep what is there. `end`: stop at once; nobody waits for the result. */
export type StopSignals = { readonly keep: AbortSignal; readonly end: AbortSignal }

export type Launch = {
  readonly command: string
  readonly args: readonly string[]
  readonly cwd: string
  readonly logFile: string
  readonly onStart: (pid: number) => void
  readonly onLine: (line: StageLine) => void
  readonly stop: StopSignals
}

/** How a process ended. `lastLines`: the end of what it wrote beside progress, for a person. */
export type Exit = { readonly code: number | null; readonly signal: NodeJS.Signals | null; readonly lastLines: readonly string[] }

// CONTRACT.md: a stage that is told to stop has 120 s to save what there is; one whose result nobody wants, a little.
const keepGraceMs = 120_000
const endGraceMs = 5_000
const keptLines = 20

/**
 * Runs a stage's program to its end. The pipe on stdin is held open: it ends with this process, however that dies, and so does the stage.
 * Rejects only where the program cannot be started.
 */
export async function launch(order: Launch): Promise<Exit> {
  await mkdir(dirname(order.logFile), { recursive: true })
  // A group of its own: Ctrl+C in a terminal reaches the engine alone, which then stops the stage; and the group can be ended as one.
  const child = spawn(order.command, order.args, {
    cwd: order.cwd,
    detached: process.platform !== 'win32',
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, SPACEPORT_PARENT_PIPE: '1', PYTHONUNBUFFERED: '1', PYTHONDONTWRITEBYTECODE: '1' },
  })
  const log = createWriteStream(order.logFile, { flags: 'a' })
  log.on('error', () => log.destroy())
  const last: string[] = []
  // A stage that has just died no longer reads; that is told by its exit, not here.
  child.stdin.on('error', () => undefined)
  createInterface({ input: child.stderr }).on('line', (line) => note(line))
  createInterface({ input: child.stdout }).on('line', (line) => {
    const parsed = parseLine(line)
    if (parsed) order.onLine(parsed)
    else note(line)
  })
  const note = (line: string): void => {
    last.push(line)
    if (last.length > keptLines) last.shift()
    if (!log.destroyed) log.write(`${line}\n`)
  }
  const undo = obeyStops(child, order.stop)
  try {
    return await new Promise<Exit>((resolve, reject) => {
      child.once('error', reject)
      child.once('spawn', () => order.onStart(child.pid ?? 0))
      child.once('close', (code, signal) => resolve({ code, signal, lastLines: last }))
    })
  } finally {
    undo()
    log.end()
  }
}

/** One progress line, or null for anything else that a program prints. */
export function parseLine(text: string): StageLine | null {
  if (!text.startsWith('{')) return null
  try {
    const read = StageLine.safeParse(JSON.parse(text))
    return read.success ? read.data : null
  } catch {
    return null
  }
}

function obeyStops(child: ChildProcess, { keep, end }: StopSignals): () => void {
  const timers: NodeJS.Timeout[] = []
  const stopWithin = (graceMs: number): void => {
    child.stdin?.write('stop\n')
    timers.push(setTimeout(() => endGroup(child), graceMs))
  }
  const onKeep = (): void => stopWithin(keepGraceMs)
  const onEnd = (): void => stopWithin(endGraceMs)
  for (const [signal, obey] of [
    [keep, onKeep],
    [end, onEnd],
  ] as const) {
    if (signal.aborted) child.once('spawn', obey)
    else signal.addEventListener('abort', obey, { once: true })
  }
  return () => {
    timers.forEach(clearTimeout)
    keep.removeEventListener('abort', onKeep)
    end.removeEventListener('abort', onEnd)
  }
}

// The stage's own children must not outlive it.
function endGroup(child: ChildProcess): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
  if (process.platform === 'win32') {
    spawn('taskkill', ['/pid', String(child.pid), '/T', '/F'])
    return
  }
  try {
    process.kill(-child.pid, 'SIGKILL')
  } catch {
    child.kill('SIGKILL')
  }
}
