import { describe, expect, test } from 'vitest'
import { killLoop } from './testing/kill-loop.ts'
import { prepareServer } from './testing/versitygw.ts'

const mib = 1024 * 1024
const missing = prepareServer()

describe.skipIf(missing !== null)(`uploads under kill -9${missing ? ` (left out: ${missing})` : ''}`, () => {
  // The long one, 100 kills: bench/transfer/kill-loop.ts.
  test(
    'eight kills of client and server in turn: every object byte-equal, no orphan, no receipt lost, hardly a byte twice',
    { timeout: 400_000 },
    async ({ signal }) => {
      const photos = [
        ...Array.from({ length: 10 }, (_, at) => ({ file: `IMG_${at}.JPG`, sizeBytes: 2 * mib + at, seed: at + 1 })),
        { file: 'RAW.TIF', sizeBytes: 26 * mib + 5, seed: 99 },
      ]
      const result = await killLoop({ kills: 8, seed: 7, photos, bytesPerS: 20 * mib, alsoServer: true, longestLifeMs: 1200, signal })
      expect(result).toMatchObject({ unequal: [], orphans: 0, lostReceipts: 0 })
      expect(result.clientKills + result.serverKills).toBeGreaterThanOrEqual(8)
      // A kill costs at most what was on the line: one part, and the beginning of the next.
      expect(result.receivedBytes).toBeLessThan(result.uniqueBytes + 8 * 1.25 * 8 * mib)
    },
  )
})
