import { expect, it } from 'vitest'
import { isOwnPage, linkedAddress } from './addresses.ts'

it('links lead to rooms and captures', () => {
  expect(linkedAddress('spaceport://open/capture/c-abcdef/scene/r-abcdef')).toBe('capture/c-abcdef/scene/r-abcdef')
  expect(linkedAddress('spaceport://open/library')).toBe('library')
})

it('links that name files, other hosts or anything odd lead nowhere', () => {
  const odd = [
    'spaceport://open/scene?path=%5C%5Cevil.example%5Cx.sog',
    'spaceport://artefact/run/r-abcdef/scene.sog',
    'spaceport://open/capture/../x',
    'spaceport://open/capture/c-abcdef/scene/r-abcdef?x=1',
    'spaceport://open/settings/cloud#doctor',
    'https://open/library',
  ]
  for (const link of odd) expect(linkedAddress(link), link).toBeNull()
})

it('only the screens are own pages', () => {
  expect(isOwnPage('spaceport://app/index.html#/library')).toBe(true)
  for (const address of ['spaceport://artefact/x', 'spaceport://app.evil/x', 'https://app/', 'file:///index.html', 'about:blank', ''])
    expect(isOwnPage(address), address).toBe(false)
})
