import { createServer } from 'node:net'
import { readFile, readdir } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { problemOf } from '../../core/problem.ts'
import { openBrowserHost } from './browser-host.ts'
import { placeFor } from './browser/import-route.ts'
import { ask } from './testing/ask.ts'
import { type OpenHost, openHost } from './testing/open-host.ts'

let open: OpenHost
beforeAll(async () => {
  open = await openHost()
})
afterAll(async () => await open.end())

const post = (body: unknown, headers = {}) => ({
  method: 'POST',
  body: JSON.stringify(body),
  headers: { 'content-type': 'application/json', ...headers },
})

describe('who may speak', () => {
  it('lets the start address in with a cookie that scripts and other sites cannot use', async () => {
    const start = new URL(open.host.startUrl)
    const answer = await ask(open.host.port, start.pathname + start.search)
    expect([answer.status, answer.headers.location]).toEqual([303, '/'])
    expect(answer.headers['set-cookie']?.[0]).toMatch(/^spaceport-\d+=[\w-]{32}; HttpOnly; SameSite=Strict; Path=\/$/)
  })

  it('refuses everything without the cookie', async () => {
    for (const at of ['/', '/artefact/scene.sog', '/changes', '/assets/index-a1B2c3D4.js'])
      expect((await ask(open.host.port, at)).status).toBe(401)
    expect((await ask(open.host.port, '/call/captures.list', post({}))).status).toBe(401)
    expect((await ask(open.host.port, '/import', { method: 'POST' })).status).toBe(401)
    expect((await ask(open.host.port, '/?token=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA')).status).toBe(401)
  })

  it('refuses a name that was re-pointed at this machine, even with token and cookie', async () => {
    const start = new URL(open.host.startUrl)
    for (const host of ['evil.example', `evil.example:${open.host.port}`, '127.0.0.1', '127.0.0.1:1']) {
      expect((await open.ask('/call/captures.list', post({}, { host }))).status).toBe(421)
      expect((await open.ask(start.pathname + start.search, { headers: { host } })).headers['set-cookie']).toBeUndefined()
    }
    expect((await open.ask('/call/captures.list', post({}, { host: `localhost:${open.host.port}` }))).status).toBe(200)
  })

  it('refuses writes that another page sends', async () => {
    for (const headers of [
      { origin: 'http://evil.example' },
      { origin: 'null' },
      { 'sec-fetch-site': 'cross-site' },
      { origin: 'http://127.0.0.1:1' },
    ])
      expect((await open.ask('/call/captures.list', post({}, headers))).status).toBe(403)
    expect((await open.ask('/call/captures.list', post({}, { origin: `http://127.0.0.1:${open.host.port}` }))).status).toBe(200)
  })
})

describe('calls', () => {
  it('answer with a Reply', async () => {
    expect((await open.ask('/call/captures.list', post({}))).json()).toEqual({ ok: true, value: [] })
  })

  it('hand on checked input only', async () => {
    await open.ask('/call/captures.open', post({ folder: '/photos', more: 1 }))
    expect(open.heard).toEqual([{ folder: '/photos' }])
    const wrong = (await open.ask('/call/captures.open', post({ folder: 3 }))).json()
    expect(wrong).toMatchObject({ ok: false, problem: { code: 'call/input' } })
    expect(open.heard).toHaveLength(1)
  })

  it('answer with a Problem for what is unknown, expected, or a surprise', async () => {
    for (const name of ['nope', 'toString', '__proto__'])
      expect((await open.ask(`/call/${name}`, post({}))).json()).toMatchObject({ problem: { code: 'call/unknown' } })
    expect((await open.ask('/call/runs.get', post({ runId: 'r-abcdef' }))).json()).toMatchObject({
      ok: false,
      problem: { code: 'run/unknown' },
    })
    expect((await open.ask('/call/app.doctor', post({}))).json()).toMatchObject({ ok: false, problem: { code: 'engine/crash' } })
    expect(open.logged.at(-1)).toContain('a surprise')
  })

  it('refuse what is not JSON', async () => {
    expect(
      (await open.ask('/call/captures.list', { method: 'POST', body: '{', headers: { 'content-type': 'application/json' } })).status,
    ).toBe(400)
    expect((await open.ask('/call/captures.list', { method: 'POST', body: '{}', headers: { 'content-type': 'text/plain' } })).status).toBe(
      415,
    )
  })
})

describe('screens', () => {
  it('come with the strict policy and are asked for again', async () => {
    const page = await open.ask('/')
    expect(page.status).toBe(200)
    expect(page.headers['content-security-policy']).toContain("default-src 'none'; script-src 'self' 'wasm-unsafe-eval'")
    expect([page.headers['x-content-type-options'], page.headers['referrer-policy'], page.headers['cache-control']]).toEqual([
      'nosniff',
      'no-referrer',
      'no-cache',
    ])
  })

  it('are kept for ever where the name stands for the content', async () => {
    expect((await open.ask('/assets/index-a1B2c3D4.js')).headers['cache-control']).toContain('immutable')
  })

  it('never reach outside their folder', async () => {
    for (const at of [
      '/../secret.txt',
      '/..%2fsecret.txt',
      '/%2e%2e/secret.txt',
      '/assets/..%2f..%2fsecret.txt',
      '/..%5csecret.txt',
      '/%00',
      '/assets',
      '/%zz',
    ])
      expect((await open.ask(at)).status, at).toBe(404)
  })
})

