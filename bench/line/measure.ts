import { spawn } from 'node:child_process'
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

/** One whole run, measured from outside: seconds since the command was started, bytes of the process tree. */
export type LineRun = {
  readonly sceneS: number
  readonly checkS: number
  readonly firstSplatS: number
  readonly stages: Readonly<Record<string, { readonly s: number; readonly cpuS: number }>>
  readonly psnr: number
  readonly ssim: number
  readonly peakBytes: number
}

type Line = {
  readonly kind: string
  readonly stage?: string
  readonly tookMs?: number
  readonly cpuMs?: number
  readonly line?: { readonly step: string }
  readonly psnr?: number
  readonly ssim?: number
  readonly problem?: { readonly what: string }
}

/** Runs the command line on the photos with a fresh home and reads its JSON lines as they come. */
export async function runLine(root: string, photos: string, home: string): Promise<LineRun> {
  const from = performance.now()
  const now = () => (performance.now() - from) / 1000
  const child = spawn(process.execPath, [join(root, 'engine/hosts/cli.ts'), 'run', photos, '--preset', 'preview', '--json', '--quiet'], {
    env: { ...process.env, SPACEPORT_HOME: home },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const memory = watchMemory(child.pid ?? 0)
  const run = {
    checkS: Number.NaN,
    firstSplatS: Number.NaN,
    psnr: Number.NaN,
    ssim: Number.NaN,
    stages: {} as Record<string, { s: number; cpuS: number }>,
  }
  for await (const text of createInterface({ input: child.stdout })) {
    const line = JSON.parse(text) as Line
    if (line.kind === 'checked') run.checkS = now()
    if (line.kind === 'line' && line.line?.step === 'checkpoint' && Number.isNaN(run.firstSplatS)) run.firstSplatS = now() - run.checkS
    if (line.kind === 'stage-done' && line.stage) run.stages[line.stage] = { s: (line.tookMs ?? 0) / 1000, cpuS: (line.cpuMs ?? 0) / 1000 }
    if (line.kind === 'failed') throw new Error(line.problem?.what)
    if (line.kind === 'done') Object.assign(run, { psnr: line.psnr, ssim: line.ssim })
  }
  return { ...run, sceneS: now(), peakBytes: memory.stop() }
}

// 200 ms: short against a stage, long against reading /proc.
const SAMPLE_MS = 200

/** Samples the resident bytes of a process and its descendants (Linux; elsewhere not a number). */
function watchMemory(pid: number): { readonly stop: () => number } {
  if (process.platform !== 'linux') return { stop: () => Number.NaN }
  let peak = 0
  const timer = setInterval(() => (peak = Math.max(peak, treeBytes(pid))), SAMPLE_MS)
  return {
    stop: () => {
      clearInterval(timer)
      return peak
    },
  }
}

function treeBytes(root: number): number {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(processOf)
    .filter((one) => one !== undefined)
  const inTree = new Set([root])
  for (let grown = true; grown;) {
    grown = false
    for (const one of all) if (!inTree.has(one.pid) && inTree.has(one.parent)) grown = inTree.add(one.pid).has(one.pid)
  }
  return all.filter((one) => inTree.has(one.pid)).reduce((sum, one) => sum + one.bytes, 0)
}

function processOf(name: string): { pid: number; parent: number; bytes: number } | undefined {
  try {
    const status = readFileSync(`/proc/${name}/status`, 'utf8')
    const number = (key: string) => Number(new RegExp(`^${key}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0)
    return { pid: Number(name), parent: number('PPid'), bytes: number('VmRSS') * 1024 }
  } catch {
    // The process ended between the listing and the reading.
    return undefined
  }
}
