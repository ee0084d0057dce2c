// Transfers beside rclone, in one run against one server: `node bench/transfer/run.ts [--rounds N] [--only NAME]`. Prints one table.
// The server shares the machine's processors with both clients: CPU seconds are firm, wall times are for ratios only.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { closeSync, existsSync, mkdirSync, mkdtempSync, openSync, ftruncateSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Manifest } from '../../core/capture/manifest.ts'
import { buildChecksums } from '../../engine/cloud/native/build.mjs'
import { photoRow, type PlannedPhoto, writeCapture } from '../../engine/cloud/testing/capture.ts'
import { killLoop } from '../../engine/cloud/testing/kill-loop.ts'
import { prepareServer, rootKey, type Server, startServer } from '../../engine/cloud/testing/versitygw.ts'
import type { ClientJob, ClientResult } from './client.ts'
import { hasRclone, rclone, type Taken, timed } from './peer.ts'

const root = new URL('../../', import.meta.url).pathname
const mib = 1024 * 1024
const gib = 1024 * mib
const bucket = 'bench'
// Linux keeps a file system in memory here.
const memoryDisk = '/dev/shm'
const { values } = parseArgs({ options: { rounds: { type: 'string', default: '3' }, only: { type: 'string' } } })
const rounds = Number(values.rounds)

type Row = { readonly what: string; readonly measured: string; readonly must: string; readonly holds: boolean | null }
type Bench = { readonly server: Server; readonly folder: string }

/** Runs our client alone in its process. */
async function client(
  bench: Bench,
  direction: 'up' | 'down',
  job: Omit<ClientJob, 'endpoint' | 'bucket' | 'credentials'>,
): Promise<ClientResult> {
  const file = join(bench.folder, 'job.json')
  writeFileSync(file, JSON.stringify({ ...job, endpoint: bench.server.endpoint, bucket, credentials: rootKey }))
  // The flag keeps V8 from growing its young generation to 100 MB over small garbage; a launcher should give it as well.
  // As the launcher (build/spaceport.mjs) starts it: with the compile cache.
  const env = { ...process.env, NODE_COMPILE_CACHE: join(root, '.cache', 'compile') }
  const words = ['--max-semi-space-size=4', join(root, 'bench', 'transfer', 'client.ts'), direction, file]
  const child = spawn(process.execPath, words, { env, stdio: ['ignore', 'pipe', 'inherit'] })
  let said = ''
  child.stdout.on('data', (chunk) => (said += String(chunk)))
  await new Promise((resolve) => child.once('close', resolve))
  return JSON.parse(said.trim()) as ClientResult
}

function emptyBucket({ server }: Bench): void {
  for (const name of readdirSync(join(server.data, bucket))) rmSync(join(server.data, bucket, name), { recursive: true, force: true })
}

function capture(bench: Bench, name: string, photos: readonly PlannedPhoto[]): { folder: string; manifest: Manifest; file: string } {
  const folder = join(bench.folder, name)
  const manifest = writeCapture(folder, photos, `c-${name}1`)
  const file = join(bench.folder, `${name}.json`)
  writeFileSync(file, JSON.stringify(manifest))
  return { folder, manifest, file }
}

const many = (count: number, sizeBytes: number, seed = 0) =>
  Array.from({ length: count }, (_, at) => ({ file: `IMG_${at}.JPG`, sizeBytes, seed: seed + at + 1 }))
const median = (numbers: readonly number[]) => [...numbers].sort((a, b) => a - b)[numbers.length >> 1] as number

/** Both clients in turn, so that a change in the machine's load hits both. */
async function beside(
  ours: () => Promise<Taken>,
  theirs: () => Promise<Taken>,
): Promise<{ readonly ours: Taken[]; readonly theirs: Taken[] }> {
  const taken = { ours: [] as Taken[], theirs: [] as Taken[] }
  for (let round = 0; round < rounds; round++) {
    if (hasRclone()) taken.theirs.push(await theirs())
    taken.ours.push(await ours())
  }
  return taken
}