describe('artefacts', () => {
  it('come whole, in ranges, and as a head', async () => {
    const whole = await open.ask('/artefact/scene.sog')
    expect([whole.status, whole.body.length, whole.headers['accept-ranges']]).toEqual([200, 1000, 'bytes'])
    expect(whole.headers['content-encoding']).toBeUndefined()
    const part = await open.ask('/artefact/scene.sog', { headers: { range: 'bytes=10-19' } })
    expect([part.status, part.headers['content-range'], [...part.body]]).toEqual([
      206,
      'bytes 10-19/1000',
      [10, 11, 12, 13, 14, 15, 16, 17, 18, 19],
    ])
    const tail = await open.ask('/artefact/scene.sog', { headers: { range: 'bytes=-5' } })
    expect(tail.headers['content-range']).toBe('bytes 995-999/1000')
    const head = await open.ask('/artefact/scene.sog', { method: 'HEAD' })
    expect([head.status, head.headers['content-length'], head.body.length]).toEqual([200, '1000', 0])
  })

  it('say when a range lies outside and when nothing has changed', async () => {
    const outside = await open.ask('/artefact/scene.sog', { headers: { range: 'bytes=1000-' } })
    expect([outside.status, outside.headers['content-range']]).toEqual([416, 'bytes */1000'])
    const etag = (await open.ask('/artefact/scene.sog')).headers.etag ?? ''
    expect((await open.ask('/artefact/scene.sog', { headers: { 'if-none-match': etag } })).status).toBe(304)
    expect((await open.ask('/artefact/scene.sog', { headers: { range: 'bytes=0-1', 'if-range': '"old"' } })).status).toBe(200)
    expect((await open.ask('/artefact/scene.sog', { headers: { range: 'bytes=0-1', 'if-range': etag } })).status).toBe(206)
  })

  it('never lie outside the library', async () => {
    for (const at of [
      '/artefact/../secret.txt',
      '/artefact/..%2fsecret.txt',
      '/artefact/%2e%2e%2fsecret.txt',
      '/artefact/%2fetc%2fpasswd',
    ]) {
      const answer = await open.ask(at)
      expect(answer.status, at).toBe(404)
      expect(answer.body.toString()).not.toContain('root:')
    }
  })
})

describe('an import', () => {
  it('stores dropped files under their names and gives the folder', async () => {
    const { token } = (await open.ask('/import', { method: 'POST' })).json() as { token: string }
    const name = 'Käse & Brot/DJI 0001.JPG'
    expect((await open.ask(`/import/${token}/${encodeURIComponent(name)}`, { method: 'PUT', body: 'photo' })).json()).toEqual({ bytes: 5 })
    const { folder } = (await open.ask(`/import/${token}/done`, { method: 'POST' })).json() as { folder: string }
    expect(await readFile(path.join(folder, name), 'utf8')).toBe('photo')
    expect((await open.ask(`/import/${token}/late.jpg`, { method: 'PUT', body: 'x' })).json()).toMatchObject({
      problem: { code: 'import/unknown' },
    })
  })

  it('refuses names that leave the folder', async () => {
    const { token } = (await open.ask('/import', { method: 'POST' })).json() as { token: string }
    for (const name of ['../x', 'a/../../x', '/etc/x', 'a//b', '..\\x', 'a\0b', '.', '%', 'n'.repeat(256)]) {
      const answer = await open.ask(`/import/${token}/${name === '%' ? '%' : encodeURIComponent(name)}`, { method: 'PUT', body: 'x' })
      expect(answer.status, name).toBe(422)
      expect(() => placeFor('/home/imports/1', name === '%' ? '%' : encodeURIComponent(name)), name).toThrow('import/name')
    }
    expect(await readdir(open.folder)).not.toContain('x')
  })

  it('refuses more than the disk can hold before a byte is written', async () => {
    const { token } = (await open.ask('/import', { method: 'POST' })).json() as { token: string }
    const answer = await ask(open.host.port, `/import/${token}/big.jpg`, {
      method: 'PUT',
      headers: { cookie: open.cookie, 'content-length': String(2 ** 50), expect: '100-continue' },
    }).catch(() => null)
    expect(answer === null || answer.status === 422).toBe(true)
    const answered = (await open.ask(`/import/${token}/done`, { method: 'POST' })).json() as { folder: string }
    expect(await readdir(answered.folder)).toEqual([])
  })
})

describe('the port', () => {
  it('in use is a Problem with its remedy', async () => {
    const other = createServer()
    const port = await new Promise<number>((done) => other.listen(0, '127.0.0.1', () => done((other.address() as { port: number }).port)))
    const error = await openBrowserHost({ engine: open.engine, screens: open.folder, port, log: () => undefined }).catch(
      (thrown: unknown) => thrown,
    )
    expect(problemOf(error)).toMatchObject({ code: 'serve/port-in-use', remedy: expect.stringContaining('--port') as string })
    other.close()
  })
})
