import { createHash } from 'node:crypto'
import { Manifest } from '../../core/capture/manifest.ts'
import { bucket } from '../../core/layout.ts'
import { ProblemError } from '../../core/problem.ts'
import { wasmChecksums } from './checksums.ts'
import { troubleOf } from './s3-trouble.ts'
import type { Sealed, Store } from './store.ts'
import { transferProblem } from './transfer-problem.ts'
import type { SharedTools } from './transferring.ts'
import type { PhotoSource } from './upload-folder.ts'
import { putProven } from './upload-whole.ts'

// Another window of this home may write the same manifest between our look and our writing: look again, a few times.
const mostLooks = 3
const file = 'manifest.json'

/**
 * Puts the capture's manifest into the bucket, as the last of its objects: where it lies, every photo that it names is proven to be there, and
 * the account starts no run without it. Twice: under a name made of its content, where it stays what it is, and as the capture's newest. A
 * manifest that says the same stays as it is; another one is replaced only in the state that was seen. Returns the key of the one that stays.
 */
export async function sealCapture(
  manifest: Manifest,
  sourceOf: (photo: Manifest['photos'][number]) => PhotoSource,
  tenant: string,
  { persist }: Pick<SharedTools, 'persist'>,
  signal: AbortSignal,
): Promise<string> {
  const places: Places = {
    newest: bucket.manifest(tenant, manifest.captureId),
    frozen: (sha256) => bucket.frozenManifest(tenant, manifest.captureId, sha256),
  }
  const sent = asSent(manifest, sourceOf)
  for (let look = 1; ; look++) {
    try {
      return await persist(file, signal, (store) => putOnce(store, places, sent))
    } catch (error) {
      const trouble = troubleOf(error)
      if (trouble !== 'precondition' && trouble !== 'conflict') throw error
      if (look === mostLooks) throw new ProblemError(transferProblem(trouble, file), { cause: error })
    }
  }
}

type Places = { readonly newest: string; readonly frozen: (sha256: string) => string }

/** The account holds each photo to the size that the manifest gives: of a converted one that is the JPEG's. */
function asSent(manifest: Manifest, sourceOf: (photo: Manifest['photos'][number]) => PhotoSource): Manifest {
  const photos = manifest.photos.map((photo) => (photo.use ? { ...photo, sizeBytes: sourceOf(photo).sizeBytes } : photo))
  return Manifest.parse({ ...manifest, photos })
}

async function putOnce(store: Store, { newest, frozen }: Places, sent: Manifest): Promise<string> {
  const found = await readIfListed(store, newest)
  const isSame = found !== null && saysTheSame(found.bytes, sent)
  const sealed = await seal(isSame ? found.bytes : new TextEncoder().encode(`${JSON.stringify(sent)}\n`))
  const key = frozen(sealed.sha256)
  const sizeBytes = sealed.bytes.byteLength
  // The one that stays comes first: the newest never says what no name holds.
  if (!(isSame && (await isListed(store, key)))) await putProven(store, { file, key, sizeBytes }, sealed, null)
  if (!isSame) await putProven(store, { file, key: newest, sizeBytes }, sealed, found?.etag ?? null)
  return key
}

// Listed first: without the right to list everything, a question about an absent object is refused like a stranger's.
async function isListed(store: Store, key: string): Promise<boolean> {
  return (await store.list(key, null)).objects.some((one) => one.key === key)
}

async function readIfListed(store: Store, key: string): ReturnType<Store['read']> {
  return (await isListed(store, key)) ? await store.read(key) : null
}

/** When it was frozen is no news: every attempt freezes anew. */
function saysTheSame(bytes: Uint8Array, sent: Manifest): boolean {
  try {
    const stored = Manifest.parse(JSON.parse(new TextDecoder().decode(bytes)))
    return JSON.stringify({ ...stored, createdAt: sent.createdAt }) === JSON.stringify(sent)
  } catch {
    // Not a manifest at all: it is replaced.
    return false
  }
}

async function seal(bytes: Uint8Array): Promise<Sealed> {
  return { bytes, sha256: createHash('sha256').update(bytes).digest('hex'), crc64: (await wasmChecksums()).crc64(bytes) }
}
