import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { deflateSync } from 'node:zlib'
import { crc32 } from 'node:zlib'
import sharp from 'sharp'
import { beforeAll, expect, test } from 'vitest'
import type { Check, CheckEvent } from './check-event.ts'
import { checkAll, emptyFolder } from './check-fixture.ts'

/** A colourful picture with detail. */
async function picture(width: number, height: number): Promise<Buffer> {
  const rgb = Buffer.alloc(width * height * 3)
  for (let i = 0; i < rgb.length; i++) rgb[i] = (Math.imul(Math.floor(i / 9) ^ (i >>> 7), 2654435761) >>> 24) & 255
  return sharp(rgb, { raw: { width, height, channels: 3 } })
    .jpeg({ quality: 80 })
    .toBuffer()
}

function pngChunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const chunk = Buffer.alloc(body.length + 8)
  chunk.writeUInt32BE(data.length, 0)
  body.copy(chunk, 4)
  chunk.writeUInt32BE(crc32(body), body.length + 4)
  return chunk
}

function png(width: number, height: number, bits: number, zeros: number): Buffer {
  const header = Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, bits, 0, 0, 0, 0])
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    pngChunk('IHDR', header),
    pngChunk('IDAT', deflateSync(Buffer.alloc(zeros))),
    pngChunk('IEND', Buffer.alloc(0)),
  ])
}

/** The size in a JPEG's frame header overwritten. */
function claiming(jpeg: Buffer, width: number, height: number): Buffer {
  const at = jpeg.indexOf(Buffer.from([0xff, 0xc0]))
  const lying = Buffer.from(jpeg)
  lying.writeUInt16BE(height, at + 5)
  lying.writeUInt16BE(width, at + 7)
  return lying
}

const isRoot = process.getuid?.() === 0

async function hostile(): Promise<Record<string, readonly [Buffer, string]>> {
  const jpeg = await picture(800, 600)
  const webp = await sharp(jpeg).webp().toBuffer()
  const tiff = await sharp(jpeg).tiff({ compression: 'none' }).toBuffer()
  const sof = jpeg.indexOf(Buffer.from([0xff, 0xc0]))
  return {
    'empty.jpg': [Buffer.alloc(0), 'file/empty'],
    'half.jpg': [jpeg.subarray(0, jpeg.length / 2), 'file/truncated'],
    'header only.jpg': [jpeg.subarray(0, sof + 6), 'file/truncated'],
    'three bytes.jpg': [jpeg.subarray(0, 3), 'file/truncated'],
    'half.png': [(await sharp(jpeg).png().toBuffer()).subarray(0, 50_000), 'file/truncated'],
    'half.webp': [webp.subarray(0, webp.length / 2), 'file/truncated'],
    'half.tif': [tiff.subarray(0, tiff.length / 2), 'file/truncated'],
    'half.heic': [Buffer.concat([box('ftyp', 'heic\0\0\0\0mif1heic'), Buffer.from('\0\0\x10\0meta', 'latin1')]), 'file/truncated'],
    'text.jpg': [Buffer.from('These are words.'.repeat(50)), 'file/not-an-image'],
    'notes.txt': [Buffer.from('words'), 'file/not-an-image'],
    'noise.jpg': [Buffer.from(Array.from({ length: 9000 }, (_, i) => (i * 7919) & 255)), 'file/not-an-image'],
    'huge claim.jpg': [claiming(jpeg, 65000, 65000), 'file/too-large'],
    'large claim.jpg': [claiming(jpeg, 16000, 16000), 'file/too-large'],
    'huge claim.png': [png(65000, 65000, 8, 1000), 'file/too-large'],
    'bomb.png': [png(15000, 15000, 8, 100e6), 'file/too-large'],
    'icon.png': [png(64, 64, 8, 65 * 64), 'file/too-small'],
    'deep.png': [png(640, 480, 16, 481 * 640 * 2), 'file/unsupported-format'],
    'no frame.jpg': [Buffer.concat([jpeg.subarray(0, 2), jpeg.subarray(jpeg.indexOf(Buffer.from([0xff, 0xda])))]), 'file/corrupt'],
    'broken segment.jpg': [Buffer.concat([jpeg.subarray(0, 2), Buffer.from([0xff, 0xe1, 0, 1]), jpeg.subarray(2)]), 'file/corrupt'],
    'scan.gif': [Buffer.from('GIF89a\x10\0\x10\0', 'latin1'), 'file/unsupported-format'],
    'layers.psd': [Buffer.from('8BPS\0\x01', 'latin1'), 'file/unsupported-format'],
    'clip.mp4': [box('ftyp', 'isom\0\0\x02\0isomiso2avc1mp41'), 'file/unsupported-format'],
    'clip.mov': [box('ftyp', 'qt  \0\0\x02\0qt  '), 'file/unsupported-format'],
    'raw.CR3': [box('ftyp', 'crx \0\0\0\x01crx isom'), 'file/unsupported-format'],
    'raw.RAF': [Buffer.from('FUJIFILMCCD-RAW 0201'), 'file/unsupported-format'],
    'raw.dng': [dng(), 'file/unsupported-format'],
  }
}

