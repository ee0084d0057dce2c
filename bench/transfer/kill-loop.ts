// The long kill loop: `node bench/transfer/kill-loop.ts [kills] [seed] [both|client]`. Every figure is counted at the server's side of the line.
import { killLoop } from '../../engine/cloud/testing/kill-loop.ts'
import { prepareServer } from '../../engine/cloud/testing/versitygw.ts'

const mib = 1024 * 1024
const [kills = '100', seed = '1', who = 'both'] = process.argv.slice(2)
const missing = prepareServer()
if (missing !== null) {
  console.error(`kill loop left out: ${missing}`)
  process.exit(1)
}
// 400 MiB as a field crew has it: sixty photos of about 5 MiB and two large files that go in parts.
const photos = [
  ...Array.from({ length: 60 }, (_, at) => ({ file: `DCIM/IMG_${at}.JPG`, sizeBytes: 5 * mib + at * 701, seed: at + 1 })),
  ...Array.from({ length: 2 }, (_, at) => ({ file: `RAW/RAW_${at}.TIF`, sizeBytes: 50 * mib + at * 997, seed: at + 1001 })),
]
const started = performance.now()
const result = await killLoop({
  kills: Number(kills),
  seed: Number(seed),
  photos,
  bytesPerS: 25 * mib,
  alsoServer: who === 'both',
  longestLifeMs: 2000,
  tell: (line) => console.error(line),
})
console.log(
  JSON.stringify(
    {
      ...result,
      ratio: Number((result.receivedBytes / result.uniqueBytes).toFixed(3)),
      tookS: Math.round((performance.now() - started) / 1000),
    },
    null,
    1,
  ),
)
const isClean = result.unequal.length === 0 && result.orphans === 0 && result.lostReceipts === 0
process.exitCode = isClean ? 0 : 1
