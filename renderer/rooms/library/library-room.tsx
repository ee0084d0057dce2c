import '../../styles/library.css'
import { LibraryBig, Search, SearchX } from 'lucide-react'
import { useMemo } from 'react'
import { useDesk, useMirror } from '../../desk.ts'
import { bytes, count, plural } from '../../format.ts'
import { valueOf } from '../../mirror-state.ts'
import { Button } from '../../parts/button.tsx'
import { Chip } from '../../parts/chip.tsx'
import { EmptyState } from '../../parts/empty-state.tsx'
import { LibraryDetail } from './library-detail.tsx'
import { filteredRows, libraryFilters, libraryRows } from './library-rows.ts'
import { LibraryTable } from './library-table.tsx'

/** Library: everything that ever happened. */
export function LibraryRoom() {
  const { intents } = useDesk()
  const captures = valueOf(useMirror((state) => state.captures))
  const runs = useMirror((state) => state.runs)
  const view = useMirror((state) => state.library)
  const rows = useMemo(() => (captures ? libraryRows(captures, runs) : []), [captures, runs])
  const shown = useMemo(() => filteredRows(rows, view), [rows, view])
  const chosen = shown.find((row) => row.capture.captureId === view.chosen) ?? shown[0]
  if (!captures) return <h1 className="only-read">Library</h1>
  if (rows.length === 0) return <EmptyLibrary />
  const photos = rows.reduce((sum, row) => sum + row.capture.photoCount, 0)
  const disk = rows.reduce((sum, row) => sum + row.diskBytes, 0)
  return (
    <div className="library">
      <div className="library-main">
        <h1 className="only-read">Library</h1>
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
        </header>
        {shown.length > 0 ? (
          <LibraryTable rows={shown} chosen={chosen?.capture.captureId ?? null} />
        ) : (
          <EmptyState
            icon={SearchX}
            title={view.text ? `No capture matches '${view.text}'` : 'None of these'}
            actions={<Button onClick={() => intents.searchLibrary({ text: '', filter: 'all' })}>Clear filters</Button>}
          />
        )}
        <footer className="library-foot quiet">
          <span className="grow" data-source="captures.list">
            {plural(rows.length, 'capture')}, {plural(photos, 'photo')}
          </span>
          <span data-source="runs.list diskBytes">
            {plural(runs.size, 'run')}
            {disk > 0 ? `, ${bytes(disk)} on disk` : ''}
          </span>
          <span className="only-read" data-source="captures.list">
            {count(shown.length)} shown
          </span>
        </footer>
      </div>
      {chosen && <LibraryDetail row={chosen} />}
    </div>
  )
}

function EmptyLibrary() {
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
