import { RotateCcw } from 'lucide-react'
import type { ReactNode } from 'react'
import { AppSettings } from '../../../core/app-settings.ts'
import { useDesk, useMirror } from '../../desk.ts'
import { IconButton } from '../../parts/button.tsx'

/** What each setting is until somebody changes it. */
export const usual: AppSettings = AppSettings.parse({})

type Props<K extends keyof AppSettings> = {
  readonly name: K
  readonly title: string
  readonly what: string
  /** What the usual value is called. */
  readonly usually: string
  readonly children: (value: AppSettings[K], set: (value: AppSettings[K]) => void) => ReactNode
}

/** One setting: name, effect, its control, and the way back where it was changed. It applies at once. */
export function SettingRow<K extends keyof AppSettings>({ name, title, what, usually, children }: Props<K>) {
  const { intents } = useDesk()
  const settings = useMirror((state) => state.settings)
  if (!settings) return null
  const set = (value: AppSettings[K]) => void intents.saveSettings({ ...settings, [name]: value })
  return (
    <div className="settings-row" role="group" aria-label={title}>
      <span className="grow">
        <b>{title}</b>
        <span className="soft" data-source="app.settings">
          {what}
        </span>
      </span>
      {settings[name] !== usual[name] && (
        <IconButton label={`${title} back to ${usually}`} icon={RotateCcw} onClick={() => set(usual[name])} />
      )}
      {children(settings[name], set)}
    </div>
  )
}

type WholeProps = {
  readonly label: string
  readonly value: number
  readonly min: number
  readonly max: number
  readonly unit?: string
  readonly onSet: (value: number) => void
}

/** A whole number; what is out of bounds, or half typed, is not saved. */
export function WholeField({ label, value, min, max, unit = '', onSet }: WholeProps) {
  return (
    <span className="row">
      <input
        type="number"
        className="field field-small settings-number"
        aria-label={label}
        key={value}
        defaultValue={value}
        min={min}
        max={max}
        onChange={(event) => {
          const next = event.target.valueAsNumber
          if (Number.isInteger(next) && next >= min && next <= max && next !== value) onSet(next)
        }}
      />
      {unit && <span className="quiet">{unit}</span>}
    </span>
  )
}
