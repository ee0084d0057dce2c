import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Manifest } from '../../../core/capture/manifest.ts'
import { bucket as keys } from '../../../core/layout.ts'
import type { TransferEvent } from '../../../core/transfer/events.ts'
import { openDatabase } from '../../history/database.ts'
import { connect } from '../s3-client.ts'
import { storeOf } from '../store.ts'
import { type PlannedPhoto, writeCapture } from './capture.ts'
import { startSlowLine } from './slow-line.ts'
import { spawnTied } from './tied-child.ts'
import { startServer, storedFiles, targetOf } from './versitygw.ts'

const bucket = 'photos'
const now = () => new Date()

export type KillLoopOptions = {
  readonly kills: number
  readonly seed: number
  readonly photos: readonly PlannedPhoto[]
  /** The line between client and server. */
  readonly bytesPerS: number
  /** Every second kill hits the server. */
  readonly alsoServer: boolean
  /** A client lives at most so long after it has its plan. */
  readonly longestLifeMs: number
  readonly tell?: (line: string) => void
  /** Ends the loop and everything that it started. */
  readonly signal?: AbortSignal
}

export type KillLoopResult = {
  readonly clientKills: number
  readonly serverKills: number
  /** Times that everything had arrived before the kills were used up and the bucket was emptied for a next round. */
  readonly rounds: number
  readonly uniqueBytes: number
  /** Bytes that reached the server's side of the line, heads of requests included. */
  readonly receivedBytes: number
  /** Objects that differ from their file by one byte, or are missing. */
  readonly unequal: readonly string[]
  readonly orphans: number
  /** Photos told as verified whose receipt a kill took away. */
  readonly lostReceipts: number
  readonly adoptedParts: number
  readonly reapedUploads: number
  readonly toldTwiceBytes: number
}

