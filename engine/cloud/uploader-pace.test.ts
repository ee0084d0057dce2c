import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { PauseSwitch } from './pause.ts'
import { openStand, send, type Stand, told } from './testing/stand.ts'
import { captureOn, large, mib, small } from './testing/uploads.ts'
import { prepareServer } from './testing/versitygw.ts'

const missing = prepareServer()

describe.skipIf(missing !== null)(`how fast uploads go${missing ? ` (left out: ${missing})` : ''}`, { timeout: 120_000 }, () => {
  let stand: Stand
  beforeEach(async () => {
    stand = await openStand()
  })
  afterEach(async () => {
    await stand.close()
  })

  const capture = (photos: Parameters<typeof captureOn>[1], name?: string) => captureOn(stand, photos, name)
  const bodies = () => stand.proxy.received.total

  test('pausing holds at once, and no byte is sent twice for it', async () => {
    const manifest = capture([...small(20, mib), ...large])
    stand.proxy.bytesPerS = 30 * mib
    const pause = new PauseSwitch()
    let held = false
    const { events, ledger } = await told(send(stand, manifest, { pause }), async (_, { bytes }) => {
      if (held || bytes.moved < 12 * mib) return
      held = true
      pause.hold('user')
      setTimeout(() => pause.goOn(), 1500)
    })
    expect(ledger).toMatchObject({ state: 'done', bytes: { twice: 0 } })
    expect(bodies()).toBe(ledger.bytes.total)
    const [from, to] = ['held', 'going-on'].map((kind) => events.findIndex((event) => event.kind === kind)) as [number, number]
    const whileHeld = events.slice(from, to).flatMap((event) => (event.kind === 'moved' ? [event.bytes] : []))
    // What was on the line goes to its end: the bodies that the pace had let on it, and one whose predecessor has almost arrived.
    const bodiesOnLine = events.slice(0, from).reduce((most, event) => (event.kind === 'pace' ? event.onLine : most), 1) + 1
    expect(whileHeld.reduce((sum, bytes) => sum + bytes, 0)).toBeLessThanOrEqual(bodiesOnLine * 8 * mib)
  })

  test('the bandwidth limit holds', async () => {
    const manifest = capture(small(4, mib))
    const started = performance.now()
    const { ledger } = await told(send(stand, manifest, { limit: { bytesPerS: 2 * mib, hours: null } }))
    expect(ledger.state).toBe('done')
    expect(performance.now() - started).toBeGreaterThan(1400)
  })
})
