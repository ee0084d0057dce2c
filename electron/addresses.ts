/** The scheme of the app: `app` is the screens, `artefact` the bytes of the library, `open` what the system hands to the app. */
export const scheme = 'spaceport'
export const appOrigin = `${scheme}://app`
export const startAddress = `${appOrigin}/index.html`
export const artefactOrigin = `${scheme}://artefact`

const CAPTURE = /^capture\/c-[a-z0-9]{6,32}\/(?:photos|run|scene)(?:\/r-[a-z0-9-]{6,40})?$/
const PLAIN = /^(?:library|settings\/[a-z]{1,20}|new)$/

/**
 * The screens' address in a link of the system (`spaceport://open/<address>`), or null. A link shows something and does nothing else; it
 * may not name files: any web page can make one, and a path on another machine would sign this one in there.
 */
export function linkedAddress(link: string): string | null {
  const prefix = `${scheme}://open/`
  if (!link.startsWith(prefix)) return null
  const address = link.slice(prefix.length)
  return CAPTURE.test(address) || PLAIN.test(address) ? address : null
}

/** True for an address of the screens themselves: the only pages that the window shows and listens to. */
export function isOwnPage(address: string): boolean {
  try {
    const url = new URL(address)
    return url.protocol === `${scheme}:` && url.host === 'app'
  } catch {
    return false
  }
}
