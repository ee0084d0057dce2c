import { createServer } from 'node:net'
import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { redirectOf, signInPorts } from '../../core/cloud/people.ts'
import type { Engine, EngineOptions } from '../engine.ts'
import { makePlace, type Place, program } from '../run/fixtures/line.ts'
import { openEngine } from '../engine.ts'
import { openDatabase } from '../history/database.ts'
import { type TransferStore, transferStore } from '../history/transfers.ts'
import { fileSecrets } from '../secrets.ts'
import { signedTarget } from './sign-in.ts'
import { signInDesk } from './sign-in-desk.ts'
import { beginSignIn } from './sign-in-browser.ts'
import { openSignInServer, type SignInServer, sub } from './testing/sign-in-server.ts'
import { freePort } from './testing/versitygw.ts'

let server: SignInServer
let place: Place
let engine: Engine
let port: number
let opened: string[]

beforeEach(async () => {
  port = await freePort()
  server = await openSignInServer([redirectOf(port)])
  process.env['AWS_ENDPOINT_URL_COGNITO_IDENTITY'] = server.endpoint
  place = makePlace()
  opened = []
  engine = await openPlace()
  await engine.handlers['targets.save']({
    name: 'studio',
    bucket: 'photos',
    region: 'us-east-1',
    tenant: 'unknown',
    profile: null,
    endpoint: null,
    people: server.people,
  })
})
afterEach(async () => {
  await engine.close()
  await server.close()
  Reflect.deleteProperty(process.env, 'AWS_ENDPOINT_URL_COGNITO_IDENTITY')
  rmSync(place.root, { recursive: true, force: true })
})

function openPlace(signIn: NonNullable<EngineOptions['signIn']> = { ports: [port] }): Promise<Engine> {
  const openOutside = async (url: string) => opened.push(url) > 0
  const host = { kind: 'cli', home: place.home, program, now: () => new Date(), log: () => undefined, openOutside } as const
  return openEngine(host, { signIn })
}
const name = { name: 'studio' }
/** The app begins, the person agrees in the browser, the app is signed in. */
async function signedIn() {
  const { url } = await engine.handlers['account.signIn'](name)
  expect(await server.visit(url)).toBe(200)
  return await engine.handlers['account.signedIn'](name)
}
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => null,
    (error: { problem?: { code: string; remedy: string } }) => error.problem?.code,
  )
const secretFiles = () => readdirSync(join(place.home, 'secrets'))
async function saved() {
  const [target] = await engine.handlers['targets.list']({})
  if (!target) throw new Error('no target')
  return target
}

test('a person signs in with the browser: code, PKCE and state are checked by the account, the place becomes the own id', async () => {
  expect(await engine.handlers['account.signedIn'](name)).toBeNull()
  const person = await signedIn()
  expect(person).toMatchObject({ mail: 'anna@example.org', keptBy: 'file' })
  const [url] = opened
  const query = new URL(url ?? '').searchParams
  expect(query.get('code_challenge_method')).toBe('S256')
  expect(query.get('redirect_uri')).toBe(redirectOf(port))
  expect((await saved()).tenant).toBe(sub)
})

test('the refresh token lies in a file that only this user can read, and nowhere else', async () => {
  await signedIn()
  expect(secretFiles()).toEqual(['sign-in-studio.file'])
  const file = join(place.home, 'secrets', 'sign-in-studio.file')
  const { refreshToken } = JSON.parse(readFileSync(file, 'utf8')) as { refreshToken: string }
  expect(server.refreshable.has(refreshToken)).toBe(true)
  if (process.platform !== 'win32') expect(statSync(file).mode & 0o777).toBe(0o600)
  for (const other of readdirSync(place.home, { recursive: true, withFileTypes: true }))
    if (other.isFile() && other.name !== 'sign-in-studio.file')
      expect(readFileSync(join(other.parentPath, other.name)).includes(refreshToken), other.name).toBe(false)
})

test('signing out takes the token back at the account and away from this machine', async () => {
  await signedIn()
  await engine.handlers['account.signOut'](name)
  expect([server.refreshable.size, secretFiles(), await engine.handlers['account.signedIn'](name)]).toEqual([0, [], null])
})

