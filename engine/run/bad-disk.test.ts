import { execFileSync } from 'node:child_process'
import { appendFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { problemOf } from '../../core/problem.ts'
import type { Engine } from '../engine.ts'
import { checked, fakePrograms, isAlive, makePlace, open, type Place, quick, runToEnd } from './fixtures/line.ts'

const canMount = process.platform === 'linux' && process.getuid?.() === 0 && mountWorks()
let mounted: string | null = null
let place: Place | null = null
const engines: Engine[] = []

function mountWorks(): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'spaceport-mount-'))
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder], { stdio: 'ignore' })
    execFileSync('umount', [folder])
    return true
  } catch {
    return false
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function smallDisk(options: string): string {
  mounted = mkdtempSync(join(tmpdir(), 'spaceport-disk-'))
  execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', mounted])
  return mounted
}

afterEach(async () => {
  for (const engine of engines.splice(0)) await engine.close()
  if (mounted) execFileSync('umount', ['-l', mounted])
  if (mounted) rmSync(mounted, { recursive: true, force: true })
  if (place) rmSync(place.root, { recursive: true, force: true })
  mounted = place = null
})

async function openOn(home: string): Promise<{ engine: Engine; at: Place }> {
  const at = makePlace()
  place = at
  const engine = await open({ home, planFile: at.planFile }, { programs: fakePrograms(at.planFile) })
  engines.push(engine)
  return { engine, at }
}

test.skipIf(!canMount)(
  'a disk with too little room is told before the run, with bytes needed and free (needs root: mounts a tmpfs)',
  async () => {
    const { engine, at } = await openOn(join(smallDisk('size=8m'), 'home'))
    const { events } = await runToEnd(engine, await checked(engine, at.photos))
    expect(events.at(-1)).toMatchObject({
      kind: 'failed',
      problem: { code: 'disk/full', what: expect.stringMatching(/may need \d+ MB; \d+ MB are free/) as string },
    })
    expect(at.starts()).toEqual([])
  },
)

test.skipIf(!canMount)(
  'a disk that fills up during a run ends in a Problem, and the run goes on when there is room (needs root: mounts a tmpfs)',
  async () => {
    const disk = smallDisk('size=160m')
    const { engine, at } = await openOn(join(disk, 'home'))
    at.plan({ sfm: { steps: 500, stepMs: 20 } })
    const captureId = await checked(engine, at.photos)
    const { runId } = await engine.startRun(captureId, quick())
    for await (const event of engine.watchRun(runId, AbortSignal.timeout(30_000))) if (event.kind === 'line') break
    fill(join(disk, 'filler'))
    await expect.poll(() => at.starts().filter((one) => isAlive(one.pid))).toEqual([])
    rmSync(join(disk, 'filler'))
    at.plan({})
    // Told by the stage (exit 73) or by the history, whichever met the full disk first; the end is written down when there is room.
    await expect
      .poll(async () => (await engine.handlers['runs.get']({ runId })).state)
      .toMatchObject({ kind: 'failed', problem: { code: expect.stringMatching(/^(run\/disk|disk\/full)$/) as string } })
    const run = await engine.handlers['runs.resume']({ runId })
    expect(run.runId).toBe(runId)
    await expect.poll(async () => (await engine.handlers['runs.get']({ runId })).state.kind).toBe('done')
  },
  90_000,
)

function fill(file: string): void {
  for (const size of [1 << 20, 4096, 1]) {
    try {
      for (;;) appendFileSync(file, Buffer.alloc(size))
    } catch (error) {
      if ((error as { code?: string }).code !== 'ENOSPC') throw error
    }
  }
}

test.skipIf(!canMount)('a read-only home is a Problem with a remedy (needs root: mounts a tmpfs)', async () => {
  const disk = smallDisk('size=8m')
  mkdirSync(join(disk, 'home'))
  execFileSync('mount', ['-o', 'remount,ro', disk])
  const at = makePlace()
  place = at
  const error = await open({ home: join(disk, 'home'), planFile: at.planFile }).then(() => null, problemOf)
  expect(error).toMatchObject({ code: 'disk/read-only', remedy: expect.stringContaining('SPACEPORT_HOME') as string })
  // Node says of a folder that cannot be made there that it does not exist.
  const unmade = await open({ home: join(disk, 'other', 'home'), planFile: at.planFile }).then(() => null, problemOf)
  expect(unmade).toMatchObject({ code: 'disk/read-only', remedy: expect.stringContaining('SPACEPORT_HOME') as string })
})
