import { createHash } from 'node:crypto'
import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Ended, type Kit, call, must } from './kit.ts'

/** A folder for the runs of one image's checks. */
export type Bench = { readonly kit: Kit; readonly image: string; readonly folder: string }

/** What a container may do in every check: nothing outside, nothing but its folders, no more than this memory. */
const strict = ['--pull=never', '--network', 'none', '--read-only', '--memory', '3g']

const RUN_MS = 300_000
/** SageMaker gives a job this long after SIGTERM. */
export const STOP_S = 120

/** Runs the image to its end: `mounts` as HOST:INSIDE[:ro], `args` for its entry point. */
export function run(bench: Bench, mounts: readonly string[], args: readonly string[] = [], more: readonly string[] = []): Ended {
  return call(bench.kit, 'podman', ['run', '--rm', ...strict, ...more, ...volumes(mounts), bench.image, ...args], RUN_MS)
}

/** Starts the image, waits for `when`, asks it to stop as SageMaker does, and returns its exit code. */
export async function stopWhen(bench: Bench, mounts: readonly string[], args: readonly string[], when: () => boolean): Promise<number> {
  const id = must(bench.kit, 'podman', ['run', '-d', ...strict, ...volumes(mounts), bench.image, ...args]).trim()
  const state = (field: string): string => must(bench.kit, 'podman', ['inspect', '-f', `{{.State.${field}}}`, id]).trim()
  try {
    for (let waited = 0; !when(); waited += 200) {
      if (state('Running') !== 'true') throw new Error(`it ended by itself: ${call(bench.kit, 'podman', ['logs', id]).err.slice(-400)}`)
      if (waited > RUN_MS) throw new Error('it never came to the work that should be stopped')
      await sleep(200)
    }
    must(bench.kit, 'podman', ['stop', '-t', String(STOP_S), id], (STOP_S + 30) * 1000)
    return Number(state('ExitCode'))
  } finally {
    call({ ...bench.kit, endsAt: Infinity }, 'podman', ['rm', '-f', '-t', '0', id])
  }
}

const volumes = (mounts: readonly string[]): string[] => mounts.flatMap((mount) => ['-v', mount])

/** A new folder below the bench with these folders in it. */
export function folders(bench: Bench, name: string, below: readonly string[]): string {
  const folder = join(bench.folder, name)
  for (const one of below) mkdirSync(join(folder, one), { recursive: true })
  return folder
}

export const json = (...path: string[]): any => JSON.parse(readFileSync(join(...path), 'utf8'))

/** Whether a progress line of `step` with at least `done` counted was written in a stage's folder. */
export function reached(out: string, step: string, done: number): boolean {
  const file = join(out, 'progress.jsonl')
  if (!existsSync(file)) return false
  const lines = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.endsWith('}'))
  return lines.map((line) => JSON.parse(line) as { step: string; done: number }).some((line) => line.step === step && line.done >= done)
}

/** The first `count` photos of the sample capture with their manifest, as the input of sfm. */
export function samplePhotos(kit: Kit, folder: string, count: number): void {
  const samples = join(kit.root, 'samples', 'caliterra')
  const names = readdirSync(samples, { recursive: true, encoding: 'utf8' }).filter((name) => /\.jpe?g$/i.test(name))
  mkdirSync(join(folder, 'manifest'), { recursive: true })
  mkdirSync(join(folder, 'photos'), { recursive: true })
  const photos = names
    .sort()
    .slice(0, count)
    .map((file) => {
      const bytes = readFileSync(join(samples, file))
      const object = `${createHash('sha256').update(bytes).digest('hex')}.jpg`
      copyFileSync(join(samples, file), join(folder, 'photos', object))
      return { file, object, ...jpegSize(bytes), camera: 'sample', focalPx: null, orientation: 1, gps: null, use: true }
    })
  writeFileSync(join(folder, 'manifest', 'manifest.json'), JSON.stringify({ version: 1, photos, pairs: null }))
}

/** Width and height out of a JPEG's frame header (ITU T.81, B.2.2). */
function jpegSize(bytes: Buffer): { widthPx: number; heightPx: number } {
  for (let at = 2; at < bytes.length; at += 2 + bytes.readUInt16BE(at + 2)) {
    const marker = bytes.readUInt8(at + 1)
    if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) {
      return { heightPx: bytes.readUInt16BE(at + 5), widthPx: bytes.readUInt16BE(at + 7) }
    }
  }
  throw new Error('a sample photo has no frame header')
}
