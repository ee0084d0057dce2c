import { Square } from 'lucide-react'
import type { RunSummary } from '../../../core/run/run-summary.ts'
import { hasEnded } from '../../../core/run/reduce.ts'
import { costingNow, spentOn } from '../../../core/run/spent.ts'
import { stageWord } from '../../capture-words.ts'
import { useDesk, useMirror } from '../../desk.ts'
import { clockTime } from '../../format.ts'
import { Button } from '../../parts/button.tsx'
import { useClock } from '../../parts/use-clock.ts'
import { dollars } from '../run/money.ts'
import { AccountCosting } from './account-costing.tsx'

/** Each run whose machine is rented this moment: what it is, since when, at what rate, how much so far, and its end; and all of each account. */
export function CostingNow() {
  const runs = useMirror((state) => state.runs)
  const targets = useMirror((state) => state.targets)
  const now = useClock(true)
  const accounts = targets.filter(({ api }) => api)
  const going = [...runs.values()].filter(({ settings, state }) => settings.where !== 'local' && !hasEnded(state))
  return (
    <section aria-label="Costing money now">
      <h2>Costing money now</h2>
      {going.length === 0 && (
        <p className="soft" data-source="runs.list">
          No run that this machine knows of rents a machine. What lies in the bucket costs its storage.
        </p>
      )}
      {going.length > 0 && (
        <ul className="card settings-rows">
          {going.map((run) => (
            <Row key={run.runId} run={run} now={now} />
          ))}
        </ul>
      )}
      {accounts.map(({ name }) => (
        <AccountCosting key={name} name={name} />
      ))}
    </section>
  )
}

function Row({ run, now }: { readonly run: RunSummary; readonly now: number }) {
  const { intents } = useDesk()
  const { account } = run.state
  const alive = account ? costingNow(account.jobs) : null
  const so = account ? spentOn(account.jobs, now) : null
  return (
    <li className="settings-row">
      <span className="grow">
        <b>{run.captureName}</b>
        <span className="soft" data-source="GET /jobs, core/run/cost">
          {alive
            ? `${stageWord(alive.job.stage)} on ${alive.job.instance} in ${run.settings.where}, since ${clockTime(alive.job.startedAt ?? '')}, ${
                alive.usdAnHour === null ? 'at a price not known here' : `${dollars(alive.usdAnHour)} an hour`
              }`
            : `In ${run.settings.where}: no machine at the moment`}
          {so && `, ≈ ${dollars(so.usd)} so far`}
          {account && `; asked ${clockTime(account.askedAt, true)}`}
        </span>
      </span>
      <Button small icon={Square} onClick={() => intents.go({ room: 'run', captureId: run.captureId, runId: run.runId })}>
        Look and stop
      </Button>
    </li>
  )
}
