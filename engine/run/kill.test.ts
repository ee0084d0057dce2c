import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterEach, expect, test } from 'vitest'
import { checked, isAlive, makePlace, open, type Place, toEnd } from './fixtures/line.ts'

// Fixed, so that a failure can be seen again; printed with each kill.
const seed = 20261124
const kills = Number(process.env['SPACEPORT_KILLS'] ?? 12)

let place: Place | null = null
afterEach(() => {
  if (place) rmSync(place.root, { recursive: true, force: true })
})

function random(from: number): () => number {
  let state = from
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}

/** An engine in a process of its own, as a window is. It says `ready` when it is open. */
function engineProcess(at: Place, order: 'start' | 'resume', captureId: string): ChildProcess {
  return spawn(process.execPath, [join(import.meta.dirname, 'fixtures', 'engine-process.ts'), at.home, at.planFile, order, captureId], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
}

/** False where it ended by itself just before. */
function killed(pid: number): boolean {
  try {
    return process.kill(pid, 'SIGKILL')
  } catch {
    return false
  }
}

/** Whether the engine has written down which process works for it. */
function isNoted({ home }: Place): boolean {
  return readdirSync(join(home, 'cache', 'stages')).some(
    (name) => name.endsWith('.in') && existsSync(join(home, 'cache', 'stages', name, 'pid')),
  )
}

const lineOf = (child: ChildProcess): Promise<string> =>
  new Promise((resolve, reject) => {
    child.stdout?.once('data', (data: Buffer) => resolve(data.toString().trim()))
    child.once('exit', () => reject(new Error('the engine process ended early')))
  })

test(`kill -9 of the engine or of a stage at ${kills} random moments: the run is resumed to the same scene, nothing half-written is taken, no process stays (seed ${seed})`, async () => {
  const plan = { sfm: { steps: 60, stepMs: 15 }, '3dgs': { steps: 120, stepMs: 15 }, compression: { steps: 60, stepMs: 15 } }
  place = makePlace(plan)
  const pick = random(seed)
  const first = await open(place)
  const captureId = await checked(first, place.photos)
  await first.close()

  let child = engineProcess(place, 'start', captureId)
  const runId = await lineOf(child)
  for (let count = 0; count < kills; count++) {
    const pauseMs = Math.round(pick() * 900)
    await wait(pauseMs)
    const stage = place.starts().at(-1)
    if (pick() < 0.4 && stage && isAlive(stage.pid) && killed(stage.pid)) continue
    child.kill('SIGKILL')
    await new Promise((done) => child.once('exit', done))
    child = engineProcess(place, 'resume', captureId)
    expect(await lineOf(child), `kill ${count}, after ${pauseMs} ms`).toBe('ready')
  }
  child.kill('SIGKILL')
  await new Promise((done) => child.once('exit', done))

  let last = await open(place, {}, 'browser')
  const state = (await last.handlers['runs.get']({ runId })).state
  // Too many kills of one stage end in a Problem; then a person resumes.
  if (state.kind === 'failed') {
    expect(state.problem).toMatchObject({ code: 'run/killed' })
    await last.handlers['runs.resume']({ runId })
  }
  const { events } = await toEnd(last, runId)
  expect(events.at(-1)?.kind).toBe('done')
  const scene = readFileSync(join(last.runFolder(runId), '3dgs', 'scene.ply'), 'utf8')
  expect(scene).toMatch(/^ply 120 of /)
  expect(existsSync(join(last.runFolder(runId), 'compression', 'scene.sog'))).toBe(true)
  await last.close()
  expect(
    place
      .starts()
      .map((one) => one.pid)
      .filter(isAlive),
  ).toEqual([])
}, 360_000)

test('a stage whose engine was killed leaves by itself, and the next engine waits for it instead of working beside it', async () => {
  // It does not listen to the end of its pipe for 6 s: an orphan for that long.
  place = makePlace({ sfm: { steps: 1000, stepMs: 20, lingerMs: 6000 } })
  const first = await open(place)
  const captureId = await checked(first, place.photos)
  await first.close()
  const child = engineProcess(place, 'start', captureId)
  await lineOf(child)
  while (place.starts().length === 0 || !isNoted(place)) await wait(50)
  child.kill('SIGKILL')
  await new Promise((done) => child.once('exit', done))
  const orphan = place.starts()[0]?.pid ?? 0
  expect(isAlive(orphan)).toBe(true)
  const next = await open(place, {}, 'browser')
  while (place.starts().length < 2) await wait(20)
  expect(isAlive(orphan)).toBe(false)
  await next.close()
})
