/** What to expect of a photo: it joins the model, it does not, or COLMAP itself does now the one and now the other. */
export type Outlook = 'registers' | 'borderline' | 'lost'

// Between them the forecast does not know: of photos beyond, it was wrong about fewer than one in twenty (bench/forecast, part photos).
const SURELY = 0.8
const HARDLY = 0.2

/** By the probability that the photo is usable in the largest model. */
export function outlookOf(registers: number): Outlook {
  return registers >= SURELY ? 'registers' : registers <= HARDLY ? 'lost' : 'borderline'
}
