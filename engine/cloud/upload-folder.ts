import { join } from 'node:path'
import type { Manifest, ManifestPhoto } from '../../core/capture/manifest.ts'
import { bucket } from '../../core/layout.ts'
import type { TransferEvent } from '../../core/transfer/events.ts'
import { type Target, targetName } from './target.ts'
import type { UploadItem } from './upload-tools.ts'
import { upload, type UploadOptions } from './uploader.ts'

export type UploadFolderOptions = Omit<UploadOptions, 'transferId'> & {
  /** Where a photo's object lies on this disk; default: the file of that name in the folder. A HEIC original's object is its derived JPEG. */
  readonly pathOf?: (photo: ManifestPhoto) => string
}

/** Brings the chosen photos of a capture into the account's bucket; see `upload`. The folder may have moved since: only its files' bytes count. */
export function uploadFolder(
  manifest: Manifest,
  folder: string,
  target: Target,
  options: UploadFolderOptions,
  signal: AbortSignal,
): AsyncGenerator<TransferEvent> {
  const pathOf = options.pathOf ?? ((photo) => join(folder, photo.file))
  return upload(
    items(manifest, target.tenant, pathOf),
    target,
    { ...options, transferId: `${manifest.captureId}>${targetName(target)}` },
    signal,
  )
}

function* items(manifest: Manifest, tenant: string, pathOf: (photo: ManifestPhoto) => string): Iterable<UploadItem> {
  for (const photo of manifest.photos) {
    if (!photo.use) continue
    yield {
      file: photo.file,
      path: pathOf(photo),
      key: bucket.photo(tenant, photo.object),
      sha256: photo.object.slice(0, 64),
      sizeBytes: photo.sizeBytes,
    }
  }
}
