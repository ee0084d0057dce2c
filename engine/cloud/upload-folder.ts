import { join } from 'node:path'
import type { Manifest, ManifestPhoto } from '../../core/capture/manifest.ts'
import { bucket } from '../../core/layout.ts'
import type { TransferEvent } from '../../core/transfer/events.ts'
import { type Target, targetName } from './target.ts'
import type { UploadItem } from './upload-tools.ts'
import { upload, type UploadOptions } from './uploader.ts'

export type PhotoSource = { readonly path: string; readonly sizeBytes: number }

export type UploadFolderOptions = Omit<UploadOptions, 'transferId'> & {
  /** Where a photo's object lies on this disk; default: the file of that name in the folder. A HEIC original's object is its derived JPEG, of another size. */
  readonly sourceOf?: (photo: ManifestPhoto) => PhotoSource
}

/** Brings the chosen photos of a capture into the account's bucket; see `upload`. The folder may have moved since: only its files' bytes count. */
export function uploadFolder(
  manifest: Manifest,
  folder: string,
  target: Target,
  options: UploadFolderOptions,
  signal: AbortSignal,
): AsyncGenerator<TransferEvent> {
  const sourceOf = options.sourceOf ?? ((photo) => ({ path: join(folder, photo.file), sizeBytes: photo.sizeBytes }))
  return upload(
    items(manifest, target.tenant, sourceOf),
    target,
    { ...options, transferId: `${manifest.captureId}>${targetName(target)}` },
    signal,
  )
}

function* items(manifest: Manifest, tenant: string, sourceOf: (photo: ManifestPhoto) => PhotoSource): Iterable<UploadItem> {
  for (const photo of manifest.photos) {
    if (!photo.use) continue
    yield {
      file: photo.file,
      ...sourceOf(photo),
      key: bucket.photo(tenant, photo.object),
      sha256: photo.object.slice(0, 64),
    }
  }
}
