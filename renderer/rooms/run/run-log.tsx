import type { RunEvent } from '../../../core/run/events.ts'
import { clockTime } from '../../format.ts'
import { logLines } from './log-lines.ts'

/** What happened, newest first. */
export function RunLog({ events }: { readonly events: readonly RunEvent[] }) {
  const lines = logLines(events).map((line, key) => ({ ...line, key }))
  return (
    <section className="run-log" aria-label="What happened">
      <h2>What happened</h2>
      <ul>
        {lines.toReversed().map((line) => (
          <li key={line.key} data-source="run events">
            <time className="quiet" dateTime={line.at}>
              {clockTime(line.at, true)}
            </time>
            <span className={line.tone === 'soft' ? 'soft' : `tone-${line.tone}`} title={line.more.join('\n') || undefined}>
              {line.text}
            </span>
          </li>
        ))}
        {lines.length === 0 && <li className="quiet">Nothing yet.</li>}
      </ul>
    </section>
  )
}
