import { useState } from 'react'
import { useDesk, useMirror } from '../../desk.ts'
import { plural } from '../../format.ts'
import { Button } from '../../parts/button.tsx'
import { FactTable } from '../../parts/fact-table.tsx'

/** Written into the screens when they are built, from what is installed (build/licences.ts). */
declare const LICENCES: readonly { readonly name: string; readonly version: string; readonly licence: string | null }[]

/** What this program is, what leaves the machine, and whose work is in it. */
export function About() {
  const { intents } = useDesk()
  const info = useMirror((state) => state.info)
  const host = info ? { browser: 'plain browser, loopback host', electron: 'desktop' }[info.host] : null
  return (
    <>
      <div className="card settings-about">
        <FactTable
          facts={[
            { label: 'Version', value: info?.version ?? null, source: 'app.info' },
            { label: 'Window', value: host, source: 'app.info' },
            { label: 'Platform', value: info?.platform ?? null, source: 'app.info' },
            { label: 'Library', value: info?.home ?? null, source: 'app.info' },
          ]}
        />
        <div className="row">
          <Button small onClick={() => intents.go({ room: 'settings', section: 'machine' })}>
            Check this machine
          </Button>
          <Button small onClick={() => intents.go({ room: 'settings', section: 'storage' })}>
            Show its storage
          </Button>
        </div>
      </div>
      <h2>Privacy</h2>
      <p className="soft settings-text">
        Checks, runs and scenes stay on this machine: the window talks to the engine on this machine and to nothing else. Only where you
        have added an account of your own, and send photos or start a run there, does the engine talk to that account. There is no telemetry
        and no crash report. Photos are read, never changed, moved or deleted.
      </p>
      <Licences />
      <h2>Sample</h2>
      <p className="soft settings-text">
        The photos of the sample capture are by Dennis Baldwin, from the OpenDroneMap data set Caliterra, given to everyone under CC0 1.0.
      </p>
    </>
  )
}

function Licences() {
  const [text, setText] = useState('')
  const wanted = text.trim().toLowerCase()
  const shown = LICENCES.filter((one) => `${one.name} ${one.licence ?? ''}`.toLowerCase().includes(wanted))
  return (
    <>
      <div className="row settings-title">
        <h2>Licences</h2>
        <span className="quiet" data-source="lockfiles">
          {plural(shown.length, 'package')} of others that come with Spaceport
        </span>
        <span className="grow" />
        <input
          type="search"
          className="field field-small"
          placeholder="Package or licence"
          aria-label="Search the licences"
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
      </div>
      {/* A pane that scrolls must be reachable by keyboard (axe: scrollable-region-focusable). */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div className="card settings-licences scroll" tabIndex={0} role="region" aria-label="Licences">
        <ul>
          {shown.map((one) => (
            <li key={`${one.name} ${one.version}`} data-source="lockfiles">
              <span className="grow clip">{one.name}</span>
              <span className="quiet">{one.version}</span>
              <span className="settings-licence">{one.licence ?? 'states none'}</span>
            </li>
          ))}
          {shown.length === 0 && <li className="quiet">No package is called that.</li>}
        </ul>
      </div>
    </>
  )
}
