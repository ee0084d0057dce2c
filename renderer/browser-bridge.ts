import type { AnswerOf, CallName, Change, InputOf, Reply } from '../core/contract.ts'
import { problem } from '../core/problem.ts'
import type { HostBridge, LinkWatcher } from './bridge.ts'
import { takeDrop, takeFiles } from './browser-import.ts'
import { ChangeLink } from './change-link.ts'

const unreachable = problem(
  'engine/unreachable',
  'The engine of Spaceport does not answer.',
  'Start it again with "npm start"; this page continues by itself.',
)

/** The contract over loopback HTTP and server-sent events, all same-origin. */
export function browserBridge(): HostBridge {
  const hearers = new Set<(change: Change) => void>()
  const watchers = new Set<LinkWatcher>()
  const stream = new ChangeLink(
    {
      change: (change) => hearers.forEach((hear) => hear(change)),
      link: (link) => watchers.forEach((one) => one.link(link)),
      anew: () => watchers.forEach((one) => one.anew()),
    },
    { open: () => new EventSource('/changes'), probe, now: () => new Date().toISOString() },
  )
  let isOpen = false
  return {
    kind: 'browser',
    call,
    subscribe: (hear) => {
      hearers.add(hear)
      if (!isOpen) stream.connect()
      isOpen = true
      return () => void hearers.delete(hear)
    },
    watchLink: (watcher) => {
      watchers.add(watcher)
      return () => void watchers.delete(watcher)
    },
    reconnect: () => stream.connect(),
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

/** Asks the cheapest question, for its status only. */
async function probe(): Promise<number | null> {
  try {
    const asked = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' }
    return (await fetch('/call/app.info', asked)).status
  } catch {
    return null
  }
}
