import { AdminGetUserCommand, CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider'
import { SendEmailCommand, SESv2Client } from '@aws-sdk/client-sesv2'
import { z } from 'zod'
import { StartJob } from '../../core/cloud/api.ts'
import { bucket } from '../../core/layout.ts'
import { ownerTenant } from './parts/caller.ts'
import { variable } from './parts/environment.ts'
import { tokenOf } from './parts/link.ts'
import { mailOf, type News } from './parts/mail.ts'
import { head, readJson } from './parts/objects.ts'
import { runOf } from './parts/run.ts'

const cognito = new CognitoIdentityProviderClient({})
const ses = new SESv2Client({})

const Event = z.object({
  kind: z.enum(['done', 'stopped', 'failed']),
  runId: z.string(),
  outputs: z.object({ compression: z.string() }),
  report: z.object({ score: z.number().nullable(), costUsd: z.number().nullable().optional() }).optional(),
  error: z.object({ Error: z.string().optional(), Cause: z.string().optional() }).optional(),
})

const daysOpen = 7

/** Tells the person who started a run how it ended, with links that open. */
export const handler = async (event: unknown): Promise<{ messageId: string }> => {
  const { kind, outputs, report, error } = Event.parse(event)
  const { tenant, runId, prefix } = runOf(outputs.compression)
  const mail = mailOf({
    kind,
    runId,
    name: await nameOf(tenant, prefix),
    score: report?.score ?? null,
    costUsd: report?.costUsd ?? null,
    reason: kind === 'failed' ? reasonOf(error) : null,
    links: kind === 'failed' ? [] : await linksOf(prefix, runId),
    daysOpen,
  })
  const content = (Data: string) => ({ Data, Charset: 'UTF-8' })
  const { MessageId } = await ses.send(
    new SendEmailCommand({
      FromEmailAddress: variable('SENDER'),
      Destination: { ToAddresses: [await addressOf(tenant)] },
      Content: { Simple: { Subject: content(mail.subject), Body: { Text: content(mail.text), Html: content(mail.html) } } },
    }),
  )
  return { messageId: MessageId ?? '' }
}

/** The address comes from the user pool, never from a request: nobody can have mails sent to someone else. */
async function addressOf(tenant: string): Promise<string> {
  if (tenant === ownerTenant) return variable('OWNER_MAIL')
  const user = await cognito.send(new AdminGetUserCommand({ UserPoolId: variable('USER_POOL'), Username: tenant }))
  const address = user.UserAttributes?.find((one) => one.Name === 'email')?.Value
  if (!address) throw new Error('this person has no address')
  return address
}

/** The capture's own name, as the person knows it; the run's where the manifest is gone. */
async function nameOf(tenant: string, prefix: string): Promise<string> {
  const request = await readJson(`${prefix}/request.json`, StartJob.pick({ captureId: true, runId: true }).loose())
  if (!request) return prefix.split('/').at(-1) ?? prefix
  const manifest = await readJson(bucket.manifest(tenant, request.captureId), z.object({ name: z.string() }))
  return manifest?.name ?? request.runId
}

async function linksOf(prefix: string, runId: string): Promise<News['links']> {
  const files = [
    { file: 'compression/scene.sog', label: 'Download the scene (.sog)', name: `${runId}.sog` },
    { file: 'compression/scene.spz', label: 'Download as .spz', name: `${runId}.spz` },
  ]
  const until = Date.now() + daysOpen * 86_400_000
  const links = await Promise.all(
    files.map(async ({ file, label, name }) => {
      const key = `${prefix}/${file}`
      const stored = await head(key)
      return stored ? { label, bytes: stored.bytes, url: `${variable('API_URL')}links/${await tokenOf({ key, name, until })}` } : null
    }),
  )
  return links.filter((one) => one !== null)
}

const Job = z.object({ FailureReason: z.string() })

/** SageMaker's own sentence where there is one; it ends with what the stage wrote to /opt/ml/output/failure. */
function reasonOf(error: z.infer<typeof Event>['error']): string {
  const cause = error?.Cause ?? ''
  try {
    return Job.parse(JSON.parse(cause)).FailureReason
  } catch {
    return cause || (error?.Error ?? 'no reason was given')
  }
}
