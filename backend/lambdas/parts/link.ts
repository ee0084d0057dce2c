import { createHmac, timingSafeEqual } from 'node:crypto'
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { z } from 'zod'
import { variable } from './environment.ts'

const secrets = new SecretsManagerClient({})
let key: Promise<string> | undefined

/** What a mail's link leads to: one object of one run, until a time. */
const Target = z.object({ key: z.string().regex(/^t\/[^/]+\/runs\/[^/]+\/[^?#]+$/), name: z.string(), until: z.number() })
export type Target = z.infer<typeof Target>

/** A token that only this account can make: the target and its HMAC. */
export async function tokenOf(target: Target): Promise<string> {
  const body = Buffer.from(JSON.stringify(target)).toString('base64url')
  return `${body}.${(await macOf(body)).toString('base64url')}`
}

/** The target of a token; null where we did not make it. */
export async function targetOf(token: string): Promise<Target | null> {
  const [body, mac, more] = token.split('.')
  if (body === undefined || mac === undefined || more !== undefined) return null
  const [given, right] = [Buffer.from(mac, 'base64url'), await macOf(body)]
  if (given.length !== right.length || !timingSafeEqual(given, right)) return null
  return Target.parse(JSON.parse(Buffer.from(body, 'base64url').toString()))
}

async function macOf(body: string): Promise<Buffer> {
  key ??= readKey()
  try {
    return createHmac('sha256', await key)
      .update(body)
      .digest()
  } catch (error) {
    key = undefined
    throw error
  }
}

async function readKey(): Promise<string> {
  const { SecretString } = await secrets.send(new GetSecretValueCommand({ SecretId: variable('LINK_KEY_ARN') }))
  if (!SecretString) throw new Error('the key of the links is empty')
  return SecretString
}
