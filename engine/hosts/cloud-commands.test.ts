import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { wasmChecksums } from '../cloud/checksums.ts'
import { bucketName, openStand, type Stand } from '../cloud/testing/stand.ts'
import { prepareServer, rootKey, storedFiles } from '../cloud/testing/versitygw.ts'
import { programFolder } from './home-folder.ts'

type Line = { readonly kind: string; readonly [name: string]: unknown }
type Told = { readonly code: number | null; readonly out: string; readonly err: string; readonly lines: readonly Line[] }

const missing = prepareServer()

describe.skipIf(missing !== null)(
  `upload and fetch of the command line${missing ? ` (left out: ${missing})` : ''}`,
  { timeout: 240_000 },
  () => {
    let stand: Stand
    let photos: string
    beforeAll(async () => {
      stand = await openStand()
      photos = join(stand.folder, 'photos')
      mkdirSync(photos)
      const sample = join(programFolder, 'samples', 'caliterra')
      for (const name of readdirSync(sample)
        .filter((one) => /\.jpe?g$/i.test(one))
        .slice(0, 5))
        copyFileSync(join(sample, name), join(photos, name))
    })
    afterAll(() => stand.close())

    const signedIn = { AWS_ACCESS_KEY_ID: rootKey.accessKeyId, AWS_SECRET_ACCESS_KEY: rootKey.secretAccessKey }
    const start = (words: readonly string[], env: NodeJS.ProcessEnv = signedIn) =>
      spawn(process.execPath, [join(programFolder, 'engine/hosts/cli.ts'), ...words], {
        stdio: ['ignore', 'pipe', 'pipe'],
        env: {
          ...process.env,
          SPACEPORT_HOME: join(stand.folder, 'cli-home'),
          // No profile of this machine, and no question to a cloud's own metadata.
          HOME: stand.folder,
          AWS_CONFIG_FILE: join(stand.folder, 'aws-config'),
          AWS_SHARED_CREDENTIALS_FILE: join(stand.folder, 'aws-credentials'),
          AWS_EC2_METADATA_DISABLED: 'true',
          ...env,
        },
      })
    const toEnd = async (child: ReturnType<typeof start>): Promise<Told> => {
      const ended = new Promise<number | null>((done) => child.once('close', done))
      const [out, err, code] = await Promise.all([text(child.stdout), text(child.stderr), ended])
      return {
        code,
        out,
        err,
        lines: out.startsWith('{')
          ? out
              .trim()
              .split('\n')
              .map((line) => JSON.parse(line) as Line)
          : [],
      }
    }
    const spaceport = (words: readonly string[], env?: NodeJS.ProcessEnv) => toEnd(start(words, env))
    const place = () => ['--bucket', bucketName, '--region', 'us-east-1', '--tenant', 'acme', '--endpoint', stand.proxy.endpoint]

    test('where no account is set up, both say so and how; a target is set up, shown, listed and forgotten', async () => {
      const { code, lines, err } = await spaceport(['upload', photos, '--where', 'studio', '--json'])
      expect([code, lines.at(-1)]).toMatchObject([30, { kind: 'failed', problem: { code: 'cloud/not-set-up' } }])
      expect(err).toContain('spaceport target studio --bucket')
      expect((await spaceport(['fetch', 'r-20261124-abcdef', '--where', 'studio'])).code).toBe(30)
      for (const words of [
        ['studio', '--bucket', bucketName],
        ['studio', ...place(), '--tenant', 'a/b'],
      ])
        expect((await spaceport(['target', ...words])).code, words.join(' ')).toBe(2)
      expect((await spaceport(['target', 'other', ...place()])).out).toContain('t/acme/')
      expect((await spaceport(['target', 'studio', ...place()])).code).toBe(0)
      expect((await spaceport(['target', 'other', '--remove'])).code).toBe(0)
      const targets = [
        {
          name: 'studio',
          bucket: bucketName,
          region: 'us-east-1',
          tenant: 'acme',
          profile: null,
          endpoint: stand.proxy.endpoint,
          api: null,
        },
      ]
      expect((await spaceport(['targets', '--json'])).lines).toEqual([{ version: 1, targets }])
    })

    test('without a sign-in it says where it looked and how to sign in, and nothing is sent', async () => {
      const { code, lines } = await spaceport(['upload', photos, '--where', 'studio', '--json'], {})
      expect([code, lines.at(-1)]).toMatchObject([30, { kind: 'failed', problem: { code: 'cloud/not-signed-in' }, movedBytes: 0 }])
      expect(stand.proxy.requests).toEqual([])
    })

    test('Ctrl+C pauses and says how to go on; the same command sends the rest, and a third one nothing', async () => {
      let sent = 0
      stand.proxy.plan = ({ method }) => (method === 'PUT' && ++sent > 2 ? { kind: 'black-hole' } : null)
      const child = start(['upload', photos, '--where', 'studio', '--json'])
      createInterface({ input: child.stdout }).on('line', (line) => {
        const { kind } = JSON.parse(line) as Line
        if (kind === 'verified') verified++
        if (verified === 2) child.kill('SIGINT')
      })
      let verified = 0
      const first = await toEnd(child)
      expect([first.code, first.lines.at(-1)]).toMatchObject([130, { kind: 'stopped', verified: 2, files: 5 }])
      expect(first.err).toContain(
        `Paused at 2 of 5. What is verified is never sent again. Go on: spaceport upload ${photos} --where studio`,
      )
      await stand.proxy.cut()
      stand.proxy.plan = () => null
      const second = await spaceport(['upload', photos, '--where', 'studio', '--json'])
      expect([second.code, second.lines.at(-1)]).toMatchObject([
        0,
        { kind: 'done', target: 'studio', bucket: bucketName, verified: 5, there: 0, failed: 0 },
      ])
      const stored = storedFiles(stand.server, bucketName)
      for (const name of readdirSync(photos)) {
        const bytes = readFileSync(join(photos, name))
        expect(stored.get(`t/acme/photos/${createHash('sha256').update(bytes).digest('hex')}.jpg`)?.equals(bytes), name).toBe(true)
      }
      const told = await spaceport(['upload', photos, '--where', 'studio'])
      expect(told.out).toMatch(/^5 photos verified in photos, 0 B sent\. 5 photos \(.+\) were already there\.\n$/)
    })

    test('--limit holds the line of one upload, and an unreadable one is refused', async () => {
      expect((await spaceport(['upload', photos, '--where', 'studio', '--limit', 'fast'])).code).toBe(2)
      await spaceport(['target', 'slow', ...place(), '--tenant', 'slow'])
      const sizes = readdirSync(photos).map((name) => statSync(join(photos, name)).size)
      const bytes = sizes.reduce((sum, one) => sum + one, 0)
      // All but the first second's worth must wait: a lower bound, which no slow machine can break.
      const { code, lines } = await spaceport(['upload', photos, '--where', 'slow', '--limit', `${Math.round(bytes / 3000)}k`, '--json'])
      expect([code, lines.at(-1)]).toMatchObject([0, { kind: 'done', verified: 5, there: 0 }])
      const atMs = lines.flatMap(({ atMs: at }) => (typeof at === 'number' ? [at] : []))
      expect(Math.max(...atMs) - Math.min(...atMs)).toBeGreaterThan(1500)
    })

    test('doctor --where looks at the account too, and says what is missing there', async () => {
      const { lines } = await spaceport(['doctor', '--where', 'studio', '--json'])
      const rows = (lines.at(-1) as unknown as { readonly rows: readonly { readonly check: string; readonly state: string }[] }).rows
      const stateOf = (check: string) => rows.find((one) => one.check === check)?.state
      expect([stateOf('Sign-in'), stateOf('Bucket'), stateOf('Sending photos')]).toEqual(['ok', 'ok', 'ok'])
      // Photos can go there; that nothing runs there without the stack is said, and is no fault of this machine.
      expect(stateOf('Runs')).toBe('limits')
      expect((await spaceport(['doctor', '--where', 'nowhere'])).code).toBe(30)
    })

    test('a run’s files come home from the account, verified; a key that would leave the folder is refused', async () => {
      const crc64 = (await wasmChecksums()).crc64
      const put = (key: string, bytes: Buffer) =>
        stand.store.put(key, { bytes, sha256: createHash('sha256').update(bytes).digest('hex'), crc64: crc64(bytes) }, null)
      const run = 'r-20261124-abcdef'
      await put(`t/acme/runs/${run}/compression/scene.sog`, Buffer.from('a scene'))
      await put(`t/acme/runs/${run}/report.json`, Buffer.from('{}'))
      const out = join(stand.folder, 'home-again')
      const first = await spaceport(['fetch', run, '--where', 'studio', '--out', out, '--json'])
      expect([first.code, first.lines.at(-1)]).toMatchObject([0, { kind: 'done', runId: run, folder: out, verified: 2, bytes: 9 }])
      expect(readFileSync(join(out, 'compression', 'scene.sog'), 'utf8')).toBe('a scene')
      expect((await spaceport(['fetch', run, '--where', 'studio', '--out', out])).out).toContain('2 files were already here.')
      expect((await spaceport(['fetch', 'r-20261124-ffffff', '--where', 'studio', '--json'])).lines.at(-1)).toMatchObject({
        kind: 'failed',
        problem: { code: 'download/absent' },
      })
      await put(`t/acme/runs/${run}/a\\..\\b`, Buffer.from('x'))
      expect((await spaceport(['fetch', run, '--where', 'studio', '--out', out, '--json'])).lines.at(-1)).toMatchObject({
        kind: 'failed',
        problem: { code: 'download/odd-name' },
      })
      rmSync(out, { recursive: true })
    })
  },
)
