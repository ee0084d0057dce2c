import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Manifest } from '../../core/capture/manifest.ts'
import type { Change } from '../../core/contract.ts'
import type { TransferSummary } from '../../core/transfer/cloud-target.ts'
import { problemOf } from '../../core/problem.ts'
import { convertedLock } from '../cache/cache.ts'
import { transferStore } from '../history/transfers.ts'
import { takeLock } from '../lock.ts'
import { type TransferDesk, transferDesk } from './desk.ts'
import { noise, photoRow, writeCapture } from './testing/capture.ts'
import { bucketName, openStand, type Stand } from './testing/stand.ts'
import { until } from './testing/until.ts'
import { prepareServer, rootKey, storedFiles } from './testing/versitygw.ts'

const missing = prepareServer()
const now = () => new Date()
const captureId = 'c-desk01'

describe.skipIf(missing !== null)(`the desk of transfers${missing ? ` (left out: ${missing})` : ''}`, { timeout: 120_000 }, () => {
  let stand: Stand
  let manifest: Manifest
  let desks: TransferDesk[]
  const told: TransferSummary[] = []

  beforeEach(async () => {
    stand = await openStand()
    desks = []
    told.length = 0
    manifest = writeCapture(
      join(stand.folder, 'photos'),
      Array.from({ length: 10 }, (_, at) => ({ file: `IMG_${at}.JPG`, sizeBytes: 200_000 + at, seed: at + 1 })),
      captureId,
    )
    signIn()
    open().saveTarget({
      name: 'studio',
      bucket: bucketName,
      region: 'us-east-1',
      tenant: 'acme',
      profile: null,
      endpoint: stand.proxy.endpoint,
    })
  })
  afterEach(async () => {
    allow(Number.POSITIVE_INFINITY)
    await Promise.all(desks.map((desk) => desk.close()))
    await stand.close()
  })

  const signIn = () =>
    Object.assign(process.env, {
      AWS_ACCESS_KEY_ID: rootKey.accessKeyId,
      AWS_SECRET_ACCESS_KEY: rootKey.secretAccessKey,
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_CONFIG_FILE: join(stand.folder, 'none'),
      AWS_SHARED_CREDENTIALS_FILE: join(stand.folder, 'none'),
    })
  const signOut = () => ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'].forEach((name) => Reflect.deleteProperty(process.env, name))
  /** A desk as the next process of the same home would open it. */
  const open = (): TransferDesk => {
    const host = {
      kind: 'browser' as const,
      home: join(stand.folder, 'home'),
      program: stand.folder,
      now,
      log: (line: string) => void expect.unreachable(line),
    }
    const publish = (change: Change) => void (change.kind === 'transfer' && told.push(change.transfer))
    const desk = transferDesk({
      host,
      db: stand.db,
      store: transferStore(stand.db, now),
      freeze: async () => manifest,
      limit: () => null,
      publish,
      nameOf: () => 'Quarry',
    })
    desks.push(desk)
    return desk
  }
  let release: (count: number) => void = () => {}
  /** Lets only so many photos through the server's door; the next ones stand before it. */
  const allow = (count: number) => release(count)
  const gate = (count: number) => {
    let [asked, allowed] = [0, count]
    release = (more) => (allowed = more)
    const isLetIn = (photo: number) => photo <= allowed
    stand.proxy.plan = async ({ method }) => {
      if (method === 'PUT') for (const mine = ++asked; !isLetIn(mine);) await sleep(5)
      return null
    }
  }
  const stateOf = (desk: TransferDesk) => desk.list()[0]?.ledger
  const ended = (desk: TransferDesk) => until(() => ['done', 'failed'].includes(stateOf(desk)?.state ?? ''))

  test('a transfer is told from its plan to its end, and started again it finds everything there', async () => {
    const desk = open()
    const begun = await desk.start(captureId, 'studio')
    expect(begun).toMatchObject({ captureName: 'Quarry', target: 'studio', ledger: { files: { total: 10 } } })
    await ended(desk)
    expect(stateOf(desk)).toMatchObject({ state: 'done', files: { verified: 10, there: 0 }, bytes: { twice: 0 } })
    expect(told.some(({ ledger }) => ledger.state === 'moving')).toBe(true)
    await until(() => told.at(-1)?.ledger.state === 'done')
    const moved = stand.proxy.received.total
    await desk.resume(begun.transferId)
    await ended(desk)
    expect(stateOf(desk)).toMatchObject({ state: 'done', files: { there: 10 }, bytes: { moved: 0 } })
    expect(stand.proxy.received.total).toBe(moved)
  })

  test('paused stays paused over a restart; going on sends the rest, nothing twice, and what it sent before is not called there', async () => {
    gate(4)
    const desk = open()
    const { transferId } = await desk.start(captureId, 'studio')
    await until(() => stateOf(desk)?.files.verified === 4)
    expect((await desk.pause(transferId)).ledger).toMatchObject({ state: 'held', heldBy: 'user' })
    allow(Number.POSITIVE_INFINITY)
    await desk.close()
    const next = open()
    next.resumeUnfinished()
    expect(stateOf(next)).toMatchObject({ state: 'held', heldBy: 'user' })
    await next.resume(transferId)
    await ended(next)
    expect(stateOf(next)).toMatchObject({ state: 'done', files: { verified: 10, there: 0 } })
  })

  test('a sleeping machine holds every transfer, also one that begins meanwhile; waking up ends that, and never what a person paused', async () => {
    gate(3)
    const desk = open()
    const { transferId } = await desk.start(captureId, 'studio')
    await until(() => stateOf(desk)?.files.verified === 3)
    desk.holdAll('sleep')
    expect(stateOf(desk)).toMatchObject({ state: 'held', heldBy: 'sleep' })
    await desk.pause(transferId)
    desk.holdAll(null)
    expect(stateOf(desk)).toMatchObject({ state: 'held', heldBy: 'user' })
    desk.holdAll('battery')
    // A person's word goes over the rule.
    await desk.resume(transferId)
    expect(stateOf(desk)).toMatchObject({ state: 'moving', heldBy: null })
    await desk.close()
    await stand.proxy.cut()
    allow(Number.POSITIVE_INFINITY)
    const next = open()
    next.holdAll('battery')
    next.resumeUnfinished()
    await until(() => stateOf(next)?.heldBy === 'battery')
    const sent = stand.proxy.received.total
    next.holdAll(null)
    await ended(next)
    expect(stateOf(next)).toMatchObject({ state: 'done', files: { verified: 10 } })
    expect(stand.proxy.received.total).toBeGreaterThan(sent)
  })

  test('the battery holds a transfer that a command line follows as it holds all others', async () => {
    const desk = open()
    desk.holdAll('battery')
    const seen: (string | null)[] = []
    for await (const { event, ledger } of desk.send(captureId, 'studio', new AbortController().signal)) {
      if (event.kind === 'held' || event.kind === 'going-on') seen.push(ledger.heldBy)
      if (event.kind !== 'held') continue
      expect(stand.proxy.received.total).toBe(0)
      desk.holdAll(null)
    }
    expect(seen).toEqual(['battery', null])
    expect(stateOf(desk)).toMatchObject({ state: 'done', files: { verified: 10 } })
  })

  test('what a closing engine leaves goes on by itself at the next start', async () => {
    gate(4)
    const desk = open()
    await desk.start(captureId, 'studio')
    await until(() => stateOf(desk)?.files.verified === 4)
    await desk.close()
    await stand.proxy.cut()
    allow(Number.POSITIVE_INFINITY)
    const next = open()
    next.resumeUnfinished()
    await ended(next)
    expect(stateOf(next)).toMatchObject({ state: 'done', files: { verified: 10, there: 0 } })
    // Ten photos, and the manifest under both of its names.
    expect(storedFiles(stand.server, bucketName).size).toBe(12)
  })

  test('two processes never send the same capture at once; cancelled it stays stopped until it is started again', async () => {
    gate(2)
    const desk = open()
    const { transferId } = await desk.start(captureId, 'studio')
    const busy = await open().start(captureId, 'studio').catch(problemOf)
    expect(busy).toMatchObject({ code: 'upload/busy' })
    expect((await desk.cancel(transferId)).ledger.state).toBe('stopped')
    const next = open()
    next.resumeUnfinished()
    expect(stateOf(next)?.state).toBe('stopped')
    allow(Number.POSITIVE_INFINITY)
    await next.start(captureId, 'studio')
    await ended(next)
    expect(stateOf(next)?.state).toBe('done')
  })

  test('a sign-in that ran out ends it as such, and one that is back goes on; where there never was one, that is said', async () => {
    signOut()
    const desk = open()
    const { transferId } = await desk.start(captureId, 'studio')
    await ended(desk)
    expect(stateOf(desk)).toMatchObject({ state: 'failed', problem: { code: 'cloud/not-signed-in' } })
    signIn()
    stand.proxy.plan = () => ({ kind: 'answer', status: 400, code: 'ExpiredToken' })
    await desk.resume(transferId)
    await ended(desk)
    expect(stateOf(desk)?.problem?.code).toBe('upload/expired')
    signOut()
    await desk.resume(transferId)
    await ended(desk)
    expect(stateOf(desk)?.problem?.code).toBe('upload/expired')
    signIn()
    stand.proxy.plan = () => null
    await desk.resume(transferId)
    await ended(desk)
    expect(stateOf(desk)).toMatchObject({ state: 'done', files: { verified: 10 } })
  })

  test('a photo that was converted is sent as the JPEG it became, by that one’s size', async () => {
    const jpeg = noise(123_456, 42)
    const object = createHash('sha256').update(jpeg).digest('hex')
    const derived = join(stand.folder, 'home', 'cache', 'derived')
    mkdirSync(derived, { recursive: true })
    writeFileSync(join(derived, `${object}.jpg`), jpeg)
    writeFileSync(join(manifest.folder, 'PHONE.HEIC'), noise(50_000, 43))
    manifest = { ...manifest, photos: [...manifest.photos, photoRow('PHONE.HEIC', object, 50_000)] }
    gate(4)
    const desk = open()
    await desk.start(captureId, 'studio')
    await until(() => stateOf(desk)?.files.verified === 4)
    // Clearing the caches asks for this lock, and leaves what was converted while it is held.
    expect(takeLock(join(stand.folder, 'home'), convertedLock)).toBeNull()
    allow(Number.POSITIVE_INFINITY)
    await ended(desk)
    expect(stateOf(desk)).toMatchObject({ state: 'done', files: { verified: 11 } })
    await desk.close()
    const free = takeLock(join(stand.folder, 'home'), convertedLock)
    expect(free).not.toBeNull()
    free?.release()
    expect(
      storedFiles(stand.server, bucketName)
        .get(`t/acme/photos/${object}.jpg`)
        ?.equals(readFileSync(join(derived, `${object}.jpg`))),
    ).toBe(true)
  })
})
