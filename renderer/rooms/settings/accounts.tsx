import { Plus } from 'lucide-react'
import { useState } from 'react'
import type { DoctorRow } from '../../../core/doctor.ts'
import type { CloudTarget } from '../../../core/transfer/cloud-target.ts'
import { useDesk, useMirror } from '../../desk.ts'
import { Button } from '../../parts/button.tsx'
import { FactTable } from '../../parts/fact-table.tsx'
import { AccountForm } from './account-form.tsx'
import { AccountSignIn } from './account-sign-in.tsx'
import { CostingNow } from './costing-now.tsx'
import { CheckRow } from './machine.tsx'
import { RequestQuota } from './request-quota.tsx'

/** The buckets of the person's own account: listed, added, asked whether they work, forgotten. */
export function Accounts() {
  const targets = useMirror((state) => state.targets)
  const [isAdding, setAdding] = useState(false)
  return (
    <>
      <p className="soft settings-text">
        Photos go to a bucket of your own. No password or key is asked for here: the browser, your AWS profile or the environment signs in.
      </p>
      {targets.map((target) => (
        <Account key={target.name} target={target} />
      ))}
      {targets.length === 0 && !isAdding && <p className="soft">No account is set up. Runs on this machine need none.</p>}
      {targets.some(({ api }) => api) && <CostingNow />}
      {isAdding ? (
        <AccountForm taken={targets.map(({ name }) => name)} onEnd={() => setAdding(false)} />
      ) : (
        <div className="row">
          <Button icon={Plus} onClick={() => setAdding(true)}>
            Add an account
          </Button>
        </div>
      )}
    </>
  )
}

function Account({ target }: { readonly target: CloudTarget }) {
  const { intents } = useDesk()
  const busy = useMirror((state) => state.busy.has(`target ${target.name}`))
  const [rows, setRows] = useState<readonly DoctorRow[]>([])
  const { name, bucket, region, tenant, endpoint, api } = target
  const source = 'targets.list'
  // The form puts this where a person's own id comes at the first sign-in.
  const isPlaceKnown = !target.people || tenant !== 'unknown'
  const test = async () => setRows((await intents.testTarget(name)) ?? [])
  return (
    <section className="card settings-about" aria-label={`Account ${name}`}>
      <div className="row settings-title">
        <h2 className="grow">{name}</h2>
        <Button small tone="quiet" disabled={busy} onClick={() => void intents.removeTarget(target)}>
          Forget
        </Button>
        <Button small disabled={busy} onClick={() => void test()}>
          {busy ? 'Asking' : 'Test'}
        </Button>
      </div>
      <FactTable
        facts={[
          { label: 'Bucket', value: `${bucket}, ${region}`, source },
          { label: 'Place in it', value: isPlaceKnown ? `t/${tenant}/` : null, source, why: 'your own, known after the first sign-in' },
          { label: 'Signs in', value: signsIn(target), source },
          ...(endpoint === null ? [] : [{ label: 'Server', value: endpoint, source }]),
          { label: 'Runs', value: api ?? null, source, why: 'no API is named: photos can be sent there, nothing runs' },
        ]}
      />
      {target.people && <AccountSignIn name={name} />}
      {rows.length > 0 && (
        <ul className="settings-rows" aria-label={`What ${name} answers`}>
          {rows.map((row) => (
            <CheckRow key={row.check} row={row}>
              {row.quota !== undefined && <RequestQuota name={name} quota={row.quota} />}
            </CheckRow>
          ))}
        </ul>
      )}
    </section>
  )
}

function signsIn({ people, profile }: CloudTarget): string {
  if (people) return `with the browser, at ${new URL(people.signIn).host}`
  return profile === null ? 'the environment, or the default AWS profile' : `AWS profile ${profile}`
}
