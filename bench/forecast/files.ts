import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { crc32, deflateSync } from 'node:zlib'
import { readPhotos } from '../../engine/intake/check-read.ts'
import { listFiles } from '../../engine/intake/list-files.ts'
import { benchSets } from './evidence.ts'
import type { Row } from './table.ts'

// What the photo itself is called when it is whole.
const WHOLE = 'photo'

/** Broken and odd files, read as the check reads them: each under its code, in bounded memory and time. */
export async function fileRows(): Promise<Row[]> {
  const set = benchSets().find(({ name }) => !name.includes('~'))
  if (!set) return [{ what: 'broken and odd files', must: '100 %', figure: 'the shared captures are not here', reached: null }]
  const files = broken(readFileSync(join(set.folder, set.files[0]!)))
  const folder = mkdtempSync(join(tmpdir(), 'spaceport-broken-'))
  const cacheDir = mkdtempSync(join(tmpdir(), 'spaceport-broken-cache-'))
  try {
    const took: number[] = []
    const wrong: string[] = []
    const before = process.memoryUsage.rss()
    for (const [name, [bytes, expected]] of Object.entries(files)) {
      writeFileSync(join(folder, name), bytes)
      const started = cpuS()
      const code = await codeOf(folder, name, cacheDir)
      took.push(cpuS() - started)
      if (code !== expected) wrong.push(`${name} is ${code}, not ${expected}`)
      rmSync(join(folder, name))
    }
    console.log(`files: ${took.length}, CPU s each: ${took.map((s) => s.toFixed(2)).join(' ')}\n`)
    // The peak of the process: where other parts ran before, theirs counts too.
    const grownMb = (process.resourceUsage().maxRSS * 1024 - before) / 1e6
    return [
      {
        what: `broken and odd files under their code (${took.length})`,
        must: '100 %',
        figure: wrong.length === 0 ? 'all' : wrong.join('; '),
        reached: wrong.length === 0,
      },
      {
        what: 'broken and odd files, memory beyond the start',
        must: '< 300 MB',
        figure: `${grownMb.toFixed(0)} MB`,
        reached: grownMb < 300,
      },
      {
        what: 'broken and odd files, the longest (CPU)',
        must: '<= 2 s',
        figure: `${Math.max(...took).toFixed(2)} s`,
        reached: Math.max(...took) <= 2,
      },
    ]
  } finally {
    for (const made of [folder, cacheDir]) rmSync(made, { recursive: true, force: true })
  }
}

function cpuS(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6
}

async function codeOf(folder: string, name: string, cacheDir: string): Promise<string> {
  const signal = new AbortController().signal
  const options = { cacheDir, thumbsDir: join(cacheDir, 'thumbs'), threads: 1, program: cacheDir }
  const listed = (await listFiles(folder, signal)).filter(({ file }) => file === name)
  for await (const event of readPhotos(folder, listed, options, signal)) return event.kind === 'photo' ? WHOLE : event.skipped.code
  return 'nothing'
}

/** Name to bytes and the code that is due. */
function broken(jpeg: Buffer): Record<string, readonly [Buffer, string]> {
  const scan = jpeg.indexOf(Buffer.from([0xff, 0xda]))
  return {
    'whole.jpg': [jpeg, WHOLE],
    'whole.png': [jpeg, WHOLE],
    'empty.jpg': [Buffer.alloc(0), 'file/empty'],
    'three bytes.jpg': [jpeg.subarray(0, 3), 'file/truncated'],
    'header.jpg': [jpeg.subarray(0, scan), 'file/truncated'],
    'half.jpg': [jpeg.subarray(0, jpeg.length / 2), 'file/truncated'],
    'text.jpg': [Buffer.from('These are words. '.repeat(60)), 'file/not-an-image'],
    'noise.jpg': [Buffer.from(Array.from({ length: 9000 }, (_, i) => (i * 7919) & 255)), 'file/not-an-image'],
    'zeros.jpg': [Buffer.alloc(100_000), 'file/not-an-image'],
    'claims 65000 x 65000.jpg': [claiming(jpeg, 65000), 'file/too-large'],
    'claims 65000 x 65000.png': [png(65000, 65000, 1000), 'file/too-large'],
    'bomb.png': [png(15000, 15000, 100e6), 'file/too-large'],
    'icon.png': [png(64, 64, 64 * 65), 'file/too-small'],
    'film.mp4': [Buffer.from('\0\0\0\x18ftypisom\0\0\x02\0isomiso2', 'latin1'), 'file/unsupported-format'],
    'scan.gif': [Buffer.from('GIF89a\x10\0\x10\0', 'latin1'), 'file/unsupported-format'],
  }
}

/** The size in the frame header overwritten; the one of an embedded thumbnail stays as it is. */
function claiming(jpeg: Buffer, px: number): Buffer {
  const at = jpeg.lastIndexOf(Buffer.from([0xff, 0xc0]), jpeg.lastIndexOf(Buffer.from([0xff, 0xda])))
  const lying = Buffer.from(jpeg)
  lying.writeUInt16BE(px, at + 5)
  lying.writeUInt16BE(px, at + 7)
  return lying
}

function png(width: number, height: number, zeros: number): Buffer {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header[8] = 8
  const chunk = (type: string, data: Buffer): Buffer => {
    const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
    const framed = Buffer.alloc(body.length + 8)
    framed.writeUInt32BE(data.length, 0)
    body.copy(framed, 4)
    framed.writeUInt32BE(crc32(body), body.length + 4)
    return framed
  }
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.alloc(zeros))),
    chunk('IEND', Buffer.alloc(0)),
  ])
}
