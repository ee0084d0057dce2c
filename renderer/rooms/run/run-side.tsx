import { hasEnded } from '../../../core/run/reduce.ts'
import type { RunSummary } from '../../../core/run/run-summary.ts'
import { bytes, count } from '../../format.ts'
import type { CaptureDetail } from '../../mirror-state.ts'
import { FactTable } from '../../parts/fact-table.tsx'
import { StateGlyph } from '../../parts/state-glyph.tsx'
import { AccountCost } from './account-cost.tsx'

const stepWords = { full: 'Full pipeline', '3dgs': 'From training on', compression: 'Compression only' } as const

/** What it costs, with which settings it runs, what it warned of. */
export function RunSide({ run, detail }: { readonly run: RunSummary; readonly detail: CaptureDetail }) {
  return (
    // A pane that scrolls must be reachable by keyboard (axe: scrollable-region-focusable).
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <aside className="run-side scroll" aria-label="Inspector" tabIndex={0}>
      <Cost run={run} />
      <SettingsOfRun settings={run.settings} />
      <Warnings warnings={run.state.warnings} />
      <NotRegistered run={run} detail={detail} />
    </aside>
  )
}

function Cost({ run }: { readonly run: RunSummary }) {
  const disk = run.diskBytes > 0 && hasEnded(run.state) ? bytes(run.diskBytes) : null
  return (
    <section>
      <h2>Cost</h2>
      {run.settings.where === 'local' ? (
        <p className="run-cost">
          Free <span className="quiet">on this machine</span>
        </p>
      ) : (
        <AccountCost run={run} />
      )}
      <FactTable end facts={[{ label: 'On disk', value: disk, source: 'runs.list diskBytes', why: 'counted when the run ends' }]} />
    </section>
  )
}

function SettingsOfRun({ settings: { step, preset, train } }: Pick<RunSummary, 'settings'>) {
  const source = 'run settings'
  return (
    <section>
      <h2>Settings of this run</h2>
      <FactTable
        end
        facts={[
          { label: 'Steps', value: stepWords[step], source },
          { label: 'Quality', value: `${preset}, ${count(train.iterations)}`, source },
          { label: 'Gaussians', value: `MCMC, up to ${count(train.cap)}`, source },
          { label: 'Long side', value: `${count(train.longSidePx)} px`, source },
          { label: 'Colour by direction', value: `degree ${train.shDegree}`, source },
          { label: 'Held out', value: train.holdOutEvery > 0 ? `every ${train.holdOutEvery}th photo` : 'none', source },
          { label: 'Engine', value: train.engine.toUpperCase(), source },
        ]}
      />
    </section>
  )
}

function Warnings({ warnings }: Pick<RunSummary['state'], 'warnings'>) {
  if (warnings.length === 0) return null
  return (
    <section>
      <h2>Warnings</h2>
      <ul className="run-warnings">
        {warnings.map((one, at) => (
          <li key={`${one.code} ${at}`}>
            <StateGlyph state="risky" label="Warning" />
            <span>
              {one.what} <span className="soft">{one.remedy}</span>
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}

/** Registered of all, as the mapper counted; the names stand in sfm/report.json. */
function NotRegistered({ run, detail }: { readonly run: RunSummary; readonly detail: CaptureDetail }) {
  const map = run.state.stages.find((one) => one.stage === 'sfm')?.steps.find((one) => one.step === 'map')
  const registered = map?.metrics['registered'] ?? map?.done
  if (typeof registered !== 'number') return null
  const all = detail.photos.length - detail.leftOut.length
  return (
    <section>
      <h2>Registered</h2>
      <p className="soft" data-source="progress.jsonl map, captures.get">
        {count(registered)} of {count(all)} photos
      </p>
    </section>
  )
}
