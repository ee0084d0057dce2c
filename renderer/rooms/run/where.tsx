import { Cloud, type LucideIcon, Monitor } from 'lucide-react'
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
        <Place
          icon={Monitor}
          name="This machine"
          says="free, offline, photos stay here"
          chosen={settings.where === 'local'}
          onChoose={() => choose('local')}
        />
        {targets.map(({ name, bucket, api }) => (
          <Place
            key={name}
            icon={Cloud}
            name={name}
            says={api ? `your AWS account, ${bucket}` : 'photos can be sent there; its API is not set up'}
            whyNot={api ? undefined : 'Set up for photos only: the address of its API is not known.'}
            chosen={settings.where === name}
            onChoose={() => choose(name)}
          />
        ))}
        {targets.length === 0 && (
          <Place icon={Cloud} name="Your AWS account" says="no account is set up" whyNot="No cloud account is set up." chosen={false} />
        )}
      </div>
    </section>
  )
}

type PlaceProps = {
  readonly icon: LucideIcon
  readonly name: string
  readonly says: string
  /** Why it cannot be chosen. */
  readonly whyNot?: string | undefined
  readonly chosen: boolean
  readonly onChoose?: () => void
}

function Place({ icon: Icon, name, says, whyNot, chosen, onChoose }: PlaceProps) {
  return (
    <button
      type="button"
      className="choice"
      role="radio"
      aria-checked={chosen}
      disabled={whyNot !== undefined}
      title={whyNot}
      onClick={onChoose}
    >
      <Icon size={18} strokeWidth={1.75} aria-hidden />
      <span>
        <b>{name}</b>
        <span className="soft">{says}</span>
      </span>
    </button>
  )
}
