import { expect, test } from 'vitest'
import { planDrop, refusalOf } from './drop-plan.ts'

const named = (...names: readonly string[]) => names.map((name) => ({ name, type: '' }))
const said = (plan: ReturnType<typeof planDrop>) => (plan.kind === 'refused' ? `${plan.problem.code}: ${plan.problem.what}` : plan.kind)

test('photos make a capture, also among other files', () => {
  expect(planDrop(named('flight/a.JPG', 'flight/notes.txt', 'flight/scan.pdf'), ['flight']).kind).toBe('photos')
  expect(planDrop([{ name: 'unnamed', type: 'image/jpeg' }]).kind).toBe('photos')
  expect(planDrop(named('IMG_1.heic', 'IMG_2.DNG')).kind).toBe('photos')
})

test('one scene opens in the viewer, two are one too many', () => {
  expect(planDrop(named('garden.sog')).kind).toBe('scene')
  expect(planDrop(named('garden.compressed.ply')).kind).toBe('scene')
  expect(said(planDrop(named('a.ply', 'b.spz')))).toBe('drop/scenes: 2 scenes at once: the viewer opens one.')
})

test('what is no photo is refused by its name', () => {
  expect(said(planDrop(named('report.pdf')))).toBe('drop/no-photos: report.pdf is not a photo.')
  expect(said(planDrop(named('docs/a.txt', 'docs/b.txt'), ['docs']))).toBe(
    'drop/no-photos: docs holds 2 files, and none of them is a photo.',
  )
})

test('an empty folder is told from nothing at all', () => {
  expect(said(planDrop([], ['flight 3']))).toBe('drop/empty: flight 3 holds no files.')
  expect(said(planDrop([]))).toBe('drop/empty: Nothing in that drop can be read as a file.')
})

test('a drag is refused only where every type is known and none is a picture', () => {
  expect(refusalOf(['application/pdf'])).toBe('A PDF is not a photo')
  expect(refusalOf(['video/mp4', 'text/plain'])).toBe('A video is not a photo')
  expect(refusalOf([''])).toBeNull()
  expect(refusalOf(['application/pdf', 'image/jpeg'])).toBeNull()
})
