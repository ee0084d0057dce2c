import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { getSignedUrl } from '@aws-sdk/s3-request-presigner'
import { problem } from '../../core/problem.ts'
import { answer, door } from './parts/door.ts'
import { targetOf } from './parts/link.ts'
import { bucketName, head } from './parts/objects.ts'

const s3 = new S3Client({})

// Long enough to begin a download; S3 lets one that has begun finish.
const openSeconds = 600

/**
 * GET /links/{token}: the mail's link. A presigned address of ours dies with the function's own keys, after hours at most, so the mail carries
 * a token that lives for days, and the address is signed when someone comes.
 */
export const handler = door(async (event) => {
  const target = await targetOf(event.pathParameters?.['token'] ?? '')
  const now = Date.now()
  if (!target) return answer(404, problem('cloud/link', 'This link is not ours.', 'Open the link in the mail again.'))
  if (now > target.until)
    return answer(410, problem('cloud/link-old', 'This link has run out.', 'Open the run in Spaceport: the files are still there.'))
  if (!(await head(target.key)))
    return answer(410, problem('cloud/link-gone', 'The file was deleted.', 'Ask the person who started the run.'))
  const command = new GetObjectCommand({
    Bucket: bucketName(),
    Key: target.key,
    ResponseContentDisposition: `attachment; filename="${target.name}"`,
  })
  const location = await getSignedUrl(s3, command, { expiresIn: openSeconds })
  return answer(302, {}, { location })
})
