import { Segmented } from '../../parts/segmented.tsx'
import { SettingRow } from './setting-row.tsx'

const themes = [
  { value: 'system', label: 'Follow system' },
  { value: 'dark', label: 'Dark' },
  { value: 'light', label: 'Light' },
] as const

const units = [
  { value: 'metric', label: 'Metres' },
  { value: 'imperial', label: 'Feet' },
] as const

/** How the window looks and what it tells. */
export function General() {
  return (
    <div className="card settings-rows">
      <SettingRow name="theme" title="Theme" what="The stage and photos stay dark in both." usually="follow system">
        {(value, set) => <Segmented label="Theme" value={value} choices={themes} onChoose={set} />}
      </SettingRow>
      <SettingRow name="units" title="Units" what="For lengths on the map and in scenes." usually="metres">
        {(value, set) => <Segmented label="Units" value={value} choices={units} onChoose={set} />}
      </SettingRow>
      <SettingRow name="notifications" title="Notifications" what="When a run ends and the window is not in front." usually="on">
        {(value, set) => (
          <input type="checkbox" aria-label="Notifications" checked={value} onChange={(event) => set(event.target.checked)} />
        )}
      </SettingRow>
    </div>
  )
}
