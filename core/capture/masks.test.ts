import { expect, test } from 'vitest'
import { isMask, photoOfMask } from './masks.ts'

test('a mask is known by its name, in either form, in its own folder', () => {
  const files = ['a/DJI_0001.JPG', 'b/DJI_0001.JPG', 'a/DJI_0001.JPG.mask.png', 'b/DJI_0001.mask.png', 'mask.png', 'b/x.png']
  expect(files.filter(isMask)).toEqual(['a/DJI_0001.JPG.mask.png', 'b/DJI_0001.mask.png'])
  expect(photoOfMask('a/DJI_0001.JPG.mask.png', files)).toBe('a/DJI_0001.JPG')
  expect(photoOfMask('b/DJI_0001.mask.png', files)).toBe('b/DJI_0001.JPG')
  expect(photoOfMask('b/x.MASK.PNG', files)).toBe('b/x.png')
  expect(photoOfMask('DJI_0001.mask.png', files)).toBeNull()
})
