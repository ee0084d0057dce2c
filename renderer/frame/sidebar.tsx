import { LayoutGrid, Plus, Settings } from 'lucide-react'
import type { CaptureSummary } from '../../core/capture/capture.ts'
import { newestRun, sayCapture, sideLine } from '../capture-words.ts'
import { useDesk, useMirror } from '../desk.ts'
import { valueOf } from '../mirror-state.ts'
import { Kbd } from '../parts/kbd.tsx'
import { Num } from '../parts/num.tsx'
import { StateGlyph } from '../parts/state-glyph.tsx'
import { captureOf, hashOf, type Place } from '../place.ts'

/** How many captures the sidebar lists; the library has all. */
const recentCount = 12

/** The house's doors: a new capture, the library, what was open last, settings. */
export function Sidebar() {
  const { intents } = useDesk()
  const place = useMirror((state) => state.place)
  const captures = valueOf(useMirror((state) => state.captures))
  const recent = [...(captures?.values() ?? [])].toSorted((a, b) => b.createdAt.localeCompare(a.createdAt)).slice(0, recentCount)
  return (
    <nav className="sidebar" aria-label="Captures">
      <button type="button" className="side-new" title="New capture" onClick={intents.newCapture}>
        <Plus size={16} strokeWidth={1.75} aria-hidden />
        <span className="grow side-word">New capture</span>
        <Kbd keys="Ctrl N" />
      </button>
      <SideLink
        to={{ room: 'library' }}
        on={place.room === 'library'}
        icon={<LayoutGrid size={16} strokeWidth={1.75} aria-hidden />}
        word="Library"
      >
        {captures && captures.size > 0 && <Num value={captures.size} source="captures.list" className="quiet side-word" />}
      </SideLink>
      {recent.length > 0 && <h2 className="side-head">Recent captures</h2>}
      <ul className="side-list scroll">
        {recent.map((capture) => (
          <RecentCapture key={capture.captureId} capture={capture} on={captureOf(place) === capture.captureId} />
        ))}
      </ul>
      <div className="side-foot">
        <SideLink
          to={{ room: 'settings', section: 'general' }}
          on={place.room === 'settings'}
          icon={<Settings size={16} strokeWidth={1.75} aria-hidden />}
          word="Settings"
        />
      </div>
    </nav>
  )
}

function SideLink({
  to,
  on,
  icon,
  word,
  children,
}: {
  readonly to: Place
  readonly on: boolean
  readonly icon: React.ReactNode
  readonly word: string
  readonly children?: React.ReactNode
}) {
  return (
    <a className="side-link" href={hashOf(to)} aria-current={on ? 'page' : undefined} title={word}>
      {icon}
      <span className="grow side-word">{word}</span>
      {children}
    </a>
  )
}

function RecentCapture({ capture, on }: { readonly capture: CaptureSummary; readonly on: boolean }) {
  const run = useMirror((state) => newestRun(capture, state.runs))
  const said = sayCapture(capture, run)
  return (
    <li>
      <a
        className="side-capture"
        href={hashOf({ room: 'capture', captureId: capture.captureId })}
        aria-current={on ? 'true' : undefined}
        title={capture.name}
      >
        <StateGlyph state={said.glyph} label={said.word} />
        <span className="side-words">
          <span className="clip" data-source="captures.list name">
            {capture.name}
          </span>
          <span className="clip quiet" data-source="captures.list">
            {sideLine(capture, run)}
          </span>
        </span>
      </a>
    </li>
  )
}
