import '../../styles/settings.css'
import {
  ArrowUpDown,
  Cloud,
  HardDrive,
  Info,
  Keyboard as KeyboardIcon,
  type LucideIcon,
  Monitor,
  Play,
  SlidersHorizontal,
} from 'lucide-react'
import type { ComponentType } from 'react'
import { hashOf } from '../../place.ts'
import { About } from './about.tsx'
import { Accounts } from './accounts.tsx'
import { General } from './general.tsx'
import { Keyboard } from './keyboard.tsx'
import { Machine } from './machine.tsx'
import { Runs } from './runs.tsx'
import { Storage } from './storage.tsx'
import { Transfers } from './transfers.tsx'

type Section = { readonly id: string; readonly word: string; readonly icon: LucideIcon; readonly Body: ComponentType }

const general: Section = { id: 'general', word: 'General', icon: SlidersHorizontal, Body: General }
const sections: readonly Section[] = [
  general,
  { id: 'runs', word: 'Runs', icon: Play, Body: Runs },
  { id: 'machine', word: 'This machine', icon: Monitor, Body: Machine },
  { id: 'accounts', word: 'Cloud accounts', icon: Cloud, Body: Accounts },
  { id: 'transfers', word: 'Transfers', icon: ArrowUpDown, Body: Transfers },
  { id: 'storage', word: 'Storage', icon: HardDrive, Body: Storage },
  { id: 'keyboard', word: 'Keyboard', icon: KeyboardIcon, Body: Keyboard },
  { id: 'about', word: 'About', icon: Info, Body: About },
]

/** Settings: each applies at once. */
export function SettingsRoom({ section }: { readonly section: string }) {
  const { id: open, word: title, Body } = sections.find((one) => one.id === section) ?? general
  return (
    <div className="settings">
      <nav className="settings-nav" aria-label="Settings">
        {sections.map(({ id, word, icon: Icon }) => (
          <a
            key={id}
            className="side-link"
            href={hashOf({ room: 'settings', section: id })}
            aria-current={id === open ? 'page' : undefined}
          >
            <Icon size={16} strokeWidth={1.75} aria-hidden />
            {word}
          </a>
        ))}
      </nav>
      {/* A pane that scrolls must be reachable by keyboard (axe: scrollable-region-focusable). */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div className="settings-body scroll" tabIndex={0} role="region" aria-label={title} key={open}>
        <h1>{title}</h1>
        <Body />
      </div>
    </div>
  )
}
