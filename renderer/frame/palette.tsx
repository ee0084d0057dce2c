import '../styles/palette.css'
import { Dialog } from '@base-ui/react/dialog'
import { CircleDot, Image, Search, SquareChevronRight } from 'lucide-react'
import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import { useDesk, useMirror } from '../desk.ts'
import { Kbd } from '../parts/kbd.tsx'
import { entriesFor, type Entry } from './palette-entries.ts'

/** Commands, captures and photos in one list, found by a few letters. */
export function Palette() {
  const { intents } = useDesk()
  const opener = useRef(document.activeElement)
  return (
    <Dialog.Root open onOpenChange={(next) => !next && intents.closeDialog()}>
      <Dialog.Portal>
        <Dialog.Backdrop className="modal-backdrop" />
        <Dialog.Popup className="palette" finalFocus={() => (opener.current instanceof HTMLElement ? opener.current : null)}>
          <Dialog.Title className="only-read">Commands, captures, photos</Dialog.Title>
          <Finder />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  )
}

function Finder() {
  const { intents } = useDesk()
  const state = useMirror((one) => one)
  const [query, setQuery] = useState('')
  const [at, setAt] = useState(0)
  const entries = entriesFor(query, state, intents)
  const now = entries[Math.min(at, entries.length - 1)]
  const choose = (entry: Entry | undefined) => {
    if (!entry || entry.why !== null) return
    intents.closeDialog()
    entry.act()
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }[event.key]
    if (step) setAt(Math.max(0, Math.min(entries.length - 1, at + step)))
    else if (event.key === 'Enter') choose(now)
    else return
    event.preventDefault()
  }
  return (
    <>
      <Field
        query={query}
        now={now}
        onKeyDown={onKeyDown}
        onQuery={(next) => {
          setQuery(next)
          setAt(0)
        }}
      />
      <div className="palette-list scroll" id="palette-list" role="listbox" aria-label="What fits">
        {entries.map((entry) => (
          <Line key={entry.id} entry={entry} on={entry === now} onChoose={() => choose(entry)} />
        ))}
      </div>
      {entries.length === 0 && <p className="palette-none soft">Nothing is called that here.</p>}
    </>
  )
}

type FieldProps = {
  readonly query: string
  readonly now: Entry | undefined
  readonly onKeyDown: (event: KeyboardEvent) => void
  readonly onQuery: (next: string) => void
}

function Field({ query, now, onKeyDown, onQuery }: FieldProps) {
  return (
    <label className="palette-field">
      <Search size={16} strokeWidth={1.75} aria-hidden />
      <input
        ref={focus}
        role="combobox"
        aria-label="Commands, captures, photos"
        aria-expanded
        aria-controls="palette-list"
        aria-activedescendant={now ? `palette-${now.id}` : undefined}
        placeholder="A command, a capture, a photo"
        value={query}
        onKeyDown={onKeyDown}
        onChange={(event) => onQuery(event.target.value)}
      />
    </label>
  )
}

/** At once, not after the dialog's opening: who types right after Ctrl+K loses no letter. */
function focus(field: HTMLInputElement | null): void {
  field?.focus()
}

const icons = { command: SquareChevronRight, capture: CircleDot, photo: Image } as const

function Line({ entry, on, onChoose }: { readonly entry: Entry; readonly on: boolean; readonly onChoose: () => void }) {
  const Icon = icons[entry.kind]
  const line = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (on) line.current?.scrollIntoView({ block: 'nearest' })
  }, [on])
  return (
    // The field has the focus and the keys.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
    <div
      ref={line}
      id={`palette-${entry.id}`}
      role="option"
      tabIndex={-1}
      aria-selected={on}
      aria-disabled={entry.why !== null}
      className="palette-line"
      data-source="commands, captures.list, captures.get"
      onClick={onChoose}
    >
      <Icon size={16} strokeWidth={1.75} aria-hidden />
      <span className="grow clip">{entry.words}</span>
      <span className="quiet">{entry.why ?? entry.note}</span>
      {entry.keys && <Kbd keys={entry.keys} />}
    </div>
  )
}
