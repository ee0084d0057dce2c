/** Folder names that say nothing of the place: cameras (DCF: three digits, five characters), card readers and programs make them. */
const nameless = /^(images?|photos?|pictures?|dcim|input|jpe?gs?|\d{3}[a-z_]*media|\d{3}\w{5})$/i
/** Folders that a host makes for dropped files say even less. */
const token = /^[0-9a-f]{12,}$/i

/** What a capture of this folder is called: the folder's name, or the one above where that says more. */
export function captureName(folder: string): string {
  const parts = folder.split(/[\\/]/).filter(Boolean)
  const named = parts.toReversed().find((one) => !nameless.test(one))
  const name = named === undefined || token.test(named) ? parts.at(-1) : named
  return (name ?? folder).slice(0, 200)
}
