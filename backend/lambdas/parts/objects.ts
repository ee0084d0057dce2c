import {
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3'
import type { z } from 'zod'
import { variable } from './environment.ts'

const s3 = new S3Client({})

export type Stored = { readonly key: string; readonly bytes: number; readonly changedAt: Date }

/** The bucket's own address of a key, and back. */
export const bucketName = (): string => variable('BUCKET')
export const uriOf = (key: string): string => `s3://${bucketName()}/${key}`

/** The key of an address in our bucket; null for any other bucket's. */
export function keyOf(uri: string): string | null {
  const start = `s3://${bucketName()}/`
  return uri.startsWith(start) ? uri.slice(start.length).replace(/\/+$/, '') : null
}

/** A JSON object that fits `type`; null where it is absent. Throws a ZodError or SyntaxError where it is something else. */
export async function readJson<T>(key: string, type: z.ZodType<T>): Promise<T | null> {
  try {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucketName(), Key: key }))
    return type.parse(JSON.parse((await Body?.transformToString()) ?? ''))
  } catch (error) {
    if (isAbsent(error)) return null
    throw error
  }
}

export async function head(key: string): Promise<Stored | null> {
  try {
    const { ContentLength = 0, LastModified = new Date(0) } = await s3.send(new HeadObjectCommand({ Bucket: bucketName(), Key: key }))
    return { key, bytes: ContentLength, changedAt: LastModified }
  } catch (error) {
    if (isAbsent(error)) return null
    throw error
  }
}

/** Everything below a prefix. */
export async function list(prefix: string): Promise<Stored[]> {
  const found: Stored[] = []
  let token: string | undefined
  do {
    const page = await s3.send(new ListObjectsV2Command({ Bucket: bucketName(), Prefix: prefix, ContinuationToken: token }))
    for (const { Key = '', Size = 0, LastModified = new Date(0) } of page.Contents ?? [])
      found.push({ key: Key, bytes: Size, changedAt: LastModified })
    token = page.IsTruncated ? page.NextContinuationToken : undefined
  } while (token !== undefined)
  return found
}

export async function putJson(key: string, value: unknown): Promise<void> {
  await s3.send(new PutObjectCommand({ Bucket: bucketName(), Key: key, Body: JSON.stringify(value), ContentType: 'application/json' }))
}

// Without the right to list, S3 says 403 for what is not there; our functions may list, so they get 404.
function isAbsent(error: unknown): boolean {
  return (
    error instanceof S3ServiceException &&
    (error.name === 'NoSuchKey' || error.name === 'NotFound' || error.$metadata.httpStatusCode === 404)
  )
}
