import { Eraser, RefreshCw } from 'lucide-react'
import type { CacheKind, CacheUse } from '../../../core/cache-use.ts'
import { useDesk, useMirror } from '../../desk.ts'
import { bytes } from '../../format.ts'
import { Button } from '../../parts/button.tsx'
import { FactTable } from '../../parts/fact-table.tsx'
import { Num } from '../../parts/num.tsx'
import { ProblemCard } from '../../parts/problem-card.tsx'
import { SettingRow, WholeField } from './setting-row.tsx'

const kindWords: Readonly<Record<CacheKind, readonly [title: string, what: string]>> = {
  stages: ['Finished stages', 'A run with the same photos and settings does not do them again.'],
  checks: ['Checks', 'A folder that was read once opens at once.'],
  pictures: ['Pictures', 'Photos at the size of the inspector, and converted HEIC.'],
}

/** Where the library lies, what it takes, and what can go without losing anything. */
export function Storage() {
  const { intents } = useDesk()
  const use = useMirror((state) => state.cacheUse)
  return (
    <>
      <p className="soft settings-text">
        Photos are read where they lie; only what is dropped into a plain browser is copied here, since a browser hides where files lie.
        Scenes and runs are kept until you delete them.
      </p>
      <Place />
      <div className="row settings-title">
        <h2>Caches</h2>
        <span className="grow" />
        <Button small icon={RefreshCw} disabled={use?.kind === 'loading'} onClick={() => void intents.measureStorage()}>
          {use?.kind === 'loading' ? 'Measuring' : 'Measure again'}
        </Button>
      </div>
      {use?.kind === 'failed' && (
        <ProblemCard problem={use.problem} remedies={[{ label: 'Measure again', act: () => void intents.measureStorage() }]} />
      )}
      {use?.kind === 'here' && <Caches use={use.value} />}
      <div className="card settings-rows">
        <SettingRow
          name="cacheLimitGb"
          title="Most that caches may take"
          what="Beyond it the least recently used goes, never what an unfinished run needs."
          usually="20 GB"
        >
          {(value, set) => (
            <WholeField label="Most that caches may take, in GB" value={value} min={1} max={100_000} unit="GB" onSet={set} />
          )}
        </SettingRow>
      </div>
    </>
  )
}

function Place() {
  const info = useMirror((state) => state.info)
  const use = useMirror((state) => state.cacheUse)
  const known = use?.kind === 'here' ? use.value : null
  const source = 'app.cacheUse'
  const why = 'not measured yet'
  return (
    <section className="card settings-about" aria-label="The library on this disk">
      <h2>Library</h2>
      <FactTable
        facts={[
          { label: 'Lies in', value: info?.home ?? null, source: 'app.info' },
          { label: 'Runs', value: known && bytes(known.runsBytes), source, why },
          { label: 'Caches', value: known && bytes(known.bytes), source, why },
          { label: 'Free there', value: known && bytes(known.diskFreeBytes), source, why },
        ]}
      />
      <p className="quiet">
        Another place: set <code className="mono">SPACEPORT_HOME</code> to a folder before Spaceport starts. What is here stays here.
      </p>
    </section>
  )
}

function Caches({ use }: { readonly use: CacheUse }) {
  return (
    <ul className="card settings-rows">
      {use.kinds.map((one) => (
        <CacheRow key={one.kind} {...one} />
      ))}
    </ul>
  )
}

function CacheRow({ kind, bytes: size, freeableBytes }: CacheUse['kinds'][number]) {
  const { intents } = useDesk()
  const busy = useMirror((state) => state.busy.has('clearCache'))
  const [title, what] = kindWords[kind]
  const needed = size - freeableBytes
  const word = freeableBytes > 0 ? `Clear ${bytes(freeableBytes)}` : 'Clear'
  return (
    <li className="settings-row">
      <span className="grow">
        <b>{title}</b>
        <span className="soft" data-source="app.cacheUse">
          {what}
          {needed > 0 && ` ${bytes(needed)} are needed now and stay.`}
        </span>
      </span>
      <Num value={bytes(size)} source="app.cacheUse" />
      <Button
        small
        icon={Eraser}
        disabled={busy || freeableBytes === 0}
        aria-label={`${word} of ${title.toLowerCase()}`}
        title={freeableBytes === 0 ? 'Nothing here can go now' : undefined}
        onClick={() => void intents.clearCache([kind])}
      >
        {word}
      </Button>
    </li>
  )
}
