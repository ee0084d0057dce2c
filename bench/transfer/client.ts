// The client of bench/transfer/run.ts, alone in its process so that its CPU and memory can be told. Words: up | down, job file.
import { readFileSync } from 'node:fs'
import type { Manifest } from '../../core/capture/manifest.ts'
import { emptyLedger, record } from '../../core/transfer/ledger.ts'
import { download } from '../../engine/cloud/downloader.ts'
import type { Credentials } from '../../engine/cloud/target.ts'
import { uploadFolder } from '../../engine/cloud/upload-folder.ts'
import { openDatabase } from '../../engine/history/database.ts'

export type ClientJob = {
  readonly home: string
  readonly endpoint: string
  readonly bucket: string
  readonly credentials: Credentials
  readonly folder: string
  readonly manifest?: string
  readonly items?: readonly { readonly file: string; readonly path: string; readonly key: string }[]
  /** End as soon as so many files are verified: the rest of the plan is only there to be planned. */
  readonly untilVerified?: number
}

/** The client's last words: one line of JSON. */
export type ClientResult = {
  readonly state: string
  readonly tookMs: number
  readonly firstByteMs: number | null
  readonly cpuS: number
  readonly rssMiB: number
  readonly moved: number
  readonly there: number
  readonly verified: number
}

const [direction, file = ''] = process.argv.slice(2)
const job = JSON.parse(readFileSync(file, 'utf8')) as ClientJob
const now = () => new Date()
const { db } = openDatabase(job.home, now)
const stop = new AbortController()
const { endpoint, bucket, credentials } = job
const target = { endpoint, bucket, region: 'us-east-1', tenant: 'acme', credentials: async () => credentials }
const events =
  direction === 'up'
    ? uploadFolder(JSON.parse(readFileSync(job.manifest ?? '', 'utf8')) as Manifest, job.folder, target, { db, now }, stop.signal)
    : download(job.items ?? [], target, { db, now }, stop.signal)
let ledger = emptyLedger
let firstByteMs: number | null = null
for await (const event of events) {
  ledger = record(ledger, event)
  if (event.kind === 'moved') firstByteMs ??= performance.now()
  if (event.kind === 'failed') console.error(JSON.stringify(event))
  if (job.untilVerified !== undefined && ledger.files.verified >= job.untilVerified) stop.abort()
}
db.close()
const used = process.resourceUsage()
const result: ClientResult = {
  state: ledger.state,
  tookMs: performance.now(),
  firstByteMs,
  cpuS: (used.userCPUTime + used.systemCPUTime) / 1e6,
  rssMiB: used.maxRSS / 1024,
  moved: ledger.bytes.moved,
  there: ledger.files.there,
  verified: ledger.files.verified,
}
console.log(JSON.stringify(result))
