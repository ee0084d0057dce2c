/** Colours by meaning; each is the identity where colour is off. */
export type Paint = {
  readonly strong: (text: string) => string
  readonly faint: (text: string) => string
  readonly heading: (text: string) => string
  readonly good: (text: string) => string
  readonly warn: (text: string) => string
  readonly bad: (text: string) => string
  readonly accent: (text: string) => string
}

const ansi = (open: string, close: string) => (text: string) => `\u001b[${open}m${text}\u001b[${close}m`
const plain = (text: string) => text

/** Colours for a stream; NO_COLOR (any value that is not empty), TERM=dumb and a stream that is no terminal turn them off. */
export function paintFor(stream: { readonly isTTY?: boolean }, env: NodeJS.ProcessEnv = process.env): Paint {
  const isOn = stream.isTTY === true && !env['NO_COLOR'] && env['TERM'] !== 'dumb'
  if (!isOn) return { strong: plain, faint: plain, heading: plain, good: plain, warn: plain, bad: plain, accent: plain }
  return {
    strong: ansi('1', '22'),
    faint: ansi('2', '22'),
    heading: ansi('1', '22'),
    good: ansi('32', '39'),
    warn: ansi('33', '39'),
    bad: ansi('31', '39'),
    accent: ansi('36', '39'),
  }
}
