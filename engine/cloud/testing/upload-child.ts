// A client that tests kill: uploads a capture and tells each event as a line. Words: home, folder, manifest file, endpoint, bucket.
import { readFileSync } from 'node:fs'
import { Manifest } from '../../../core/capture/manifest.ts'
import { openDatabase } from '../../history/database.ts'
import { uploadFolder } from '../upload-folder.ts'
import { targetOf } from './versitygw.ts'

const [home = '', folder = '', manifestFile = '', endpoint = '', bucket = ''] = process.argv.slice(2)
// A server that a kill left hanging is given up on within the time that a test has.
const patience = { connectMs: 5000, silentMs: 5000, answerMs: 8000 }
const now = () => new Date()
const manifest = Manifest.parse(JSON.parse(readFileSync(manifestFile, 'utf8')))
const { db } = openDatabase(home, now)
const stop = new AbortController()
process.on('SIGTERM', () => stop.abort())
for await (const event of uploadFolder(manifest, folder, targetOf(endpoint, bucket), { db, now, patience }, stop.signal)) {
  process.stdout.write(`${JSON.stringify(event)}\n`)
  if (event.kind === 'failed' || event.kind === 'stopped') process.exitCode = 30
}
db.close()
