import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ChildProcess } from 'node:child_process'
import { createHmac, createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3'
import { openDatabase } from '../history/database.ts'
import type { Target } from './target.ts'
import { writeCapture } from './testing/capture.ts'
import { told } from './testing/stand.ts'
import { end, freePort, launch, prepareServer, ready, rootKey } from './testing/versitygw.ts'
import { uploadFolder } from './upload-folder.ts'

const mib = 1024 * 1024
const missing = prepareServer()
const bucket = 'walls'
const now = () => new Date()

// What the account's policy says of a person: only the own place, by a policy variable (the cloud's is in backend/).
const policy = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Action: ['s3:GetObject', 's3:PutObject', 's3:AbortMultipartUpload', 's3:ListMultipartUploadParts'],
      Resource: [`arn:aws:s3:::${bucket}/t/\${aws:username}/*`],
    },
    {
      Effect: 'Allow',
      Action: ['s3:ListBucket', 's3:ListBucketMultipartUploads'],
      Resource: [`arn:aws:s3:::${bucket}`],
      Condition: { StringLike: { 's3:prefix': ['t/${aws:username}/*'] } },
    },
  ],
})

/** One question to the IAM service, signed by hand: no IAM client is among our packages. */
async function iam(endpoint: string, words: Record<string, string>): Promise<string> {
  const body = new URLSearchParams({ Version: '2010-05-08', ...words }).toString()
  const stamp = new Date().toISOString().replaceAll(/[-:]|\.\d{3}/g, '')
  const [day, host] = [stamp.slice(0, 8), new URL(endpoint).host]
  const hash = (text: string) => createHash('sha256').update(text).digest('hex')
  const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest()
  const head = `content-type:application/x-www-form-urlencoded\nhost:${host}\nx-amz-date:${stamp}\n`
  const signed = 'content-type;host;x-amz-date'
  const scope = `${day}/us-east-1/iam/aws4_request`
  const toSign = ['AWS4-HMAC-SHA256', stamp, scope, hash(['POST', '/', '', head, signed, hash(body)].join('\n'))].join('\n')
  const key = ['us-east-1', 'iam', 'aws4_request'].reduce((sum, word) => hmac(sum, word), hmac(`AWS4${rootKey.secretAccessKey}`, day))
  const authorization = `AWS4-HMAC-SHA256 Credential=${rootKey.accessKeyId}/${scope}, SignedHeaders=${signed}, Signature=${hmac(key, toSign).toString('hex')}`
  const answer = await fetch(`${endpoint}/`, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/x-www-form-urlencoded', 'x-amz-date': stamp, authorization },
  })
  const said = await answer.text()
  if (!answer.ok) throw new Error(`${words['Action']}: ${answer.status} ${said}`)
  return said
}

describe.skipIf(missing !== null)(`tenants behind their walls${missing ? ` (left out: ${missing})` : ''}`, { timeout: 120_000 }, () => {
  const home = mkdtempSync(join(tmpdir(), 'spaceport-walls-'))
  const children: ChildProcess[] = []
  const targets: Record<string, Target> = {}
  let endpoint = ''

  beforeAll(async () => {
    for (const name of ['iam', `data/${bucket}`]) mkdirSync(join(home, name), { recursive: true })
    const [iamPort, port] = [await freePort(), await freePort()]
    const socket = join(home, 'private.sock')
    children.push(launch(['-p', `127.0.0.1:${iamPort}`, 'iam', '--dir', join(home, 'iam'), '--private-ports', socket]))
    await ready(`http://127.0.0.1:${iamPort}/`, children[0] as ChildProcess)
    children.push(
      launch([
        '--quiet',
        '--keep-alive',
        '-p',
        `127.0.0.1:${port}`,
        '--health',
        '/health',
        '--iam-cache-disable',
        '--iam-standalone-endpoint',
        socket,
        'posix',
        join(home, 'data'),
      ]),
    )
    endpoint = `http://127.0.0.1:${port}`
    await ready(`${endpoint}/health`, children[1] as ChildProcess)
    for (const tenant of ['acme', 'evil']) {
      const ask = (words: Record<string, string>) => iam(`http://127.0.0.1:${iamPort}`, { UserName: tenant, ...words })
      await ask({ Action: 'CreateUser' })
      await ask({ Action: 'PutUserPolicy', PolicyName: 'own', PolicyDocument: policy })
      const key = await ask({ Action: 'CreateAccessKey' })
      const field = (name: string) => key.match(new RegExp(`<${name}>([^<]+)</${name}>`))?.[1] ?? ''
      const credentials = { accessKeyId: field('AccessKeyId'), secretAccessKey: field('SecretAccessKey') }
      targets[tenant] = { bucket, region: 'us-east-1', endpoint, tenant, credentials: async () => credentials }
    }
  })
  const stop = new AbortController()
  afterAll(async () => {
    stop.abort()
    for (const child of children) await end(child, 'SIGTERM')
    rmSync(home, { recursive: true, force: true })
  })

  const photos = [
    { file: 'A.JPG', sizeBytes: 100_000, seed: 1 },
    { file: 'B.TIF', sizeBytes: 17 * mib, seed: 2 },
  ]
  const sendAs = async (who: string, place: string, name: string) => {
    const { db } = openDatabase(join(home, `${name}-home`), now)
    const manifest = writeCapture(join(home, name), photos)
    const result = await told(
      uploadFolder(manifest, manifest.folder, { ...(targets[who] as Target), tenant: place }, { db, now }, stop.signal),
    )
    db.close()
    return { ...result, manifest }
  }

  test('each tenant reaches the own place, small and in parts', async () => {
    for (const tenant of ['acme', 'evil']) {
      const { ledger } = await sendAs(tenant, tenant, tenant)
      expect(ledger, tenant).toMatchObject({ state: 'done', files: { verified: 2, there: 0 } })
    }
  })

  test('and nothing of the other: not to write, not to look, not to list', async () => {
    // Shown above, and here again for the same caller: a denial proves nothing where nothing is allowed.
    expect((await sendAs('evil', 'evil', 'evil')).ledger.state).toBe('done')
    for (const [who, place] of [
      ['evil', 'acme'],
      ['acme', 'evil'],
    ] as const) {
      const { events } = await sendAs(who, place, `${who}-at-${place}`)
      expect(events.at(-1)).toMatchObject({ kind: 'failed', problem: { code: 'upload/denied' } })
    }
    const evil = new S3Client({
      region: 'us-east-1',
      endpoint,
      forcePathStyle: true,
      credentials: await (targets['evil'] as Target).credentials(),
    })
    const list = (prefix: string) => evil.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix }))
    expect((await list('t/evil/')).KeyCount).toBe(2)
    await expect(list('t/acme/')).rejects.toMatchObject({ name: 'AccessDenied' })
    await expect(list('')).rejects.toMatchObject({ name: 'AccessDenied' })
    evil.destroy()
  })
})
