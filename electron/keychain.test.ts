import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { seen } from './testing/electron-stand-in.ts'

vi.mock('electron', async () => await import('./testing/electron-stand-in.ts'))

let home: string
beforeEach(() => {
  home = mkdtempSync(path.join(os.tmpdir(), 'spaceport-keychain-'))
})
afterEach(() => {
  seen.keychain = 'locked'
  rmSync(home, { recursive: true })
})
const open = async () => (await import('./keychain.ts')).keychain(home)
const bytesOf = (name: string) => readFileSync(path.join(home, 'secrets', name), 'utf8')

it('a secret is locked by the system, comes back, and can be forgotten', async () => {
  const secrets = await open()
  await secrets.set('sign-in-studio', 'a refresh token')
  expect(secrets.keptBy()).toBe('system')
  expect(bytesOf('sign-in-studio.system')).not.toContain('a refresh token')
  expect(await (await open()).get('sign-in-studio')).toBe('a refresh token')
  await secrets.remove('sign-in-studio')
  expect([await secrets.get('sign-in-studio'), readdirSync(path.join(home, 'secrets'))]).toEqual([null, []])
})

it.each(['none', 'basic'] as const)('without a keychain (%s) it is a file of this user, and that is said', async (keychain) => {
  seen.keychain = keychain
  if (keychain === 'basic' && process.platform !== 'linux') return
  const secrets = await open()
  await secrets.set('sign-in-studio', 'a refresh token')
  expect([secrets.keptBy(), await secrets.get('sign-in-studio')]).toEqual(['file', 'a refresh token'])
  if (process.platform !== 'win32') {
    expect(statSync(path.join(home, 'secrets', 'sign-in-studio.file')).mode & 0o777).toBe(0o600)
    expect(statSync(path.join(home, 'secrets')).mode & 0o777).toBe(0o700)
  }
})
