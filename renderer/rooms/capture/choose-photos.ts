import type { Photo } from '../../../core/capture/photo.ts'
import type { CaptureDetail, CaptureView } from '../../mirror-state.ts'
import { findingKinds } from './finding-words.ts'
import { neighboursOf } from './links.ts'

/** The photos that the filters leave, in the chosen order. Chips of one capture add up: a photo with any of them stays. */
export function choosePhotos(detail: CaptureDetail, view: CaptureView): readonly Photo[] {
  const wanted = new Set(
    findingKinds(detail.findings)
      .filter((kind) => view.chips.includes(kind.code))
      .flatMap((kind) => [...kind.files]),
  )
  if (view.chips.includes('left-out')) for (const file of detail.leftOut) wanted.add(file)
  const text = view.text.trim().toLowerCase()
  const kept = detail.photos.filter(
    (photo) => (view.chips.length === 0 || wanted.has(photo.file)) && photo.file.toLowerCase().includes(text),
  )
  return kept.toSorted(orderOf(detail, view.sort))
}

function orderOf(detail: CaptureDetail, sort: CaptureView['sort']): (a: Photo, b: Photo) => number {
  const byName = (a: Photo, b: Photo) => a.file.localeCompare(b.file, 'en', { numeric: true })
  if (sort === 'time') return (a, b) => (a.takenAt ?? '').localeCompare(b.takenAt ?? '') || byName(a, b)
  if (sort === 'sharpness') return (a, b) => a.sharpness - b.sharpness || byName(a, b)
  if (sort === 'links') {
    const links = neighboursOf(detail.pairs)
    return (a, b) => (links.get(a.file)?.length ?? 0) - (links.get(b.file)?.length ?? 0) || byName(a, b)
  }
  return byName
}

/** The photos in the order of flight: by time where all carry one, else by name. */
export function inFlightOrder(photos: readonly Photo[]): readonly Photo[] {
  const byName = photos.toSorted((a, b) => a.file.localeCompare(b.file, 'en', { numeric: true }))
  return byName.every((one) => one.takenAt !== null) ? byName.toSorted((a, b) => (a.takenAt ?? '').localeCompare(b.takenAt ?? '')) : byName
}

/** "better than 62 %": the rank of a photo's sharpness among those of its capture. */
export function sharpnessRank(photo: Photo, photos: readonly Photo[]): number {
  if (photos.length < 2) return 1
  return photos.filter((one) => one.sharpness < photo.sharpness).length / (photos.length - 1)
}

/** Ground pixel in metres where height above take-off and focal length are known, else null. */
export function groundPixelM(photo: Photo): number | null {
  return photo.relativeAltM !== null && photo.relativeAltM > 1 && photo.focalPx !== null ? photo.relativeAltM / photo.focalPx : null
}
