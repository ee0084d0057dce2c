import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  ListPartsCommand,
  PutObjectCommand,
  type S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3'
import { fromBase64, toBase64 } from './crc64-text.ts'
import type { PartReceipt } from './receipts.ts'
import { troubleOf } from './s3-trouble.ts'

/** What the server says of an object. `crc64` undefined: it keeps no such checksum. */
export type Found = { readonly sizeBytes: number; readonly crc64: bigint | undefined; readonly etag: string | undefined }
/** A part as the server has it. */
export type HeldPart = { readonly number: number; readonly sizeBytes: number; readonly crc64: bigint | undefined; readonly etag: string }
/** Bytes with both of their checksums. */
export type Sealed = { readonly bytes: Uint8Array; readonly sha256: string; readonly crc64: bigint }
/** What a listing says of an object. */
export type Listed = { readonly key: string; readonly sizeBytes: number; readonly etag: string | null }
/** A page of objects, and where the next one begins; null: that was all. */
export type ListPage = { readonly objects: readonly Listed[]; readonly next: string | null }
export type Store = ReturnType<typeof storeOf>

/** The verbs of S3 that transfers use, on one bucket. Each is one request (listings: one a page); errors are the SDK's. */
export function storeOf(client: S3Client, bucket: string, signal: AbortSignal) {
  const abortSignal = signal
  const at = (Key: string) => ({ Bucket: bucket, Key })
  return {
    /** The object's size and checksum, or null where there is none. */
    async head(key: string): Promise<Found | null> {
      const ask = async () => {
        const found = await client.send(new HeadObjectCommand({ ...at(key), ChecksumMode: 'ENABLED' }), { abortSignal })
        return { sizeBytes: found.ContentLength ?? -1, crc64: fromBase64(found.ChecksumCRC64NVME), etag: found.ETag }
      }
      try {
        return await ask().catch(async (error: unknown) => {
          if (!['denied', 'surprise'].includes(troubleOf(error))) throw error
          // An answer to HEAD has no body, so a refusal does not say why; the refusal of one byte does.
          const byte = await client.send(new GetObjectCommand({ ...at(key), Range: 'bytes=0-0' }), { abortSignal })
          await byte.Body?.transformToByteArray()
          return await ask()
        })
      } catch (error) {
        if (troubleOf(error) === 'absent') return null
        throw error
      }
    },
    /** A page of objects whose keys start with `prefix`, and where the next one begins. */
    async list(prefix: string, next: string | null): Promise<ListPage> {
      const page = await client.send(
        new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, ...(next === null ? {} : { ContinuationToken: next }) }),
        { abortSignal },
      )
      const objects = (page.Contents ?? []).map(({ Key = '', Size = -1, ETag = null }) => ({ key: Key, sizeBytes: Size, etag: ETag }))
      return { objects, next: page.NextContinuationToken ?? null }
    },
    /** A small object whole, or null where there is none. */
    async read(key: string): Promise<{ readonly bytes: Uint8Array; readonly etag: string | null } | null> {
      try {
        const { Body, ETag = null } = await client.send(new GetObjectCommand(at(key)), { abortSignal })
        return { bytes: (await Body?.transformToByteArray()) ?? new Uint8Array(), etag: ETag }
      } catch (error) {
        if (troubleOf(error) === 'absent') return null
        throw error
      }
    },
    /** Puts a whole object where there is none, or (`replaces`: its ETag) in place of a broken one. Returns the server's own checksum. */
    async put(key: string, { bytes, sha256, crc64 }: Sealed, replaces: string | null): Promise<Found> {
      const condition = replaces === null ? { IfNoneMatch: '*' } : { IfMatch: replaces }
      const command = new PutObjectCommand({
        ...at(key),
        Body: bytes,
        ContentLength: bytes.byteLength,
        ChecksumCRC64NVME: toBase64(crc64),
        ...condition,
      })
      const done = await client.send(signedBy(command, sha256), { abortSignal })
      return { sizeBytes: bytes.byteLength, crc64: fromBase64(done.ChecksumCRC64NVME), etag: done.ETag }
    },
    async create(key: string): Promise<string> {
      const made = await client.send(
        new CreateMultipartUploadCommand({ ...at(key), ChecksumAlgorithm: 'CRC64NVME', ChecksumType: 'FULL_OBJECT' }),
        { abortSignal },
      )
      return made.UploadId as string
    },
    async part(key: string, uploadId: string, number: number, { bytes, sha256, crc64 }: Sealed): Promise<string> {
      const command = new UploadPartCommand({
        ...at(key),
        UploadId: uploadId,
        PartNumber: number,
        Body: bytes,
        ContentLength: bytes.byteLength,
        ChecksumCRC64NVME: toBase64(crc64),
      })
      return (await client.send(signedBy(command, sha256), { abortSignal })).ETag as string
    },
    /** Every part that the server holds of an upload. */
    async parts(key: string, uploadId: string): Promise<HeldPart[]> {
      const held: HeldPart[] = []
      for (let marker: string | undefined; ;) {
        const page = await client.send(
          new ListPartsCommand({ ...at(key), UploadId: uploadId, ...(marker === undefined ? {} : { PartNumberMarker: marker }) }),
          { abortSignal },
        )
        for (const { PartNumber, Size, ETag, ChecksumCRC64NVME } of page.Parts ?? [])
          held.push({ number: PartNumber ?? 0, sizeBytes: Size ?? -1, crc64: fromBase64(ChecksumCRC64NVME), etag: ETag ?? '' })
        if (!page.IsTruncated || page.NextPartNumberMarker === undefined) return held
        marker = page.NextPartNumberMarker
      }
    },
    async complete(
      key: string,
      uploadId: string,
      parts: readonly PartReceipt[],
      whole: { crc64: bigint; sizeBytes: number },
      replaces: string | null,
    ): Promise<void> {
      const Parts = parts.map((one) => ({ PartNumber: one.number, ETag: one.etag ?? '', ChecksumCRC64NVME: toBase64(one.crc64) }))
      const condition = replaces === null ? { IfNoneMatch: '*' } : { IfMatch: replaces }
      const command = new CompleteMultipartUploadCommand({
        ...at(key),
        UploadId: uploadId,
        MultipartUpload: { Parts },
        ChecksumCRC64NVME: toBase64(whole.crc64),
        ChecksumType: 'FULL_OBJECT',
        MpuObjectSize: whole.sizeBytes,
        ...condition,
      })
      await client.send(command, { abortSignal })
    },
    /** Ends an upload and frees its parts; false where it was gone already. */
    async abort(key: string, uploadId: string): Promise<boolean> {
      try {
        await client.send(new AbortMultipartUploadCommand({ ...at(key), UploadId: uploadId }), { abortSignal })
        return true
      } catch (error) {
        if (troubleOf(error) !== 'absent') throw error
        return false
      }
    },
    /** Unfinished uploads of exactly this key. One page: a key with a thousand of them is not ours to clear. */
    async uploadsOf(key: string): Promise<{ uploadId: string; initiated: Date | undefined }[]> {
      const page = await client.send(new ListMultipartUploadsCommand({ Bucket: bucket, Prefix: key }), { abortSignal })
      const own = (page.Uploads ?? []).filter((one) => one.Key === key && one.UploadId !== undefined)
      return own.map((one) => ({ uploadId: one.UploadId as string, initiated: one.Initiated }))
    },
    /** Bytes `from`..`to` (both included) of exactly the object with this ETag, into the landing that is set (wire.ts). */
    async range(key: string, etag: string, from: number, to: number): Promise<void> {
      await client.send(new GetObjectCommand({ ...at(key), IfMatch: etag, Range: `bytes=${from}-${to}` }), { abortSignal })
    },
  }
}

// The payload's hash is known from the one pass over the bytes: the signer takes it from here instead of hashing again.
function signedBy<C extends PutObjectCommand | UploadPartCommand>(command: C, sha256: string): C {
  type Next = (args: { request?: unknown }) => Promise<unknown>
  const add = command.middlewareStack.add.bind(command.middlewareStack) as unknown as (
    middleware: (next: Next) => Next,
    options: object,
  ) => void
  const sign =
    (next: Next): Next =>
    (args) => {
      ;(args.request as { headers: Record<string, string> }).headers['x-amz-content-sha256'] = sha256
      return next(args)
    }
  add(sign, { step: 'build', name: 'knownPayloadHash' })
  return command
}
