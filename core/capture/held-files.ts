import type { Skipped } from './photo.ts'

type Kind = { readonly one: string; readonly many: string; readonly ends: RegExp; readonly remedy?: string }

const kinds: readonly Kind[] = [
  { one: 'text file', many: 'text files', ends: /\.(txt|md|csv|log|json|xml|html?|rtf|srt|gpx|kml)$/i },
  {
    one: 'video',
    many: 'videos',
    ends: /\.(mp4|mov|avi|mkv|mts|m4v|webm)$/i,
    remedy: 'Export frames of the videos as JPEG, about two a second, and drop that folder.',
  },
  {
    one: 'RAW file',
    many: 'RAW files',
    ends: /\.(dng|cr2|cr3|nef|arw|raf|orf|rw2|pef|srw)$/i,
    remedy: 'Export the RAW files as JPEG, and drop that folder.',
  },
  { one: 'PDF', many: 'PDFs', ends: /\.pdf$/i },
  {
    one: 'archive',
    many: 'archives',
    ends: /\.(zip|7z|rar|tar|t?gz)$/i,
    remedy: 'Unpack the archive, and drop the folder that comes out.',
  },
  { one: 'mask', many: 'masks', ends: /\.mask\.png$/i },
  {
    one: 'picture that cannot be read',
    many: 'pictures that cannot be read',
    ends: /\.(jpe?g|png|webp|tiff?|heic|heif|avif)$/i,
    remedy: 'Copy the pictures again from the card: the list says what is wrong with each.',
  },
]
const other: Kind = { one: 'other file', many: 'other files', ends: /$/ }

/** What a folder without photos holds instead, in words, and what to do about it; null where it holds nothing. */
export function heldFiles(skipped: readonly Skipped[]): { readonly what: string; readonly remedy: string } | null {
  const counts = new Map<Kind, number>()
  // A mask is a picture, too: the more special kind is asked first.
  const asked = kinds.toSorted((a, b) => Number(b.one === 'mask') - Number(a.one === 'mask'))
  for (const { file } of skipped) {
    const kind = asked.find(({ ends }) => ends.test(file)) ?? other
    counts.set(kind, (counts.get(kind) ?? 0) + 1)
  }
  if (counts.size === 0) return null
  const parts = [...counts].sort((a, b) => b[1] - a[1]).map(([kind, count]) => `${count} ${count === 1 ? kind.one : kind.many}`)
  const what = parts.length > 1 ? `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}` : (parts[0] as string)
  return {
    what,
    remedy:
      [...counts.keys()].find(({ remedy }) => remedy)?.remedy ?? 'Choose the folder that holds the photos: JPEG, HEIC, PNG, WebP or TIFF.',
  }
}
