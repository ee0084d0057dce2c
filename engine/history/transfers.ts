import { problem, ProblemError } from '../../core/problem.ts'
import { CloudTarget } from '../../core/transfer/cloud-target.ts'
import type { Ledger } from '../../core/transfer/ledger.ts'
import type { Credentials } from '../cloud/target.ts'
import type { Database } from './database.ts'

export type DeskState = 'going' | 'paused' | 'done' | 'failed' | 'cancelled'

/** One capture on its way to one target, as it lies in the database. */
export type TransferRow = {
  readonly transferId: string
  readonly captureId: string
  readonly target: string
  readonly startedAt: string
  readonly state: DeskState
  readonly ledger: Ledger
}

type Raw = { transfer_id: string; capture_id: string; target: string; started_at: string; state: DeskState; ledger: string }

function rowOf(raw: Raw): TransferRow {
  return {
    transferId: raw.transfer_id,
    captureId: raw.capture_id,
    target: raw.target,
    startedAt: raw.started_at,
    state: raw.state,
    ledger: JSON.parse(raw.ledger) as Ledger,
  }
}

/** Keys for whoever is signed in to a target with the browser (engine/cloud/sign-in-desk.ts). */
export type PersonKeys = (target: CloudTarget) => Promise<Credentials>
const noPerson: PersonKeys = ({ name }) => {
  throw new ProblemError(
    problem('cloud/not-signed-in', `Nobody is signed in to "${name}".`, 'Sign in in the window, Settings, Cloud accounts.'),
  )
}

export type TransferStore = ReturnType<typeof transferStore>

/** Targets by name, and what became of each capture's transfer. */
export function transferStore(db: Database, now: () => Date, personKeys: PersonKeys = noPerson) {
  const one = db.prepare('SELECT * FROM transfer_desk WHERE transfer_id = ?')
  const all = db.prepare('SELECT * FROM transfer_desk ORDER BY started_at DESC')
  const put = db.prepare(
    `INSERT INTO transfer_desk (transfer_id, capture_id, target, started_at, state, ledger, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET started_at = excluded.started_at, state = excluded.state, ledger = excluded.ledger, updated_at = excluded.updated_at`,
  )
  const patch = db.prepare('UPDATE transfer_desk SET state = ?, ledger = ?, updated_at = ? WHERE transfer_id = ?')
  const targets = db.prepare('SELECT facts FROM cloud_targets ORDER BY name').pluck()
  const target = db.prepare('SELECT facts FROM cloud_targets WHERE name = ?').pluck()
  const saveTarget = db.prepare(
    'INSERT INTO cloud_targets (name, facts) VALUES (?, ?) ON CONFLICT DO UPDATE SET facts = excluded.facts, signed_in_at = NULL',
  )
  const removeTarget = db.prepare('DELETE FROM cloud_targets WHERE name = ?')
  const signedIn = db.prepare('SELECT signed_in_at FROM cloud_targets WHERE name = ?').pluck()
  const signIn = db.prepare('UPDATE cloud_targets SET signed_in_at = ? WHERE name = ?')
  const at = () => now().toISOString()
  return {
    personKeys,
    get(transferId: string): TransferRow | null {
      const raw = one.get(transferId) as Raw | undefined
      return raw === undefined ? null : rowOf(raw)
    },
    list: (): readonly TransferRow[] => (all.all() as Raw[]).map(rowOf),
    begin: (row: TransferRow): void =>
      void put.run(row.transferId, row.captureId, row.target, row.startedAt, row.state, JSON.stringify(row.ledger), at()),
    note: (transferId: string, state: DeskState, ledger: Ledger): void => void patch.run(state, JSON.stringify(ledger), at(), transferId),
    targets: (): readonly CloudTarget[] => (targets.all() as string[]).map((facts) => CloudTarget.parse(JSON.parse(facts))),
    target(name: string): CloudTarget | null {
      const facts = target.get(name) as string | undefined
      return facts === undefined ? null : CloudTarget.parse(JSON.parse(facts))
    },
    saveTarget: (wanted: CloudTarget): void => void saveTarget.run(wanted.name, JSON.stringify(wanted)),
    removeTarget: (name: string): boolean => removeTarget.run(name).changes > 0,
    hasSignedIn: (name: string): boolean => typeof signedIn.get(name) === 'string',
    signedIn: (name: string): void => void signIn.run(at(), name),
  }
}
