const ending = '.mask.png'

/** Whether a file is by its name a mask beside a photo (`DJI_0001.mask.png` or `DJI_0001.JPG.mask.png`), not a photo itself. */
export function isMask(file: string): boolean {
  return file.toLowerCase().endsWith(ending)
}

/** The photo that a mask belongs to: in the same folder, with its name or its name without the ending; null where there is none. */
export function photoOfMask(mask: string, files: readonly string[]): string | null {
  const base = mask.slice(0, -ending.length)
  const stem = (file: string): string => file.replace(/\.[^./]*$/, '')
  return files.find((file) => file === base) ?? files.find((file) => !isMask(file) && stem(file) === base) ?? null
}
