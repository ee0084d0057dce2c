import type * as S3 from '@aws-sdk/client-s3'
import { fromBase64, toBase64 } from './crc64-text.ts'
import type { PartReceipt } from './receipts.ts'
import { requestsOf } from './requests.ts'
import type { Access } from './s3-client.ts'
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

/** The verbs of S3 that transfers use, on one bucket. Each is one request (listings: one a page). */
export function storeOf(access: Access, bucket: string, signal: AbortSignal) {
  const requests = requestsOf(access, bucket, signal)
  const abortSignal = signal
  const at = (Key: string) => ({ Bucket: bucket, Key })
  return {
    /** The object's size and checksum, or null where there is none. */
    async head(key: string): Promise<Found | null> {
      try {
        return await requests.head(key).catch(async (error: unknown) => {
          if (!['denied', 'surprise'].includes(troubleOf(error))) throw error
          // An answer to HEAD has no body, so a refusal does not say why; the refusal of one byte does.
          await requests.firstByte(key)
          return await requests.head(key)
        })
      } catch (error) {
        if (troubleOf(error) === 'absent') return null
        throw error
      }
    },
    /** A page of objects whose keys start with `prefix`, and where the next one begins. */
    list: requests.list,
    /** A small object whole, or null where there is none. */
    async read(key: string): Promise<{ readonly bytes: Uint8Array; readonly etag: string | null } | null> {
      const { client, s3 } = await sdk(access)
      try {
        const { Body, ETag = null } = await client.send(new s3.GetObjectCommand(at(key)), { abortSignal })
        return { bytes: (await Body?.transformToByteArray()) ?? new Uint8Array(), etag: ETag }
      } catch (error) {
        if (troubleOf(error) === 'absent') return null
        throw error
      }
    },
    /** Puts a whole object where there is none, or (`replaces`: its ETag) in place of a broken one. Returns the server's own checksum. */
    put: (key: string, sealed: Sealed, replaces: string | null): Promise<Found> =>
      requests.put(key, sealed, replaces === null ? { 'if-none-match': '*' } : { 'if-match': replaces }),
    part: requests.part,
    async create(key: string): Promise<string> {
      const { client, s3 } = await sdk(access)
      const made = await client.send(
        new s3.CreateMultipartUploadCommand({ ...at(key), ChecksumAlgorithm: 'CRC64NVME', ChecksumType: 'FULL_OBJECT' }),
        { abortSignal },
      )
      return made.UploadId as string
    },
    /** Every part that the server holds of an upload. */
    async parts(key: string, uploadId: string): Promise<HeldPart[]> {
      const { client, s3 } = await sdk(access)
      const held: HeldPart[] = []
      for (let marker: string | undefined; ;) {
        const page = await client.send(
          new s3.ListPartsCommand({ ...at(key), UploadId: uploadId, ...(marker === undefined ? {} : { PartNumberMarker: marker }) }),
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
      const { client, s3 } = await sdk(access)
      const Parts = parts.map((one) => ({ PartNumber: one.number, ETag: one.etag ?? '', ChecksumCRC64NVME: toBase64(one.crc64) }))
      const condition = replaces === null ? { IfNoneMatch: '*' } : { IfMatch: replaces }
      const command = new s3.CompleteMultipartUploadCommand({
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
      const { client, s3 } = await sdk(access)
      try {
        await client.send(new s3.AbortMultipartUploadCommand({ ...at(key), UploadId: uploadId }), { abortSignal })
        return true
      } catch (error) {
        if (troubleOf(error) !== 'absent') throw error
        return false
      }
    },
    /** Unfinished uploads of exactly this key. One page: a key with a thousand of them is not ours to clear. */
    async uploadsOf(key: string): Promise<{ uploadId: string; initiated: Date | undefined }[]> {
      const { client, s3 } = await sdk(access)
      const page = await client.send(new s3.ListMultipartUploadsCommand({ Bucket: bucket, Prefix: key }), { abortSignal })
      const own = (page.Uploads ?? []).filter((one) => one.Key === key && one.UploadId !== undefined)
      return own.map((one) => ({ uploadId: one.UploadId as string, initiated: one.Initiated }))
    },
    /** Bytes `from`..`to` (both included) of exactly the object with this ETag, into the landing that is set (wire.ts). */
    range: requests.range,
  }
}

async function sdk(access: Access): Promise<{ readonly client: S3.S3Client; readonly s3: typeof S3 }> {
  const [s3, client] = await Promise.all([import('@aws-sdk/client-s3'), access.sdk()])
  return { s3, client }
}
