// The whole line on the sample capture, cold, median of N runs (--times N, default 3), beside pycolmap's own sfm pipeline in the same session.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type LineRun, runLine } from './measure.ts'
import { pageUsableS } from './page.ts'

const root = join(import.meta.dirname, '..', '..')
const photos = join(root, 'samples', 'caliterra')
const times = Number(parseArgs({ options: { times: { type: 'string', default: '3' } } }).values.times)
if (!Number.isInteger(times) || times < 1) throw new Error('--times is a whole number from 1')

type Peer = {
  readonly steps: Readonly<Record<string, { readonly s: number; readonly cpuS: number }>>
  readonly registered: number
  readonly peakBytes: number
}

function runPeer(): Peer {
  const python = join(root, '.venv', process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python')
  const result = spawnSync(python, [join(import.meta.dirname, 'peer.py'), photos, '1000'], { encoding: 'utf8' })
  return JSON.parse(result.stdout.trim().split('\n').at(-1) ?? '') as Peer
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}

type Target = { readonly most?: number; readonly least?: number }

function row(name: string, values: readonly number[], unit: string, digits = 1, target?: Target): string {
  const [low, high] = [Math.min(...values), Math.max(...values)]
  const middle = median(values)
  const figure = `${name.padEnd(44)} ${middle.toFixed(digits).padStart(8)} ${unit.padEnd(4)} (${low.toFixed(digits)} to ${high.toFixed(digits)})`
  return target === undefined ? figure : `${figure.padEnd(82)} ${reached(middle, target)}`
}

function reached(value: number, { most = Infinity, least = -Infinity }: Target): string {
  const wanted = most === Infinity ? `at least ${least}` : `at most ${most}`
  return `${wanted}: ${value <= most && value >= least ? 'reached' : 'MISSED'}`
}

const lines: LineRun[] = []
const peers: Peer[] = []
const pages: number[] = []
for (let turn = 0; turn < times; turn += 1) {
  const home = mkdtempSync(join(tmpdir(), 'spaceport-bench-'))
  lines.push(await runLine(root, photos, home))
  rmSync(home, { recursive: true, force: true })
  peers.push(runPeer())
  pages.push(await pageUsableS(root))
  process.stderr.write(`turn ${turn + 1} of ${times} done\n`)
}

const peerCpu = peers.map((peer) => Object.values(peer.steps).reduce((sum, step) => sum + step.cpuS, 0))
const peerWall = peers.map((peer) => Object.values(peer.steps).reduce((sum, step) => sum + step.s, 0))
const stage = (name: string, key: 's' | 'cpuS') => lines.map((line) => line.stages[name]?.[key] ?? Number.NaN)
const shareOf = (name: string) => lines.map((line) => (100 * (line.stages[name]?.s ?? Number.NaN)) / line.sceneS)
const peerStep = (name: string, key: 's' | 'cpuS') => peers.map((peer) => peer.steps[name]?.[key] ?? Number.NaN)
const out = [
  `sample capture, run --preset preview, cold home, ${times} runs, median (lowest to highest)`,
  row(
    'drop to viewable scene',
    lines.map((one) => one.sceneS),
    's',
    1,
    { most: 40 },
  ),
  row(
    '  check (scan, overlap, verdict)',
    lines.map((one) => one.checkS),
    's',
  ),
  ...['sfm', '3dgs', 'compression'].flatMap((name) => [
    row(`  ${name}`, stage(name, 's'), 's'),
    row(`  ${name}, CPU`, stage(name, 'cpuS'), 's'),
    row(`  ${name}, share of the whole`, shareOf(name), '%', 0),
  ]),
  row(
    'go to first splat',
    lines.map((one) => one.firstSplatS),
    's',
    1,
    { most: 20 },
  ),
  row('page usable after start', pages, 's', 1, { most: 3 }),
  row(
    'held-out PSNR',
    lines.map((one) => one.psnr),
    'dB',
    2,
    { least: 32 },
  ),
  row(
    'held-out SSIM',
    lines.map((one) => one.ssim),
    '',
    3,
    { least: 0.87 },
  ),
  row(
    'peak memory, process tree',
    lines.map((one) => one.peakBytes / 1e6),
    'MB',
    0,
    { most: 2000 },
  ),
  '',
  'peer in the same run: pycolmap extract_features + match_exhaustive + incremental_mapping, its defaults, 1000 px',
  row('peer, sfm', peerWall, 's'),
  row('peer, sfm, CPU', peerCpu, 's'),
  ...['features', 'pairs', 'map'].map((name) => row(`  peer, ${name}, CPU`, peerStep(name, 'cpuS'), 's')),
  row(
    'peer, photos registered',
    peers.map((peer) => peer.registered),
    '',
    0,
  ),
  row(
    'ratio ours / peer, sfm CPU',
    lines.map((line, at) => (line.stages['sfm']?.cpuS ?? Number.NaN) / (peerCpu[at] ?? Number.NaN)),
    'x',
    2,
  ),
]
process.stdout.write(`${out.join('\n')}\n`)
