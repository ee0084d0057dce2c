import '../../styles/library.css'
import { LibraryBig, Search, SearchX } from 'lucide-react'
import { useMemo } from 'react'
import { chosenRow } from '../../at-hand.ts'
import { photosRead } from '../../capture-words.ts'
import { useDesk, useMirror } from '../../desk.ts'
import { bytes, count, plural } from '../../format.ts'
import { valueOf } from '../../mirror-state.ts'
import { Button } from '../../parts/button.tsx'
import { Chip } from '../../parts/chip.tsx'
import { Beside, DrawerButton, type DrawerState, useDrawer } from '../../parts/drawer.tsx'
import { EmptyState } from '../../parts/empty-state.tsx'
import { Waiting } from '../../parts/waiting.tsx'
import { LibraryDetail } from './library-detail.tsx'
import { filteredRows, libraryFilters, type LibraryRow, libraryRows } from './library-rows.ts'
import { LibraryTable } from './library-table.tsx'

/** Library: everything that ever happened. */
export function LibraryRoom() {
  const captures = valueOf(useMirror((state) => state.captures))
  const runs = useMirror((state) => state.runs)
  const rows = useMemo(() => (captures ? libraryRows(captures, runs) : []), [captures, runs])
  if (!captures) return <Waiting title="Library" what="Asking the engine for the library" />
  return rows.length === 0 ? <EmptyLibrary /> : <FullLibrary rows={rows} />
}

function FullLibrary({ rows }: { readonly rows: readonly LibraryRow[] }) {
  const { intents } = useDesk()
  const view = useMirror((state) => state.library)
  const drawer = useDrawer()
  const shown = useMemo(() => filteredRows(rows, view), [rows, view])
  const chosen = chosenRow(shown, view.chosen)
  return (
    <div className={drawer.narrow ? 'library library-narrow' : 'library'}>
      <div className="library-main">
        <h1 className="only-read">Library</h1>
        <Head rows={rows} drawer={drawer} />
        {shown.length > 0 ? (
          <LibraryTable rows={shown} chosen={chosen?.capture.captureId ?? null} onPoint={drawer.show} />
        ) : (
          <EmptyState
            icon={SearchX}
            title={view.text ? `No capture matches '${view.text}'` : 'None of these'}
            actions={<Button onClick={() => intents.searchLibrary({ text: '', filter: 'all' })}>Clear filters</Button>}
          />
        )}
        <Foot rows={rows} shown={shown.length} />
      </div>
      {chosen && (
        <Beside drawer={drawer}>
          <LibraryDetail row={chosen} />
        </Beside>
      )}
    </div>
  )
}

type HeadProps = { readonly rows: readonly LibraryRow[]; readonly drawer: DrawerState }

/** Chips, search, and in a narrow window the way to the details. */
function Head({ rows, drawer }: HeadProps) {
  const { intents } = useDesk()
  const view = useMirror((state) => state.library)
  return (
    <header className="library-head">
      {libraryFilters.map((filter) => (
        <Chip
          key={filter.id}
          countLast
          on={view.filter === filter.id}
          count={rows.filter(filter.keeps).length}
          source="captures.list"
          onToggle={() => intents.searchLibrary({ filter: filter.id })}
        >
          {filter.word}
        </Chip>
      ))}
      <span className="grow" />
      <label className="search">
        <Search size={14} aria-hidden />
        <input
          type="search"
          className="field-small library-search"
          placeholder="Name, folder, camera"
          aria-label="Search the library"
          value={view.text}
          onChange={(event) => intents.searchLibrary({ text: event.target.value })}
        />
      </label>
      <DrawerButton drawer={drawer} />
    </header>
  )
}

/** The sums; while something is being read they say so. */
function Foot({ rows, shown }: { readonly rows: readonly LibraryRow[]; readonly shown: number }) {
  const runs = useMirror((state) => state.runs)
  const photos = rows.reduce((sum, row) => sum + row.capture.photoCount, 0)
  const disk = rows.reduce((sum, row) => sum + row.diskBytes, 0)
  const whole = rows.every((row) => photosRead(row.capture).whole)
  return (
    <footer className="library-foot quiet">
      <span className="grow" data-source="captures.list">
        {plural(rows.length, 'capture')}, {plural(photos, 'photo')}
        {whole ? '' : ' so far'}
      </span>
      <span data-source="runs.list diskBytes">
        {plural(runs.size, 'run')}
        {disk > 0 ? `, ${bytes(disk)} on disk` : ''}
      </span>
      <span className="only-read" data-source="captures.list">
        {count(shown)} shown
      </span>
    </footer>
  )
}

/** Before the first capture. */
export function EmptyLibrary() {
  const { intents } = useDesk()
  return (
    <>
      <h1 className="only-read">Library</h1>
      <EmptyState
        icon={LibraryBig}
        title="Nothing in the library yet"
        actions={
          <Button tone="primary" onClick={intents.newCapture}>
            New capture
          </Button>
        }
      >
        Every folder that you drop, every run and every scene is kept here.
      </EmptyState>
    </>
  )
}