function compared(what: string, bytes: number, taken: { readonly ours: Taken[]; readonly theirs: Taken[] }, cpuLimit: number | null): Row {
  const rate = (runs: readonly Taken[]) => median(runs.map((one) => bytes / 1e6 / one.wallS))
  const cpu = (runs: readonly Taken[]) => median(runs.map((one) => one.cpuS / (bytes / gib)))
  const own = `${rate(taken.ours).toFixed(0)} MB/s, ${cpu(taken.ours).toFixed(2)} CPU-s/GiB`
  const must = cpuLimit === null ? '>= 1.0 x rclone' : `>= 1.0 x rclone, CPU <= ${cpuLimit} x`
  if (taken.theirs.length === 0) return { what, measured: `${own}; rclone is not installed`, must, holds: null }
  const [speed, work] = [rate(taken.ours) / rate(taken.theirs), cpu(taken.ours) / cpu(taken.theirs)]
  const peer = `rclone ${rate(taken.theirs).toFixed(0)} MB/s, ${cpu(taken.theirs).toFixed(2)}`
  return {
    what,
    measured: `${own}; ${peer}: ${speed.toFixed(2)} x, CPU ${work.toFixed(2)} x`,
    must,
    holds: speed >= 1 && (cpuLimit === null || work <= cpuLimit),
  }
}

async function uploads(bench: Bench, what: string, name: string, photos: readonly PlannedPhoto[]): Promise<Row> {
  const { folder, file } = capture(bench, name, photos)
  let round = 0
  const ours = async () => {
    emptyBucket(bench)
    const result = await client(bench, 'up', { home: join(bench.folder, `home-${name}-${round++}`), folder, manifest: file })
    if (result.state !== 'done') throw new Error(`our upload ended as ${result.state}`)
    return { wallS: result.tookMs / 1000, cpuS: result.cpuS }
  }
  const theirs = () => {
    emptyBucket(bench)
    return rclone(folder, `peer:${bucket}/rclone`, bench.server.endpoint)
  }
  const row = compared(
    what,
    photos.reduce((sum, photo) => sum + photo.sizeBytes, 0),
    await beside(ours, theirs),
    0.65,
  )
  rmSync(folder, { recursive: true, force: true })
  return row
}

async function again(bench: Bench): Promise<Row> {
  emptyBucket(bench)
  const { folder, file } = capture(bench, 'again', many(1000, 40_000))
  const job = { home: join(bench.folder, 'home-again'), folder, manifest: file }
  await client(bench, 'up', job)
  const runs = []
  for (let round = 0; round < rounds; round++) runs.push(await client(bench, 'up', job))
  const tookS = median(runs.map((one) => one.tookMs / 1000))
  const sent = Math.max(...runs.map((one) => one.moved))
  return {
    what: 'second upload of the same capture, 1,000 photos',
    measured: `${sent} photo bytes, ${tookS.toFixed(2)} s with the start of the process, ${median(runs.map((one) => one.cpuS)).toFixed(2)} CPU-s`,
    must: '0 bytes, < 2 s',
    holds: sent === 0 && tookS < 2,
  }
}

async function plan(bench: Bench): Promise<Row> {
  emptyBucket(bench)
  const { folder, manifest } = capture(bench, 'plan', many(10_000, 2000))
  const sparse = openSync(join(folder, 'huge.tif'), 'w')
  ftruncateSync(sparse, 100 * gib)
  closeSync(sparse)
  // Its hash is made up: the file is there to be planned and begun, not to be finished.
  const huge = photoRow('huge.tif', createHash('sha256').update('100 GiB of zeros').digest('hex'), 100 * gib)
  const file = join(bench.folder, 'plan.json')
  writeFileSync(file, JSON.stringify({ ...manifest, photos: [huge, ...manifest.photos] }))
  const result = await client(bench, 'up', { home: join(bench.folder, 'home-plan'), folder, manifest: file, untilVerified: 10_000 })
  const firstS = (result.firstByteMs ?? Number.POSITIVE_INFINITY) / 1000
  const measured = `first byte after ${firstS.toFixed(2)} s, ${result.rssMiB.toFixed(0)} MiB at most over all 10,000 and ${(result.moved / gib).toFixed(1)} GiB sent`
  return { what: '10,000 photos and a 100 GiB file', measured, must: '< 3 s, < 300 MB', holds: firstS < 3 && result.rssMiB * mib < 300e6 }
}

