import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { SignatureV4 } from '@smithy/signature-v4'
import { type Key, Sha256 } from '../../backend/testing/front-door.ts'
import { end, freePort, launch, ready, rootKey, type Server, startServer } from '../../engine/cloud/testing/versitygw.ts'

/** What the person's role of the stack allows in the bucket (backend/constructs/identity.ts), with the variable that this server knows. */
const policyOf = (bucket: string): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Action: ['s3:PutObject', 's3:AbortMultipartUpload', 's3:ListMultipartUploadParts'],
        Resource: ['photos/*', 'captures/*'].map((place) => `arn:aws:s3:::${bucket}/t/\${aws:username}/${place}`),
      },
      { Effect: 'Allow', Action: ['s3:GetObject'], Resource: [`arn:aws:s3:::${bucket}/t/\${aws:username}/*`] },
      {
        Effect: 'Allow',
        Action: ['s3:ListBucket'],
        Resource: [`arn:aws:s3:::${bucket}`],
        Condition: { StringLike: { 's3:prefix': ['t/${aws:username}/*'] } },
      },
    ],
  })

/** An S3 server whose people each reach the own place only; `keys`: what they sign with, in the order of `people`. */
export async function openWalledServer(
  folder: string,
  bucket: string,
  people: readonly string[],
): Promise<{ readonly server: Server; readonly keys: readonly Key[] }> {
  const iamFolder = join(folder, 'iam')
  mkdirSync(iamFolder, { recursive: true })
  const [port, socket] = [await freePort(), join(folder, 'private.sock')]
  const iam = launch(['-p', `127.0.0.1:${port}`, 'iam', '--dir', iamFolder, '--private-ports', socket])
  await ready(`http://127.0.0.1:${port}/`, iam)
  const server = await startServer(bucket, ['--iam-cache-disable', '--iam-standalone-endpoint', socket])
  const keys: Key[] = []
  for (const person of people) {
    const ask = (words: Record<string, string>) => askIam(port, { UserName: person, ...words })
    await ask({ Action: 'CreateUser' })
    await ask({ Action: 'PutUserPolicy', PolicyName: 'own', PolicyDocument: policyOf(bucket) })
    const made = await ask({ Action: 'CreateAccessKey' })
    const field = (name: string): string => new RegExp(`<${name}>([^<]+)</${name}>`).exec(made)?.[1] ?? ''
    keys.push({ accessKeyId: field('AccessKeyId'), secretAccessKey: field('SecretAccessKey'), sub: person })
  }
  const close = async (): Promise<void> => {
    await server.close()
    await end(iam, 'SIGTERM')
  }
  return { server: { ...server, close }, keys }
}

/** One question to the IAM service: no client of it is among our packages. */
async function askIam(port: number, words: Record<string, string>): Promise<string> {
  const body = new URLSearchParams({ Version: '2010-05-08', ...words }).toString()
  const signer = new SignatureV4({ service: 'iam', region: 'us-east-1', credentials: rootKey, sha256: Sha256 })
  const { headers } = await signer.sign({
    method: 'POST',
    protocol: 'http:',
    hostname: '127.0.0.1',
    port,
    path: '/',
    headers: { host: `127.0.0.1:${port}`, 'content-type': 'application/x-www-form-urlencoded' },
    body,
  })
  const answer = await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body, headers })
  const said = await answer.text()
  if (!answer.ok) throw new Error(`${words['Action']}: ${answer.status} ${said}`)
  return said
}
