import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { availableParallelism, freemem, totalmem } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { CacheUse } from '../core/cache-use.ts'
import type { DoctorRow } from '../core/doctor.ts'
import { bytes as sizeText } from '../core/figures.ts'
import type { Host } from './host.ts'
import { openNative } from './intake/native.ts'
import { pythonOf } from './run/programs.ts'

const run = promisify(execFile)
const gigabyte = 1e9
// Chosen, not measured: room for several small runs.
const leastDiskBytes = 2 * gigabyte
// The whole line is built to stay under 2 GB.
const leastMemoryBytes = 2 * gigabyte

export type Found = Pick<DoctorRow, 'state' | 'what' | 'remedy' | 'quota'>

/** Measures whether this machine can do the work: one row a part, each with its remedy. */
export async function doctor(host: Host, cacheUse: () => Promise<CacheUse>): Promise<readonly DoctorRow[]> {
  const checks: readonly (readonly [string, () => Found | Promise<Found>])[] = [
    ['Node', node],
    ['Python and pycolmap', () => python(host)],
    ['Overlap engine', () => overlapEngine(host)],
    ['Trainer', () => trainer(host)],
    ['Compressor', () => compressor(host)],
    ['Disk', () => disk(host)],
    ['Caches', async () => cachesFound(await cacheUse())],
    ['Memory', memory],
    ['Processors', processors],
    ['Window', () => windowFound(host)],
  ]
  return Promise.all(checks.map(([check, look]) => doctorRow(check, look)))
}

/** One row: what was found, and how long it took to look. */
export async function doctorRow(check: string, look: () => Found | Promise<Found>): Promise<DoctorRow> {
  const began = performance.now()
  const found = await Promise.resolve()
    .then(look)
    .catch((error: unknown): Found => ({
      state: 'unknown',
      what: `Could not be looked at: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`,
      remedy: 'Check again.',
    }))
  return { check, ...found, tookMs: Math.round(performance.now() - began) }
}

export const ok = (what: string): Found => ({ state: 'ok', what, remedy: null })

function node(): Found {
  const major = Number(process.versions.node.split('.')[0])
  // better-sqlite3 13 needs Node-API 10: an older Node crashes without a word.
  return major >= 22
    ? ok(`Node ${process.versions.node}`)
    : { state: 'blocks', what: `Node ${process.versions.node} is too old.`, remedy: 'Run the set-up again: it brings its own Node.' }
}

async function python(host: Host): Promise<Found> {
  const remedy = 'Run the set-up (`npm run setup`): it makes the Python environment.'
  const program = pythonOf(host.program)
  if (!existsSync(program)) return { state: 'blocks', what: 'The Python environment is not there.', remedy }
  try {
    const script = 'import sys, pycolmap; print(sys.version.split()[0], pycolmap.__version__)'
    const { stdout } = await run(program, ['-c', script], { timeout: 60_000 })
    const [version, pycolmap] = stdout.trim().split(' ')
    return ok(`Python ${version}, pycolmap ${pycolmap}`)
  } catch {
    return { state: 'blocks', what: 'Python starts, but pycolmap does not load.', remedy }
  }
}

function overlapEngine(host: Host): Found {
  try {
    if (openNative(host.program).kind === 'addon') return ok('The native add-on is loaded.')
    return {
      state: 'limits',
      what: 'The native add-on does not load: photos are compared by its WebAssembly build, which takes about ten times as long.',
      remedy: 'Run the set-up again on a machine with a C++ compiler whose results may be loaded.',
    }
  } catch (error) {
    return {
      state: 'limits',
      what: `The native add-on does not load: photos cannot be compared. (${error instanceof Error ? error.message.split('\n')[0] : ''})`,
      remedy: 'Run the set-up again; it needs a C++ compiler.',
    }
  }
}

