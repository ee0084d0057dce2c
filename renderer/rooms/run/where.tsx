import { Cloud, Monitor } from 'lucide-react'
import { type RunSettings, settingsOf } from '../../../core/run/settings.ts'
import { useMirror } from '../../desk.ts'

// What a first run in an account may cost at most until a person says otherwise.
const firstCapUsd = 3

type Props = { readonly settings: RunSettings; readonly onDraft: (change: Partial<RunSettings>) => void }

/** Where a run happens: this machine, or an account that is set up for runs. */
export function Where({ settings, onDraft }: Props) {
  const targets = useMirror((state) => state.targets)
  const choose = (where: string) => {
    const { train } = settingsOf(settings.preset, { where })
    const capUsd = where === 'local' ? null : (settings.capUsd ?? firstCapUsd)
    // An account trains on a GPU, this machine on its processors; what else was set stays.
    onDraft({ where, capUsd, train: { ...settings.train, engine: train.engine } })
  }
  return (
    <section>
      <h2>Where</h2>
      <div className="choice-row" role="radiogroup" aria-label="Where">
        <button type="button" className="choice" role="radio" aria-checked={settings.where === 'local'} onClick={() => choose('local')}>
          <Monitor size={18} strokeWidth={1.75} aria-hidden />
          <span>
            <b>This machine</b>
            <span className="soft">free, offline, photos stay here</span>
          </span>
        </button>
        {targets.map(({ name, bucket, api }) => (
          <button
            key={name}
            type="button"
            className="choice"
            role="radio"
            aria-checked={settings.where === name}
            disabled={!api}
            title={api ? undefined : 'Set up for photos only: the address of its API is not known.'}
            onClick={() => choose(name)}
          >
            <Cloud size={18} strokeWidth={1.75} aria-hidden />
            <span>
              <b>{name}</b>
              <span className="soft">{api ? `your AWS account, ${bucket}` : 'photos can be sent there; its API is not set up'}</span>
            </span>
          </button>
        ))}
        {targets.length === 0 && (
          <button type="button" className="choice" role="radio" aria-checked={false} disabled title="No cloud account is set up.">
            <Cloud size={18} strokeWidth={1.75} aria-hidden />
            <span>
              <b>Your AWS account</b>
              <span className="soft">no account is set up</span>
            </span>
          </button>
        )}
      </div>
    </section>
  )
}
