import { RefreshCw } from 'lucide-react'
import type { DoctorRow } from '../../../core/contract.ts'
import { useDesk, useMirror } from '../../desk.ts'
import { duration } from '../../format.ts'
import { Button } from '../../parts/button.tsx'
import { Badge } from '../../parts/chip.tsx'
import { ProblemCard } from '../../parts/problem-card.tsx'
import { type GlyphState, StateGlyph } from '../../parts/state-glyph.tsx'

const glyphs: Readonly<Record<DoctorRow['state'], GlyphState>> = { ok: 'ready', limits: 'risky', blocks: 'unusable', unknown: 'unknown' }
const words: Readonly<Record<DoctorRow['state'], string>> = { ok: 'ok', limits: 'limits you', blocks: 'blocks', unknown: 'could not tell' }

/** This machine: what was measured, and what to do about what is missing. */
export function Machine() {
  const { intents } = useDesk()
  const doctor = useMirror((state) => state.doctor)
  const settings = useMirror((state) => state.settings)
  const rows = doctor?.kind === 'here' ? doctor.value : []
  const bad = (['blocks', 'limits'] as const).find((state) => rows.some((row) => row.state === state))
  return (
    <>
      <p className="soft">Runs happen here, free. Each line was just measured.</p>
      <div className="row settings-title">
        <h2>Doctor</h2>
        {bad && (
          <Badge tone={bad === 'blocks' ? 'bad' : 'warn'} state={glyphs[bad]}>
            {rows.filter((row) => row.state === bad).length} {words[bad]}
          </Badge>
        )}
        <span className="grow" />
        {rows.length > 0 && (
          <span className="quiet" data-source="app.doctor">
            took {duration(rows.reduce((sum, row) => sum + row.tookMs, 0))}
          </span>
        )}
        <Button small icon={RefreshCw} disabled={doctor?.kind === 'loading'} onClick={() => void intents.checkMachine()}>
          {doctor?.kind === 'loading' ? 'Checking' : 'Check again'}
        </Button>
      </div>
      {doctor?.kind === 'failed' && (
        <ProblemCard problem={doctor.problem} remedies={[{ label: 'Check again', act: () => void intents.checkMachine() }]} />
      )}
      {rows.length > 0 && (
        <ul className="card settings-rows">
          {rows.map((row) => (
            <li key={row.check} className="settings-row" data-state={row.state}>
              <StateGlyph state={glyphs[row.state]} label={words[row.state]} />
              <b className="doctor-check">{row.check}</b>
              <span className="grow soft" data-source="app.doctor">
                {row.what}
                {row.remedy && <span className="doctor-remedy">{row.remedy}</span>}
              </span>
            </li>
          ))}
        </ul>
      )}
      {settings && (
        // The words stand one element deeper than this rule looks.
        // oxlint-disable-next-line jsx-a11y/label-has-associated-control
        <label className="card settings-row settings-threads">
          <span className="grow">
            <b>Cores used</b>
            <span className="soft" data-source="app.settings">
              0 takes all of them.
            </span>
          </span>
          <input
            type="number"
            className="field field-small"
            min={0}
            max={256}
            value={settings.threads}
            onChange={(event) =>
              Number.isInteger(event.target.valueAsNumber) &&
              void intents.saveSettings({ ...settings, threads: Math.min(256, Math.max(0, event.target.valueAsNumber)) })
            }
          />
        </label>
      )}
    </>
  )
}
