/** The parts of the window that F6 goes through, in the order of the document. */
const landmarks = '.top-bar, .sidebar, main, main aside, main .settings-nav, main [role=region]'
const focusable =
  'a[href], button:not([disabled]), input:not([disabled]), select:not([disabled]), textarea:not([disabled]), summary, [tabindex="0"]'

/** Where the focus was when a landmark was left: F6 comes back to it. */
const left = new WeakMap<Element, HTMLElement>()

/** Moves the focus to the next landmark, or with -1 to the one before. */
export function toLandmark(step: 1 | -1): void {
  const all = [...document.querySelectorAll<HTMLElement>(landmarks)].filter(isSeen)
  const now = document.activeElement
  const at = all.findLastIndex((one) => one.contains(now))
  if (at >= 0 && now instanceof HTMLElement) left.set(all[at] as HTMLElement, now)
  const from = at < 0 && step < 0 ? 0 : at
  const next = all[(from + step + all.length) % all.length]
  if (next) enter(next, all)
}

function enter(landmark: HTMLElement, all: readonly HTMLElement[]): void {
  const before = left.get(landmark)
  const inner = all.filter((one) => one !== landmark && landmark.contains(one))
  const own = [...landmark.querySelectorAll<HTMLElement>(focusable)].find(
    (one) => isSeen(one) && one.tabIndex >= 0 && !inner.some((other) => other.contains(one)),
  )
  const wanted = before?.isConnected && isSeen(before) ? before : landmark.tabIndex >= 0 ? landmark : own
  if (wanted) return wanted.focus({ focusVisible: true })
  // Nothing in it can have the focus: the landmark itself is read.
  landmark.tabIndex = -1
  landmark.focus()
}

function isSeen(element: HTMLElement): boolean {
  return element.checkVisibility() && element.getClientRects().length > 0
}
