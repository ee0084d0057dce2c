import '../../styles/settings.css'
import { Info, Monitor, SlidersHorizontal } from 'lucide-react'
import { useDesk, useMirror } from '../../desk.ts'
import { hashOf } from '../../place.ts'
import { Segmented } from '../../parts/segmented.tsx'
import { FactTable } from '../../parts/fact-table.tsx'
import { Machine } from './machine.tsx'

const sections = [
  { id: 'general', word: 'General', icon: SlidersHorizontal },
  { id: 'machine', word: 'This machine', icon: Monitor },
  { id: 'about', word: 'About', icon: Info },
] as const

/** Settings: each applies at once. */
export function SettingsRoom({ section }: { readonly section: string }) {
  const open = sections.find((one) => one.id === section) ?? sections[0]
  return (
    <div className="settings">
      <nav className="settings-nav" aria-label="Settings">
        {sections.map(({ id, word, icon: Icon }) => (
          <a
            key={id}
            className="side-link"
            href={hashOf({ room: 'settings', section: id })}
            aria-current={id === open.id ? 'page' : undefined}
          >
            <Icon size={16} strokeWidth={1.75} aria-hidden />
            {word}
          </a>
        ))}
      </nav>
      <div className="settings-body scroll">
        <h1>{open.word}</h1>
        {open.id === 'general' && <General />}
        {open.id === 'machine' && <Machine />}
        {open.id === 'about' && <About />}
      </div>
    </div>
  )
}

function General() {
  const { intents } = useDesk()
  const settings = useMirror((state) => state.settings)
  if (!settings) return null
  return (
    <div className="card settings-rows">
      <div className="settings-row">
        <span className="grow">
          <b>Theme</b>
          <span className="soft">The stage and photos stay dark in both.</span>
        </span>
        <Segmented
          label="Theme"
          value={settings.theme}
          choices={[
            { value: 'system', label: 'Follow system' },
            { value: 'dark', label: 'Dark' },
            { value: 'light', label: 'Light' },
          ]}
          onChoose={(theme) => void intents.saveSettings({ ...settings, theme })}
        />
      </div>
      <div className="settings-row">
        <span className="grow">
          <b>Units</b>
          <span className="soft">For lengths on the map and in scenes.</span>
        </span>
        <Segmented
          label="Units"
          value={settings.units}
          choices={[
            { value: 'metric', label: 'Metres' },
            { value: 'imperial', label: 'Feet' },
          ]}
          onChoose={(units) => void intents.saveSettings({ ...settings, units })}
        />
      </div>
      {/* The words stand one element deeper than this rule looks. */}
      {/* oxlint-disable-next-line jsx-a11y/label-has-associated-control */}
      <label className="settings-row">
        <span className="grow">
          <b>Notifications</b>
          <span className="soft">When a run ends and the window is not in front.</span>
        </span>
        <input
          type="checkbox"
          checked={settings.notifications}
          onChange={(event) => void intents.saveSettings({ ...settings, notifications: event.target.checked })}
        />
      </label>
    </div>
  )
}

function About() {
  const info = useMirror((state) => state.info)
  return (
    <div className="card settings-about">
      <FactTable
        facts={[
          { label: 'Version', value: info?.version ?? null, source: 'app.info' },
          {
            label: 'Window',
            value: info ? { browser: 'plain browser, loopback host', electron: 'desktop' }[info.host] : null,
            source: 'app.info',
          },
          { label: 'Platform', value: info?.platform ?? null, source: 'app.info' },
          { label: 'Library', value: info?.home ?? null, source: 'app.info' },
        ]}
      />
      <p className="soft">Nothing leaves this machine without an action of yours. No telemetry.</p>
    </div>
  )
}
