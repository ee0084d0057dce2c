import { expect, test } from 'vitest'
import { hashOf, type Place, placeOf } from './place.ts'

const places: readonly Place[] = [
  { room: 'new' },
  { room: 'capture', captureId: 'c-abc123' },
  { room: 'run', captureId: 'c-abc123', runId: null },
  { room: 'run', captureId: 'c-abc123', runId: 'r-20261124-abc' },
  { room: 'scene', captureId: 'c-abc123', runId: 'r-20261124-abc', path: null },
  { room: 'scene', captureId: null, runId: null, path: '/media/card/a b?.sog' },
  { room: 'library' },
  { room: 'settings', section: 'machine' },
  { room: 'gallery' },
]

test('every place survives its address', () => {
  for (const place of places) expect(placeOf(hashOf(place))).toEqual(place)
})

test('a link to a capture that cannot be opens its room, which says so', () => {
  expect(placeOf('#/capture/xyz/photos')).toEqual({ room: 'capture', captureId: 'xyz' })
})

test('an address that names nothing opens a new capture', () => {
  for (const hash of ['', '#/', '#/capture/../../etc', '#/nowhere/1', `#/capture/${'x'.repeat(65)}`])
    expect(placeOf(hash)).toEqual({ room: 'new' })
})