function box(type: string, body: string): Buffer {
  const bytes = Buffer.alloc(8 + body.length)
  bytes.writeUInt32BE(bytes.length, 0)
  bytes.write(type + body, 4, 'latin1')
  return bytes
}

/** A little-endian TIFF whose only tag is DNGVersion. */
function dng(): Buffer {
  const bytes = Buffer.alloc(26)
  bytes.write('II*\0\x08\0\0\0\x01\0', 0, 'latin1')
  bytes.writeUInt16LE(50706, 10)
  bytes.writeUInt16LE(1, 12)
  bytes.writeUInt32LE(4, 14)
  return bytes
}

let result: { check: Check; events: readonly CheckEvent[] }
let expected: Record<string, readonly [Buffer, string]>
let rssBefore = 0

beforeAll(async () => {
  expected = await hostile()
  const folder = await emptyFolder()
  for (const [name, [bytes]] of Object.entries(expected)) await writeFile(join(folder, name), bytes)
  await mkdir(join(folder, 'sub', 'deeper'), { recursive: true })
  await mkdir(join(folder, '.cache'))
  await symlink('..', join(folder, 'sub', 'loop'))
  await symlink('nowhere', join(folder, 'broken link.jpg'))
  await writeFile(join(folder, 'sub', 'deeper', 'good.jpg'), await picture(800, 600))
  for (const name of ['.DS_Store', 'Thumbs.db', '._good.jpg', 'desktop.ini', '.cache/x.jpg']) await writeFile(join(folder, name), 'x')
  const flat = Buffer.from(await picture(800, 600))
  await writeFile(join(folder, 'no end.jpg'), flat.subarray(0, flat.length - 2))
  for (let i = 0; i < 5000; i++) flat[Math.floor(flat.length * 0.6) + i] = (Math.imul(i, 2654435761) >>> 13) & 255
  await writeFile(join(folder, 'scrambled.jpg'), flat)
  await writeFile(join(folder, 'locked.jpg'), await picture(800, 600))
  await chmod(join(folder, 'locked.jpg'), 0)
  rssBefore = process.memoryUsage.rss()
  result = await checkAll(folder)
}, 120_000)

test('masks beside photos are counted as masks, never as photos', async () => {
  const folder = await emptyFolder()
  await writeFile(join(folder, 'DJI_0001.JPG'), await picture(800, 600))
  const mask = await sharp({ create: { width: 800, height: 600, channels: 3, background: '#fff' } })
    .png()
    .toBuffer()
  for (const name of ['DJI_0001.mask.png', 'DJI_0001.JPG.mask.png', 'DJI_0002.mask.png']) await writeFile(join(folder, name), mask)
  const { check, events } = await checkAll(folder)
  expect(check.photos.map(({ file }) => file)).toEqual(['DJI_0001.JPG'])
  expect(check.skipped.map(({ file, code, what }) => [file, code, what])).toEqual([
    ['DJI_0001.JPG.mask.png', 'file/mask', 'A mask of DJI_0001.JPG, not a photo.'],
    ['DJI_0001.mask.png', 'file/mask', 'A mask of DJI_0001.JPG, not a photo.'],
    ['DJI_0002.mask.png', 'file/mask', 'A mask without its photo: no photo here has its name.'],
  ])
  // Every file is counted once.
  expect(events.flatMap((event) => (event.kind === 'photo' || event.kind === 'skipped' ? [event.done] : []))).toEqual([1, 2, 3, 4])
})

test('every broken file is skipped under its code, with a remedy, and the scan goes on', () => {
  const got = Object.fromEntries(result.check.skipped.map(({ file, code }) => [file, code]))
  const wanted = Object.fromEntries(Object.entries(expected).map(([file, [, code]]) => [file, code]))
  expect(got).toEqual({ ...wanted, 'broken link.jpg': 'file/unreadable', ...(isRoot ? {} : { 'locked.jpg': 'file/unreadable' }) })
  for (const { what, remedy } of result.check.skipped) expect(what.length * remedy.length).toBeGreaterThan(0)
})

test('the good photo in a sub-folder is read, once, whatever links lead to it', () => {
  expect(result.check.photos.filter(({ file }) => file.endsWith('good.jpg')).map(({ file }) => file)).toEqual(['sub/deeper/good.jpg'])
})

test('a photo without its end marker and one with a scrambled block are damaged, not lost', () => {
  expect(result.check.findings.find(({ code }) => code === 'photo/damaged')?.files).toEqual(['no end.jpg', 'scrambled.jpg'])
})

test('memory stays under 300 MB beyond what the test itself holds', () => {
  expect(process.resourceUsage().maxRSS * 1024 - rssBefore).toBeLessThan(300e6)
})

test('a folder that is not there fails with a remedy', async () => {
  await expect(checkAll(join(await emptyFolder(), 'nothing'))).rejects.toThrow('folder/missing')
})

test('a folder without photos is empty and unusable', async () => {
  const { check } = await checkAll(await emptyFolder())
  expect(check.findings.map(({ code }) => code)).toEqual(['capture/empty'])
  expect(check.verdict.kind).toBe('unusable')
})
