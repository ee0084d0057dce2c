import { useState } from 'react'
import type { AccountCosts, OpenCost, OpenRun } from '../../../core/cloud/costing.ts'
import { stageWord } from '../../capture-words.ts'
import { useDesk, useMirror } from '../../desk.ts'
import { clockTime } from '../../format.ts'
import { Button } from '../../parts/button.tsx'
import { dollars } from '../run/money.ts'

/** Everything of Spaceport's that costs money in an account, asked there: also what other people and computers started. */
export function AccountCosting({ name }: { readonly name: string }) {
  const { intents } = useDesk()
  const busy = useMirror((state) => state.busy.has(`costs ${name}`))
  const [costs, setCosts] = useState<AccountCosts | null>(null)
  const look = async () => setCosts((await intents.costsOf(name)) ?? null)
  return (
    <div className="card settings-rows" aria-label={`What costs money in ${name}`}>
      <div className="settings-row">
        <span className="grow">
          <b>All of {name}</b>
          <span className="soft" data-source="account.costs">
            {costs ? sumOf(costs) : 'Also what other people and computers started there.'}
          </span>
        </span>
        <Button small disabled={busy} onClick={() => void look()}>
          {busy ? 'Asking' : 'Ask'}
        </Button>
      </div>
      {costs?.jobs.map((job) => (
        <JobRow key={job.name} job={job} />
      ))}
      {costs && waiting(costs).map((run) => <RunRow key={`${run.tenant} ${run.runId}`} run={run} />)}
    </div>
  )
}

function JobRow({ job }: { readonly job: OpenCost }) {
  const isKnown = useMirror((state) => state.runs.has(job.runId))
  const price = job.usdAnHour === null ? 'at a price not known here' : `${dollars(job.usdAnHour)} an hour`
  return (
    <div className="settings-row">
      <span className="grow">
        <b>{job.runId}</b>
        <span className="soft" data-source="SageMaker, core/run/cost">
          {stageWord(job.stage)} on {job.machines === 1 ? job.instance : `${job.machines} × ${job.instance}`}
          {job.spot && ', spot'}, {job.startedAt === null ? 'no machine at the moment' : `since ${clockTime(job.startedAt)}, ${price}`}
          {job.status === 'Stopping' && ', being stopped'}
          {!isKnown && '; not started on this computer'}
        </span>
      </span>
    </div>
  )
}

function RunRow({ run }: { readonly run: OpenRun }) {
  const isKnown = useMirror((state) => state.runs.has(run.runId))
  return (
    <div className="settings-row">
      <span className="grow">
        <b>{run.runId}</b>
        <span className="soft" data-source="Step Functions">
          goes on since {clockTime(run.startedAt)}, without a machine at the moment{!isKnown && '; not started on this computer'}
        </span>
      </span>
    </div>
  )
}

/** Runs that go on and have no job: they wait, or are between two. */
function waiting({ runs, jobs }: AccountCosts): readonly OpenRun[] {
  return runs.filter(({ runId }) => !jobs.some((job) => job.runId === runId))
}

function sumOf({ jobs, usdAnHour, unpriced, prices, askedAt }: AccountCosts): string {
  const when = `asked ${clockTime(askedAt, true)}`
  if (jobs.length === 0) return `No machine of Spaceport's is rented; ${when}.`
  const rest = unpriced === 0 ? '' : `, and ${unpriced} at a price not known here`
  return `${dollars(usdAnHour)} an hour at the full price${rest}; ${when}. Prices: ${prices.region}, ${prices.date}; ${prices.source}.`
}
