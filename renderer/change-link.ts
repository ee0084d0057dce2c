import type { Change } from '../core/contract.ts'

/** How the screen stands with the engine. `refused`: an engine answers, but it was started anew and does not know this page. */
export type Link = { readonly kind: 'up' } | { readonly kind: 'lost' | 'refused'; readonly since: string }

/** Who hears what: changes as they come, the link when it turns, `anew` where changes may have been missed. */
export type LinkHears = {
  readonly change: (change: Change) => void
  readonly link: (link: Link) => void
  readonly anew: () => void
}

/** What the link stands on; tests bring their own. */
export type LinkParts = {
  readonly open: () => EventSource
  /** The status that the host answers with; null where nothing answers. */
  readonly probe: () => Promise<number | null>
  readonly now: () => string
}

/** How often a page asks whether the engine is back, where the browser itself has given up. */
const probeMs = 1000
/** A lost link and a reset of one reconnection come together; the mirror is read anew once. */
const gatherMs = 50

/** The stream of changes, kept open over losses of any kind. */
export class ChangeLink {
  private readonly hears: LinkHears
  private readonly parts: LinkParts
  private link: Link = { kind: 'up' }
  private source: EventSource | null = null
  private probing: ReturnType<typeof setTimeout> | undefined
  private gathering: ReturnType<typeof setTimeout> | undefined

  constructor(hears: LinkHears, parts: LinkParts) {
    this.hears = hears
    this.parts = parts
  }

  /** Opens the stream, or opens it again at once. */
  connect(): void {
    clearTimeout(this.probing)
    this.source?.close()
    const source = (this.source = this.parts.open())
    source.onmessage = (message) => this.hears.change(JSON.parse(String(message.data)) as Change)
    source.addEventListener('reset', () => this.gather())
    source.onopen = () => {
      if (this.link.kind === 'up') return
      this.tell('up')
      this.gather()
    }
    source.onerror = () => {
      if (source !== this.source) return
      // A browser retries a broken stream by itself, but never one that was refused.
      if (source.readyState === 2) void this.probe()
      else this.tell('lost')
    }
  }

  private async probe(): Promise<void> {
    const status = await this.parts.probe()
    if (status === 200) return this.connect()
    this.tell(status === null ? 'lost' : 'refused')
    clearTimeout(this.probing)
    this.probing = setTimeout(() => void this.probe(), probeMs)
  }

  private tell(kind: Link['kind']): void {
    if (kind === this.link.kind) return
    this.link = kind === 'up' ? { kind } : { kind, since: this.link.kind === 'up' ? this.parts.now() : this.link.since }
    this.hears.link(this.link)
  }

  private gather(): void {
    clearTimeout(this.gathering)
    this.gathering = setTimeout(this.hears.anew, gatherMs)
  }
}