test('a state that is not ours, a code that is not good, and a refusal are told with what to do', async () => {
  const end = async (over: Parameters<SignInServer['visit']>[1]) => {
    const { url } = await engine.handlers['account.signIn'](name)
    await server.visit(url, over)
    return await codeOf(engine.handlers['account.signedIn'](name))
  }
  // The browser comes back before anybody asks what came of it.
  for (const [over, code] of [
    [{ state: 'somebody-else' }, 'cloud/sign-in-state'],
    [{ code: 'made-up' }, 'cloud/sign-in-code'],
    [{ error: 'access_denied' }, 'cloud/sign-in-denied'],
    [{ error: 'server_error' }, 'cloud/sign-in-refused'],
  ] as const)
    expect([over, await end(over)]).toEqual([over, code])
  expect(await engine.handlers['account.signedIn'](name)).toBeNull()
  expect((await signedIn())?.mail).toBe('anna@example.org')
})

test('the account refuses another verifier than the one whose challenge it was shown, and another address to go back to', async () => {
  const begun = await beginSignIn(server.people, new AbortController().signal, { nowMs: Date.now, ports: [port] })
  const other = new URL(begun.url)
  other.searchParams.set('code_challenge', 'A'.repeat(43))
  expect(await server.visit(other.href)).toBe(200)
  expect(await codeOf(begun.tokens)).toBe('cloud/sign-in-code')
  other.searchParams.set('redirect_uri', 'http://localhost:1/signed-in')
  expect(await server.visit(other.href)).toBe(400)
})

test('a port that is taken is passed over; where all are, it is said', async () => {
  const taken = createServer()
  await new Promise<void>((resolve) => taken.listen(port, '127.0.0.1', resolve))
  expect(await codeOf(engine.handlers['account.signIn'](name))).toBe('cloud/sign-in-port')
  const free = await freePort()
  const begun = await beginSignIn(server.people, AbortSignal.abort(), { nowMs: Date.now, ports: [port, free] })
  expect(new URL(begun.url).searchParams.get('redirect_uri')).toBe(redirectOf(free))
  expect(await codeOf(begun.tokens)).toBe('cloud/sign-in-ended')
  await new Promise((resolve) => taken.close(resolve))
})

test('nobody who signs in in time, and a sign-in that is given up, end it and free the port', async () => {
  await engine.close()
  engine = await openPlace({ ports: [port], longestMs: 1 })
  await engine.handlers['account.signIn'](name)
  expect(await codeOf(engine.handlers['account.signedIn'](name))).toBe('cloud/sign-in-time')
  await engine.close()
  engine = await openPlace()
  await engine.handlers['account.signIn'](name)
  const waiting = codeOf(engine.handlers['account.signedIn'](name))
  await engine.handlers['account.signOut'](name)
  expect(await waiting).toBe('cloud/sign-in-ended')
  expect((await signedIn())?.mail).toBe('anna@example.org')
})

test('keys come from the identity pool, are kept while they last, and are renewed by the refresh token; a new start needs no browser', async () => {
  await signedIn()
  const target = await saved()
  const { db } = openDatabase(place.home, () => new Date())
  // As the next start of the app does: nothing of the sign-in is in memory.
  const fresh = () => {
    const store: TransferStore = transferStore(db, () => new Date(), people().credentials)
    return signedTarget(target, store)
  }
  const people = () =>
    signInDesk({
      targetOf: () => target,
      saveTarget: () => undefined,
      secrets: fileSecrets(place.home),
      now: () => new Date(),
      openOutside: async () => false,
    })
  const asks = (what: string) => server.asked.filter((one) => one.endsWith(what)).length
  const first = fresh()
  expect(await first.credentials()).toMatchObject({ accessKeyId: 'ASIA', sessionToken: 'session' })
  await Promise.all([first.credentials(), first.credentials()])
  expect(asks('.GetCredentialsForIdentity')).toBe(1)
  // One token for the code, one by the refresh token.
  expect(asks('/oauth2/token')).toBe(2)

  // What lasts less than five minutes is renewed before it is used.
  server.lasting(60)
  const second = fresh()
  await second.credentials()
  await second.credentials()
  expect([asks('.GetCredentialsForIdentity'), asks('/oauth2/token')]).toEqual([3, 4])

  server.refreshable.clear()
  await expect(fresh().credentials()).rejects.toMatchObject({ problem: { code: 'upload/expired' } })
  await expect(fresh().credentials()).rejects.toMatchObject({ problem: { code: 'cloud/not-signed-in' } })
  db.close()
})

test('the ports that the user pool knows are the ones that the app listens on', () => {
  expect(signInPorts.map(redirectOf)).toEqual([
    'http://localhost:47121/signed-in',
    'http://localhost:47122/signed-in',
    'http://localhost:47123/signed-in',
  ])
})