async function trainer(host: Host): Promise<Found> {
  const script = 'import cpu_engine; cpu_engine.CpuEngine(16, 0, 1).close(); print("ok")'
  try {
    await run(pythonOf(host.program), ['-c', script], {
      cwd: join(host.program, 'containers', '3dgs'),
      env: { ...process.env, PYTHONPATH: join(host.program, 'containers') },
      timeout: 180_000,
    })
    return ok('The CPU trainer is built and starts.')
  } catch (error) {
    const said = (error as { stderr?: string }).stderr?.trim().split('\n').at(-1) ?? ''
    return { state: 'blocks', what: `The trainer does not start. ${said}`.trim(), remedy: 'Run the set-up again; it needs a C++ compiler.' }
  }
}

function compressor(host: Host): Found {
  try {
    createRequire(join(host.program, 'package.json')).resolve('@playcanvas/splat-transform')
    return ok('splat-transform is there.')
  } catch {
    return { state: 'blocks', what: 'splat-transform is missing.', remedy: 'Run the set-up again.' }
  }
}

async function disk(host: Host): Promise<Found> {
  const { bavail, bsize } = await statfs(host.home)
  const free = bavail * bsize
  const what = `${(free / gigabyte).toFixed(1)} GB free in ${host.home}`
  return free >= leastDiskBytes
    ? ok(what)
    : { state: 'limits', what, remedy: 'Free space, or set SPACEPORT_HOME to a folder on another disk.' }
}

function cachesFound({ kinds, bytes, limitBytes }: CacheUse): Found {
  const parts = kinds.map((one) => `${one.kind} ${sizeText(one.bytes)}`).join(', ')
  const what = `${sizeText(bytes)} of at most ${sizeText(limitBytes)} (${parts})`
  return bytes <= limitBytes
    ? ok(what)
    : { state: 'limits', what, remedy: 'Unfinished runs need all of it: finish or discard them, or allow more in the settings.' }
}

function memory(): Found {
  const what = `${(totalmem() / gigabyte).toFixed(1)} GB, ${(freemem() / gigabyte).toFixed(1)} GB free`
  return totalmem() >= leastMemoryBytes
    ? ok(what)
    : { state: 'limits', what, remedy: 'Choose the preset preview, or a machine with more memory.' }
}

function processors(): Found {
  const count = availableParallelism()
  return count >= 2
    ? ok(`${count} processors`)
    : { state: 'limits', what: 'One processor: runs take twice as long.', remedy: 'Use a machine with more processors.' }
}

function windowFound(host: Host): Found {
  const electron = electronBinary(host)
  if (electron !== null) return ok(`Electron: ${electron}`)
  const browser = browsers().find((file) => existsSync(file))
  if (browser !== undefined) return ok(`No Electron binary; the browser is used: ${browser}`)
  return {
    state: 'limits',
    what: 'Neither the Electron binary nor a browser was found in the usual places.',
    remedy: 'Install Chrome, Chromium or Edge, or open the printed address in any browser.',
  }
}

function electronBinary(host: Host): string | null {
  const folder = join(host.program, 'node_modules', 'electron', 'dist')
  const names = { darwin: 'Electron.app/Contents/MacOS/Electron', win32: 'electron.exe' } as Record<string, string>
  const file = join(folder, names[process.platform] ?? 'electron')
  return existsSync(file) ? file : null
}

function browsers(): readonly string[] {
  const byPath = (process.env['PATH'] ?? '')
    .split(':')
    .flatMap((folder) => ['chromium', 'google-chrome', 'chromium-browser', 'microsoft-edge'].map((name) => join(folder, name)))
  if (process.platform === 'darwin')
    return ['Google Chrome', 'Chromium', 'Microsoft Edge'].map((name) => `/Applications/${name}.app/Contents/MacOS/${name}`)
  if (process.platform !== 'win32') return byPath
  const ends = ['Google\\Chrome\\Application\\chrome.exe', 'Microsoft\\Edge\\Application\\msedge.exe']
  return ['ProgramFiles', 'ProgramFiles(x86)'].flatMap((name) => ends.map((end) => join(process.env[name] ?? '', end)))
}
