import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { CloudTarget } from '../../core/transfer/cloud-target.ts'
import { transferStore } from '../history/transfers.ts'
import { targetDoctor } from './target-doctor.ts'
import { bucketName, openStand, type Stand } from './testing/stand.ts'
import { prepareServer, rootKey, storedFiles } from './testing/versitygw.ts'

const missing = prepareServer()
const now = () => new Date()

describe.skipIf(missing !== null)(`the doctor of an account${missing ? ` (left out: ${missing})` : ''}`, { timeout: 120_000 }, () => {
  let stand: Stand
  const folder = mkdtempSync(join(tmpdir(), 'spaceport-doctor-'))
  beforeAll(async () => {
    stand = await openStand()
  })
  afterEach(() => {
    stand.proxy.plan = () => null
  })
  // The first of these is the last to run, also where another fails.
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  afterAll(() => stand.close())

  const signIn = () =>
    Object.assign(process.env, {
      AWS_ACCESS_KEY_ID: rootKey.accessKeyId,
      AWS_SECRET_ACCESS_KEY: rootKey.secretAccessKey,
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_CONFIG_FILE: join(folder, 'none'),
      AWS_SHARED_CREDENTIALS_FILE: join(folder, 'none'),
    })
  const signOut = () => ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'].forEach((name) => Reflect.deleteProperty(process.env, name))
  const ask = async (over: Partial<CloudTarget> = {}) => {
    const place = { name: 'studio', bucket: bucketName, region: 'us-east-1', tenant: 'acme', profile: null, endpoint: stand.proxy.endpoint }
    const rows = await targetDoctor({ ...place, ...over }, { store: transferStore(stand.db, now), now })
    return rows.map(({ check, state }) => [check, state])
  }

  test('what works is seen by doing it, and nothing is left behind', async () => {
    signIn()
    expect(await ask()).toEqual([
      ['Sign-in', 'ok'],
      ['Bucket', 'ok'],
      ['Sending photos', 'ok'],
      ['Runs', 'limits'],
    ])
    expect(storedFiles(stand.server, bucketName).size).toBe(0)
    expect(stand.proxy.requests.map(({ method }) => method)).toEqual(['GET', 'POST', 'DELETE'])
  })

  test('each trouble is named where it is', async () => {
    signIn()
    expect(await ask({ bucket: 'no-such-bucket' })).toContainEqual(['Bucket', 'blocks'])
    stand.proxy.plan = ({ method }) => (method === 'POST' ? { kind: 'answer', status: 403, code: 'AccessDenied' } : null)
    expect(await ask()).toContainEqual(['Sending photos', 'blocks'])
    // Nothing listens there: that says nothing of the account.
    await stand.proxy.away()
    expect(await ask({ api: stand.proxy.endpoint })).toEqual([
      ['Sign-in', 'ok'],
      ['Bucket', 'unknown'],
      ['Runs', 'unknown'],
    ])
    await stand.proxy.back()
    signOut()
    expect(await ask()).toEqual([['Sign-in', 'blocks']])
    signIn()
  })
})
