import { GetObjectCommand, type S3Client, S3ServiceException } from '@aws-sdk/client-s3'
import type { StageName } from '../../../core/run/events.ts'
import { StageLine } from '../../../core/run/stage-line.ts'

/** Where each stage's lines come up while it works (backend/lambdas/parts/heard.ts asks for the same). */
const files: Readonly<Record<StageName, string>> = {
  sfm: 'sfm/progress.jsonl',
  '3dgs': '3dgs/checkpoints/progress.jsonl',
  compression: 'compression/progress.jsonl',
}

const newline = 10

/** The progress lines of one run in a bucket, read on from where they ended last time; one request a call. */
export function progressReader(client: () => Promise<S3Client>, bucket: string, prefix: string) {
  const ends = new Map<StageName, number>()
  return async (stage: StageName, signal: AbortSignal): Promise<readonly StageLine[]> => {
    const end = ends.get(stage) ?? 0
    // The last byte known is asked for again: so a file without news is no error, and one that was begun anew is noticed.
    const from = Math.max(0, end - 1)
    const bytes = await read(await client(), { Bucket: bucket, Key: `${prefix}/${files[stage]}`, Range: `bytes=${from}-` }, signal)
    if (bytes === null || (end > 0 && bytes[0] !== newline)) {
      ends.delete(stage)
      return []
    }
    const whole = bytes.lastIndexOf(newline) + 1
    ends.set(stage, from + whole)
    return linesOf(bytes.subarray(end > 0 ? 1 : 0, whole))
  }
}

/** The bytes of a range; null where there is no such file, or it has become shorter. */
async function read(client: S3Client, wanted: { Bucket: string; Key: string; Range: string }, abortSignal: AbortSignal) {
  try {
    const { Body } = await client.send(new GetObjectCommand(wanted), { abortSignal })
    return Buffer.from((await Body?.transformToByteArray()) ?? [])
  } catch (error) {
    const status = error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined
    if (status === 404 || status === 416) return null
    throw error
  }
}

/** Lines that are none of ours are left out: a file in a bucket is anybody's word. */
function linesOf(bytes: Buffer): StageLine[] {
  return bytes
    .toString('utf8')
    .split('\n')
    .flatMap((text) => {
      try {
        const line = StageLine.safeParse(JSON.parse(text))
        return line.success ? [line.data] : []
      } catch {
        return []
      }
    })
}
