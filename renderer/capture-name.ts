/** Folder names that say nothing of the place: cameras, card readers and programs make them. */
const nameless = /^(images?|photos?|pictures?|dcim|input|jpe?gs?|\d{3}[a-z_]*media|\d{3}[a-z_]{5}|100.*)$/i

/** What a capture of this folder is called: the folder's name, with the one above where that says more. */
export function captureName(folder: string): string {
  const parts = folder.split(/[\\/]/).filter(Boolean)
  const named = parts.toReversed().find((one) => !nameless.test(one))
  return (named ?? parts.at(-1) ?? folder).slice(0, 200)
}
