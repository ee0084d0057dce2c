import type { CloudTarget } from '../../../core/transfer/cloud-target.ts'
import type { Paint } from '../terminal/paint.ts'

/** One target for a person: where it is, and what signs in to it. */
export function targetText(target: CloudTarget, paint: Paint): string {
  const { name, bucket, region, tenant, profile, endpoint, api } = target
  const rows = [
    ['bucket', bucket],
    ['region', region],
    ['place', `t/${tenant}/`],
    ['sign-in', profile === null ? 'the environment, or the default AWS profile' : `AWS profile ${profile}`],
    ...(endpoint === null ? [] : [['server', endpoint]]),
    ['runs', api ?? 'not set up: --api ADDRESS, the stack output "Api"'],
  ]
  return `${paint.strong(name)}\n${rows.map(([word = '', value = '']) => `  ${word.padEnd(8)} ${value}\n`).join('')}`
}
