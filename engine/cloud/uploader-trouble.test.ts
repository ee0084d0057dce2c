import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { openStand, send, type Stand, told } from './testing/stand.ts'
import { captureOn, isEqualOn, small } from './testing/uploads.ts'
import { prepareServer, rootKey } from './testing/versitygw.ts'

const missing = prepareServer()

describe.skipIf(missing !== null)(`uploads over a bad line${missing ? ` (left out: ${missing})` : ''}`, { timeout: 120_000 }, () => {
  let stand: Stand
  beforeEach(async () => {
    stand = await openStand()
  })
  afterEach(async () => {
    vi.useRealTimers()
    await stand.close()
  })

  const capture = (photos: Parameters<typeof captureOn>[1], name?: string) => captureOn(stand, photos, name)
  const isEqual = (manifest: ReturnType<typeof capture>) => isEqualOn(stand, manifest)

  test('a connection reset in the middle of a body, throttling and server errors are tried again', async () => {
    let asked = 0
    stand.proxy.plan = ({ method }) => {
      if (method !== 'PUT') return null
      asked++
      if (asked === 2) return { kind: 'reset', afterBytes: 100_000 }
      if (asked === 3) return { kind: 'answer', status: 503, code: 'SlowDown' }
      return asked === 5 ? { kind: 'answer', status: 500, code: 'InternalError' } : null
    }
    const manifest = capture(small(6))
    const { events, ledger } = await told(send(stand, manifest))
    expect(ledger).toMatchObject({ state: 'done', files: { verified: 6 }, retries: 3 })
    expect(events.flatMap((event) => (event.kind === 'retry' ? [event.problem.code] : [])).sort()).toEqual([
      'upload/broken',
      'upload/broken',
      'upload/throttled',
    ])
    expect(isEqual(manifest)).toBe(true)
  })

  test('a server that never answers is given up on after its time, and asked again', async () => {
    let asked = 0
    stand.proxy.plan = ({ method }) => (method === 'PUT' && ++asked === 1 ? { kind: 'black-hole' } : null)
    const manifest = capture(small(2))
    const { ledger } = await told(send(stand, manifest, { patience: { connectMs: 5000, silentMs: 1500, answerMs: 1500 } }))
    // A machine that is slow enough may run out of patience a second time; the photos arrive all the same.
    expect(ledger.state).toBe('done')
    expect(ledger.retries).toBeGreaterThan(0)
    expect(isEqual(manifest)).toBe(true)
  })

  test('credentials that ran out are renewed once for all, and the upload goes on', async () => {
    let asked = 0
    let given = 0
    stand.proxy.plan = ({ method }) =>
      method === 'PUT' && ++asked >= 2 && given < 2 ? { kind: 'answer', status: 400, code: 'ExpiredToken' } : null
    const target = { ...stand.target, credentials: async () => (given++, rootKey) }
    const { ledger } = await told(send(stand, capture(small(6)), { target }))
    expect(ledger).toMatchObject({ state: 'done', retries: 0 })
    expect(given).toBe(2)
  })

  test('credentials that stay expired end the upload with the sign-in as its remedy, also where the refusal has no body', async () => {
    stand.proxy.plan = () => ({ kind: 'answer', status: 400, code: 'ExpiredToken' })
    const { events } = await told(send(stand, capture(small(3))))
    expect(events.at(-1)).toMatchObject({ kind: 'failed', problem: { code: 'upload/expired' } })
    stand.proxy.plan = () => null
    expect((await told(send(stand, capture(small(3))))).ledger.state).toBe('done')
  })

  test('a wrong clock is corrected by the server’s own', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 3 * 3_600_000 })
    const { ledger } = await told(send(stand, capture(small(4))))
    expect(ledger).toMatchObject({ state: 'done', files: { verified: 4 }, retries: 0 })
  })

  test('a refusal stops the upload at once and says so', async () => {
    const target = { ...stand.target, credentials: async () => ({ ...rootKey, secretAccessKey: 'wrong' }) }
    const { events } = await told(send(stand, capture(small(8)), { target }))
    expect(events.at(-1)).toMatchObject({ kind: 'failed', problem: { code: 'upload/denied' } })
    expect(stand.proxy.requests.length).toBeLessThan(40)
  })

  test('a PUT whose answer was lost is recognised as done, not sent as another', async () => {
    let asked = 0
    stand.proxy.plan = ({ method }) => (method === 'PUT' && ++asked === 1 ? { kind: 'drop-answer' } : null)
    const manifest = capture(small(3))
    expect((await told(send(stand, manifest))).ledger).toMatchObject({ state: 'done', files: { verified: 3 } })
    expect(isEqual(manifest)).toBe(true)
  })

  test('without a way to the server it waits, spends no attempt, and goes on by itself', async () => {
    const manifest = capture(small(8))
    await stand.server.kill()
    const target = { ...stand.target, endpoint: stand.server.endpoint }
    void sleep(1500).then(() => stand.server.start())
    const { events, ledger } = await told(send(stand, manifest, { target }))
    expect(ledger).toMatchObject({ state: 'done', files: { verified: 8 } })
    expect(events.flatMap((event) => (event.kind === 'held' ? [event.by] : []))).toEqual(['offline'])
    expect(events.some((event) => event.kind === 'going-on')).toBe(true)
    expect(ledger.retries).toBe(0)
  })
})
