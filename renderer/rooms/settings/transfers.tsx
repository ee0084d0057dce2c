import type { BandwidthLimit } from '../../../core/transfer/bandwidth.ts'
import { Segmented } from '../../parts/segmented.tsx'
import { SettingRow, WholeField } from './setting-row.tsx'

const kilobyte = 1000
// What BandwidthLimit takes: less would let no photo through in a day.
const [leastKbPerS, mostKbPerS] = [10, 10_000_000]

const when = [
  { value: 'always', label: 'Always' },
  { value: 'hours', label: 'In these hours' },
] as const

// The usual reason to ask for hours: the line is needed for work.
const workingHours = { from: 8, to: 18 }

/** What transfers may take of the line and of the battery. */
export function Transfers() {
  return (
    <>
      <p className="soft">Each applies at once, also to a transfer under way. Proof by checksum cannot be switched off.</p>
      <div className="card settings-rows">
        <SettingRow name="bandwidth" title="Most of the line" what="What transfers may take of it; 0 takes all." usually="all of it">
          {(value, set) => <LineField value={value} onSet={set} />}
        </SettingRow>
        <SettingRow
          name="pauseOnBattery"
          title="Pause on battery"
          what="Transfers wait until the machine is on mains power again. Known in the app's own window only: a browser does not tell."
          usually="off"
        >
          {(value, set) => (
            <input type="checkbox" aria-label="Pause on battery" checked={value} onChange={(event) => set(event.target.checked)} />
          )}
        </SettingRow>
      </div>
    </>
  )
}

type Props = { readonly value: BandwidthLimit | null; readonly onSet: (value: BandwidthLimit | null) => void }

function LineField({ value, onSet }: Props) {
  const kbPerS = value === null ? 0 : Math.round(value.bytesPerS / kilobyte)
  const setRate = (next: number) => {
    if (next === 0) onSet(null)
    else if (next >= leastKbPerS) onSet({ bytesPerS: next * kilobyte, hours: value?.hours ?? null })
  }
  return (
    <span className="row">
      <WholeField label="Most of the line, in kB/s" value={kbPerS} min={0} max={mostKbPerS} unit="kB/s" onSet={setRate} />
      {value && <Hours value={value} onSet={onSet} />}
    </span>
  )
}

function Hours({ value, onSet }: { readonly value: BandwidthLimit; readonly onSet: (value: BandwidthLimit) => void }) {
  const { hours } = value
  return (
    <>
      <Segmented
        label="When the limit holds"
        value={hours === null ? 'always' : 'hours'}
        choices={when}
        onChoose={(one) => onSet({ ...value, hours: one === 'always' ? null : workingHours })}
      />
      {hours && (
        <>
          <WholeField
            label="From this hour"
            value={hours.from}
            min={0}
            max={23}
            onSet={(from) => onSet({ ...value, hours: { ...hours, from } })}
          />
          <WholeField
            label="Until this hour"
            value={hours.to}
            min={0}
            max={23}
            unit="h"
            onSet={(to) => onSet({ ...value, hours: { ...hours, to } })}
          />
        </>
      )}
    </>
  )
}
