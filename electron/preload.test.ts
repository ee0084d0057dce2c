// @vitest-environment jsdom
import { beforeAll, expect, it, vi } from 'vitest'
import type { HostBridge } from './testing/bridge.ts'
import { ipcRenderer, seen } from './testing/electron-stand-in.ts'

vi.mock('electron', async () => await import('./testing/electron-stand-in.ts'))

let bridge: HostBridge
beforeAll(async () => {
  await import('./preload.ts')
  bridge = seen.exposed.get('spaceport') as HostBridge
})

it('the window gets the bridge and nothing of Electron', () => {
  expect([...seen.exposed.keys()]).toEqual(['spaceport'])
  expect(Object.keys(bridge).toSorted()).toEqual(['artefactUrl', 'call', 'chooseFolder', 'kind', 'subscribe', 'takeDrop'])
  expect(bridge.kind).toBe('electron')
})

it('each call goes over the one channel, name first', async () => {
  await bridge.call('captures.open', { folder: '/photos' })
  expect(seen.invoked.at(-1)).toEqual({ channel: 'spaceport:call', given: ['captures.open', { folder: '/photos' }] })
})

it('changes are heard until the undoing', () => {
  const heard: unknown[] = []
  const leave = bridge.subscribe((change) => heard.push(change))
  const change = { kind: 'capture-removed', captureId: 'c-abcdef' }
  ipcRenderer.emit('spaceport:change', {}, change)
  leave()
  ipcRenderer.emit('spaceport:change', {}, change)
  expect(heard).toEqual([change])
})

it('an artefact has an address of the artefact host', () => {
  expect(bridge.artefactUrl('run/r-abcdef/scene.sog')).toBe('spaceport://artefact/run/r-abcdef/scene.sog')
})

it('a drop gives the paths that the system says, not what the page says', async () => {
  const file = new File([], 'IMG_1.jpg')
  seen.paths.set(file, '/photos/quarry')
  const drop = new Event('drop', { bubbles: true })
  Object.assign(drop, { dataTransfer: { files: [file, new File([], 'made-up.jpg')] } })
  document.body.dispatchEvent(drop)
  await bridge.takeDrop()
  expect(seen.invoked.at(-1)).toEqual({ channel: 'spaceport:take-paths', given: [['/photos/quarry']] })
})

it('a link moves the screens to its address', () => {
  ipcRenderer.emit('spaceport:go', {}, 'library')
  expect(window.location.hash).toBe('#/library')
})
