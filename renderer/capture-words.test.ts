import { expect, test } from 'vitest'
import { photosRead, sayVerdict } from './capture-words.ts'
import { captureIn } from './gallery/fixtures.ts'

test('a count that is not final says of how many', () => {
  expect(photosRead({ ...captureIn('reading'), photoCount: 180 })).toEqual({ words: '180 of 1,204', whole: false })
  expect(photosRead({ ...captureIn('stopped'), photoCount: 180 })).toEqual({ words: '180 of 1,204', whole: false })
  // Photos are all read once pairs are compared.
  expect(photosRead(captureIn('comparing'))).toEqual({ words: '30', whole: true })
  expect(photosRead(captureIn('ready'))).toEqual({ words: '30', whole: true })
})

test('a scan that was stopped tells photos from pairs', () => {
  const stopped = captureIn('stopped')
  expect(sayVerdict(stopped).detail).toBe('184 of 1,204 read')
  expect(sayVerdict({ ...stopped, scan: { kind: 'stopped', phase: 'overlap', done: 24, total: 325 } }).detail).toBe(
    '24 of 325 pairs compared',
  )
  expect(sayVerdict({ ...stopped, scan: { kind: 'stopped', phase: 'photos', done: 0, total: 0 } }).detail).toBe('before anything was read')
})
