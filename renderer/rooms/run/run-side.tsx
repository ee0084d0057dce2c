import { hasEnded } from '../../../core/run/reduce.ts'
import type { RunSummary } from '../../../core/contract.ts'
import { bytes, count } from '../../format.ts'
import type { CaptureDetail } from '../../mirror-state.ts'
import { FactTable } from '../../parts/fact-table.tsx'
import { StateGlyph } from '../../parts/state-glyph.tsx'

const stepWords = { full: 'Full pipeline', '3dgs': 'From training on', compression: 'Compression only' } as const

/** What it costs, with which settings it runs, what it warned of. */
export function RunSide({ run, detail }: { readonly run: RunSummary; readonly detail: CaptureDetail }) {
  const { settings, state } = run
  return (
    // A pane that scrolls must be reachable by keyboard (axe: scrollable-region-focusable).
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <aside className="run-side scroll" aria-label="Inspector" tabIndex={0}>
      <section>
        <h2>Cost</h2>
        <p className="run-cost">
          Free <span className="quiet">on this machine</span>
        </p>
        <FactTable
          end
          facts={[
            {
              label: 'On disk',
              value: run.diskBytes > 0 && hasEnded(run.state) ? bytes(run.diskBytes) : null,
              source: 'runs.list diskBytes',
              why: 'counted when the run ends',
            },
          ]}
        />
      </section>
      <section>
        <h2>Settings of this run</h2>
        <FactTable
          end
          facts={[
            { label: 'Steps', value: stepWords[settings.step], source: 'run settings' },
            { label: 'Quality', value: `${settings.preset}, ${count(settings.train.iterations)}`, source: 'run settings' },
            { label: 'Gaussians', value: `MCMC, up to ${count(settings.train.cap)}`, source: 'run settings' },
            { label: 'Long side', value: `${count(settings.train.longSidePx)} px`, source: 'run settings' },
            { label: 'Colour by direction', value: `degree ${settings.train.shDegree}`, source: 'run settings' },
            {
              label: 'Held out',
              value: settings.train.holdOutEvery > 0 ? `every ${settings.train.holdOutEvery}th photo` : 'none',
              source: 'run settings',
            },
            { label: 'Engine', value: settings.train.engine.toUpperCase(), source: 'run settings' },
          ]}
        />
      </section>
      {state.warnings.length > 0 && (
        <section>
          <h2>Warnings</h2>
          <ul className="run-warnings">
            {state.warnings.map((one, at) => (
              <li key={`${one.code} ${at}`}>
                <StateGlyph state="risky" label="Warning" />
                <span>
                  {one.what} <span className="soft">{one.remedy}</span>
                </span>
              </li>
            ))}
          </ul>
        </section>
      )}
      <NotRegistered run={run} detail={detail} />
    </aside>
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
