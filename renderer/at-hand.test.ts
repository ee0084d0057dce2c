import { expect, test } from 'vitest'
import { captureAtHand } from './at-hand.ts'
import { captureIn } from './gallery/fixtures.ts'
import { firstState, type MirrorState } from './mirror-state.ts'

const older = { ...captureIn('ready'), captureId: 'c-older00', name: 'Jetty', createdAt: '2026-11-01T00:00:00Z' }
const newer = { ...captureIn('ready'), captureId: 'c-newer00', name: 'Mill', createdAt: '2026-11-02T00:00:00Z' }
const state: MirrorState = {
  ...firstState,
  captures: { kind: 'here', value: new Map([older, newer].map((one) => [one.captureId, one])) },
  place: { room: 'library' },
}

test('in the library commands act on the row that is shown as chosen', () => {
  expect(captureAtHand(state)).toBe('c-newer00')
  expect(captureAtHand({ ...state, library: { ...state.library, text: '', filter: 'all', chosen: 'c-older00' } })).toBe('c-older00')
  expect(captureAtHand({ ...state, library: { ...state.library, text: 'jetty', filter: 'all', chosen: 'c-newer00' } })).toBe('c-older00')
  expect(captureAtHand({ ...state, library: { ...state.library, text: 'nothing', filter: 'all', chosen: null } })).toBeNull()
})

test('elsewhere it is the open capture, or none', () => {
  expect(captureAtHand({ ...state, place: { room: 'run', captureId: 'c-older00', runId: null } })).toBe('c-older00')
  expect(captureAtHand({ ...state, place: { room: 'settings', section: 'general' } })).toBeNull()
})