/** Uploads a capture while client (and server) are killed at random moments, until all kills were given and everything has arrived. */
export async function killLoop(options: KillLoopOptions): Promise<KillLoopResult> {
  const random = randomOf(options.seed)
  const folder = mkdtempSync(join(tmpdir(), 'spaceport-kills-'))
  const server = await startServer(bucket)
  const line = await startSlowLine(server.endpoint, options.bytesPerS)
  const sum = {
    clientKills: 0,
    serverKills: 0,
    rounds: 0,
    lostReceipts: 0,
    adoptedParts: 0,
    reapedUploads: 0,
    toldTwiceBytes: 0,
    uniqueBytes: 0,
    unequal: [] as string[],
    orphans: 0,
  }
  try {
    const manifest = writeCapture(join(folder, 'photos'), options.photos)
    const file = join(folder, 'manifest.json')
    writeFileSync(file, JSON.stringify(manifest))
    while (sum.clientKills + sum.serverKills < options.kills) {
      // Another round is another tenant-like place: a fresh home, and other bytes at the server.
      const home = join(folder, `home-${sum.rounds}`)
      const own = sum.rounds === 0 ? manifest : again(join(folder, 'photos'), options.photos, sum.rounds)
      writeFileSync(file, JSON.stringify(own))
      for (let done = false; !done;) {
        const nextDoom = (): Doom | null => {
          const given = sum.clientKills + sum.serverKills
          if (given >= options.kills) return null
          return { afterMs: random() * options.longestLifeMs, who: options.alsoServer && given % 2 === 1 ? 'server' : 'client' }
        }
        options.signal?.throwIfAborted()
        const outcome = await live([home, join(folder, 'photos'), file, line.endpoint, bucket], options.signal, nextDoom, async (who) => {
          if (who === 'client') return void sum.clientKills++
          sum.serverKills++
          await server.killAndRestart()
        })
        sum.adoptedParts += outcome.adopted
        sum.reapedUploads += outcome.reaped
        sum.toldTwiceBytes += outcome.twice
        sum.lostReceipts += lost(home, outcome.verified)
        done = outcome.done
      }
      options.tell?.(`round ${sum.rounds + 1}: ${sum.clientKills} client and ${sum.serverKills} server kills so far`)
      sum.uniqueBytes += own.photos.reduce((bytes, photo) => bytes + photo.sizeBytes, 0)
      sum.unequal.push(...unequal(own, join(folder, 'photos'), storedFiles(server, bucket)))
      sum.orphans += await orphans(server.endpoint, own)
      sum.rounds++
    }
    return { ...sum, receivedBytes: line.up() }
  } finally {
    await line.close()
    await server.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

function again(folder: string, photos: readonly PlannedPhoto[], round: number): Manifest {
  return writeCapture(
    folder,
    photos.map((photo) => ({ ...photo, seed: photo.seed + round * 100_003 })),
  )
}

type Doom = { readonly afterMs: number; readonly who: 'client' | 'server' }
type Life = { done: boolean; adopted: number; reaped: number; twice: number; verified: string[] }

/** One life of the client: from its plan on, dooms strike one after the other until one hits it or it has done its work. */
async function live(
  words: readonly string[],
  signal: AbortSignal | undefined,
  nextDoom: () => Doom | null,
  struck: (who: Doom['who']) => Promise<void>,
): Promise<Life> {
  const program = new URL('./upload-child.ts', import.meta.url).pathname
  const child = spawnTied(process.execPath, [program, ...words], { stdio: ['ignore', 'pipe', 'inherit'] })
  const life: Life = { done: false, adopted: 0, reaped: 0, twice: 0, verified: [] }
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const end = () => void child.kill('SIGKILL')
  signal?.addEventListener('abort', end)
  const strike = async () => {
    for (let doom = nextDoom(); doom !== null; doom = nextDoom()) {
      await sleep(doom.afterMs)
      if (life.done || child.exitCode !== null) return
      if (doom.who === 'client') end()
      await struck(doom.who)
      if (doom.who === 'client') return
    }
  }
  let fate: Promise<void> | null = null
  try {
    for await (const line of createInterface({ input: child.stdout as Readable })) {
      const event = JSON.parse(line) as TransferEvent
      if (event.kind === 'planned') fate = strike()
      note(life, event)
    }
  } finally {
    end()
    await ended
    await fate
    signal?.removeEventListener('abort', end)
  }
  return life
}

function note(life: Life, event: TransferEvent): void {
  if (event.kind === 'verified') life.verified.push(event.key)
  if (event.kind === 'adopted') life.adopted += event.parts
  if (event.kind === 'reaped') life.reaped += event.uploads
  if (event.kind === 'again') life.twice += event.bytes
  if (event.kind === 'failed') throw new Error(`the upload failed: ${JSON.stringify(event.problem)}`)
  if (event.kind === 'done') life.done = true
}

function lost(home: string, verified: readonly string[]): number {
  const { db } = openDatabase(home, now)
  try {
    const state = db.prepare('SELECT state FROM uploads WHERE key = ?').pluck()
    return verified.filter((key) => state.get(key) !== 'done').length
  } finally {
    db.close()
  }
}

function unequal(manifest: Manifest, folder: string, stored: ReadonlyMap<string, Buffer>): string[] {
  const isSame = (photo: Manifest['photos'][number]) =>
    stored.get(keys.photo('acme', photo.object))?.equals(readFileSync(join(folder, photo.file))) ?? false
  return manifest.photos.filter((photo) => !isSame(photo)).map((photo) => photo.file)
}

async function orphans(endpoint: string, manifest: Manifest): Promise<number> {
  const connection = connect(targetOf(endpoint, bucket), { now })
  const store = storeOf(await connection.access(), bucket, new AbortController().signal)
  let found = 0
  for (const photo of manifest.photos) found += (await store.uploadsOf(keys.photo('acme', photo.object))).length
  connection.close()
  return found
}

/** Numbers 0..1 that a seed decides (mulberry32). */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
