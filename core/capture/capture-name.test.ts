import { expect, test } from 'vitest'
import { captureName } from './capture-name.ts'

test('a capture is called after its folder, or after the one above where the folder says nothing', () => {
  expect(
    [
      '/data/Brighton Beach east',
      '/data/brighton-beach/images',
      'D:\\Mill house\\DCIM\\100MEDIA',
      '/flights/Quarry/101_PANA',
      '/images',
      '/data/100 acre wood',
      '/home/imports/50fb446f76e7/images',
    ].map(captureName),
  ).toEqual(['Brighton Beach east', 'brighton-beach', 'Mill house', 'Quarry', 'images', '100 acre wood', 'images'])
})
