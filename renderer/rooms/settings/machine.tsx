import { RefreshCw } from 'lucide-react'
import type { ReactNode } from 'react'
import type { DoctorRow } from '../../../core/doctor.ts'
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
  const rows = doctor?.kind === 'here' ? doctor.value : []
  return (
    <>
      <p className="soft">Runs happen here, free. Each line is measured when you look, not assumed.</p>
      <Title rows={rows} checking={doctor?.kind === 'loading'} />
      {doctor?.kind === 'failed' && (
        <ProblemCard problem={doctor.problem} remedies={[{ label: 'Check again', act: () => void intents.checkMachine() }]} />
      )}
      {doctor?.kind === 'loading' && (
        <p className="quiet" role="status">
          Starting each part once to see whether it works.
        </p>
      )}
      {rows.length > 0 && (
        <ul className="card settings-rows">
          {rows.map((row) => (
            <CheckRow key={row.check} row={row} />
          ))}
        </ul>
      )}
    </>
  )
}

function Title({ rows, checking }: { readonly rows: readonly DoctorRow[]; readonly checking: boolean }) {
  const { intents } = useDesk()
  const bad = (['blocks', 'limits'] as const).find((state) => rows.some((row) => row.state === state))
  return (
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
          took {duration(Math.max(...rows.map((row) => row.tookMs)))}
        </span>
      )}
      <Button small icon={RefreshCw} disabled={checking} onClick={() => void intents.checkMachine()}>
        {checking ? 'Checking' : 'Check again'}
      </Button>
    </div>
  )
}

/** One part: what was found, and what to do. */
export function CheckRow({ row, children }: { readonly row: DoctorRow; readonly children?: ReactNode }) {
  return (
    <li className="settings-row" data-state={row.state}>
      <StateGlyph state={glyphs[row.state]} label={words[row.state]} />
      <b className="doctor-check">{row.check}</b>
      <span className="grow soft" data-source="app.doctor">
        {row.what}
        {row.remedy && <span className="doctor-remedy">{row.remedy}</span>}
      </span>
      {children}
    </li>
  )
}
