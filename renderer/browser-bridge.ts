import type { AnswerOf, CallName, Change, InputOf, Reply } from '../core/contract.ts'
import { problem } from '../core/problem.ts'
import type { HostBridge } from './bridge.ts'
import { takeDrop, takeFiles } from './browser-import.ts'

const unreachable = problem(
  'engine/unreachable',
  'The engine of Spaceport does not answer.',
  'Start it again with "npm start"; this page continues by itself.',
)

/** The contract over loopback HTTP and server-sent events, all same-origin. */
export function browserBridge(): HostBridge {
  const hearers = new Set<(change: Change) => void>()
  const linkHearers = new Set<(up: boolean) => void>()
  let source: EventSource | null = null
  const listen = () => {
    source ??= openChanges(hearers, linkHearers)
  }
  return {
    kind: 'browser',
    call,
    subscribe: (hear) => {
      hearers.add(hear)
      listen()
      return () => void hearers.delete(hear)
    },
    watchLink: (hear) => {
      linkHearers.add(hear)
      return () => void linkHearers.delete(hear)
    },
    artefactUrl: (path) => `/artefact/${path.replace(/^\/+/, '').replace(/^artefact\//, '')}`,
    takeDrop,
    takeFiles,
  }
}

async function call<N extends CallName>(name: N, input: InputOf<N>): Promise<Reply<AnswerOf<N>>> {
  try {
    const response = await fetch(`/call/${name}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(input),
    })
    return (await response.json()) as Reply<AnswerOf<N>>
  } catch {
    return { ok: false, problem: unreachable }
  }
}

/** Opens the stream; the browser itself reconnects it. The first opening is not news. */
function openChanges(hearers: ReadonlySet<(change: Change) => void>, linkHearers: ReadonlySet<(up: boolean) => void>): EventSource {
  const source = new EventSource('/changes')
  let lost = false
  const tell = (up: boolean) => {
    lost = !up
    for (const hear of linkHearers) hear(up)
  }
  source.onmessage = (message) => {
    const change = JSON.parse(String(message.data)) as Change
    for (const hear of hearers) hear(change)
  }
  source.onopen = () => lost && tell(true)
  source.onerror = () => !lost && tell(false)
  return source
}
