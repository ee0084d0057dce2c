import { createHash } from 'node:crypto'

/** One capture and one target have one transfer, however often it is begun. */
export function transferIdOf(captureId: string, target: string): string {
  return `t-${createHash('sha256').update(`${captureId}\n${target}`).digest('hex').slice(0, 16)}`
}