/** The same objects onto the disk and, where the system has one, onto a disk of memory: there the clients alone are compared. */
async function downloads(bench: Bench): Promise<Row[]> {
  emptyBucket(bench)
  const photos = many(40, Math.floor(gib / 40), 5000)
  const { folder, manifest, file } = capture(bench, 'down', photos)
  await client(bench, 'up', { home: join(bench.folder, 'home-down-up'), folder, manifest: file })
  rmSync(folder, { recursive: true, force: true })
  const bytes = photos.reduce((sum, photo) => sum + photo.sizeBytes, 0)
  const disk = await downloadsOnto(bench, manifest, join(bench.folder, 'down'))
  const what = 'download, 1 GiB in 40 files'
  // rclone ends with its bytes in the system's memory; ours are on the disk by then. The second row asks the same of both.
  const rows = [
    compared(`${what}; ours on the disk at the end, rclone's not yet`, bytes, disk, null),
    compared(`${what}; both on the disk (rclone, then sync of its files)`, bytes, { ...disk, theirs: disk.durable }, null),
  ]
  if (!existsSync(memoryDisk)) return rows
  const onMemory = mkdtempSync(join(memoryDisk, 'spaceport-bench-'))
  try {
    const memory = await downloadsOnto(bench, manifest, onMemory)
    return [...rows, compared(`${what}; onto a disk of memory, where neither waits for a disk`, bytes, memory, null)]
  } finally {
    rmSync(onMemory, { recursive: true, force: true })
  }
}

async function downloadsOnto(bench: Bench, manifest: Manifest, folder: string) {
  let round = 0
  const ours = async () => {
    const out = join(folder, 'ours')
    const items = manifest.photos.map((photo) => ({ file: photo.file, path: join(out, photo.file), key: `t/acme/photos/${photo.object}` }))
    const result = await client(bench, 'down', { home: join(folder, `home-${round++}`), folder: out, items })
    rmSync(out, { recursive: true, force: true })
    if (result.state !== 'done') throw new Error(`our download ended as ${result.state}`)
    return { wallS: result.tookMs / 1000, cpuS: result.cpuS }
  }
  const durable: Taken[] = []
  const theirs = async () => {
    const out = join(folder, 'theirs')
    const taken = await rclone(`peer:${bucket}/t/acme/photos`, out, bench.server.endpoint)
    const synced = await timed(['sync', ...readdirSync(out).map((name) => join(out, name))])
    durable.push({ wallS: taken.wallS + synced.wallS, cpuS: taken.cpuS + synced.cpuS })
    rmSync(out, { recursive: true, force: true })
    return taken
  }
  return { ...(await beside(ours, theirs)), durable }
}

async function kills(): Promise<Row> {
  const result = await killLoop({
    kills: 15,
    seed: 1,
    photos: many(80, 5 * mib),
    bytesPerS: 25 * mib,
    alsoServer: false,
    longestLifeMs: 2000,
  })
  const ratio = result.receivedBytes / result.uniqueBytes
  const clean = result.unequal.length === 0 && result.orphans === 0 && result.lostReceipts === 0
  return {
    what: `bytes after ${result.clientKills} random kill -9 over 400 MiB`,
    measured: `${ratio.toFixed(3)} x of the unique bytes, counted at the server's side`,
    must: '<= 1.10 x',
    holds: ratio <= 1.1 && clean,
  }
}

const parts: Readonly<Record<string, (bench: Bench) => Promise<Row | Row[]>>> = {
  photos: (bench) => uploads(bench, '200 x 5 MiB up', 'photos', many(200, 5 * mib)),
  large: (bench) => uploads(bench, '1 x 2 GiB up', 'large', many(1, 2 * gib, 900)),
  kills,
  again,
  plan,
  downloads,
}

const missing = prepareServer()
if (missing !== null) {
  console.error(`bench/transfer left out: ${missing}`)
  process.exit(1)
}
const checksums = buildChecksums(root)
const folder = mkdtempSync(join(tmpdir(), 'spaceport-bench-'))
const server = await startServer(bucket)
const rows: Row[] = []
try {
  for (const [name, part] of Object.entries(parts)) {
    if (values.only !== undefined && values.only !== name) continue
    mkdirSync(folder, { recursive: true })
    const measured = [await part({ server, folder })].flat()
    rows.push(...measured)
    for (const row of measured) console.error(`${name}: ${row.measured}`)
  }
} finally {
  await server.close()
  rmSync(folder, { recursive: true, force: true })
}
console.log(`\nchecksums: ${checksums.ok ? 'native' : 'wasm'}; median of ${rounds}, rclone and Spaceport in turn, one server\n`)
console.log('| what | measured | must reach | holds |\n|---|---|---|---|')
for (const row of rows)
  console.log(`| ${row.what} | ${row.measured} | ${row.must} | ${row.holds === null ? 'not compared' : row.holds ? 'yes' : 'NO'} |`)
