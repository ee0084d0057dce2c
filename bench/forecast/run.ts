// npm run bench -- forecast [PART ...]: what the forecast must reach, and what it does, part by part; the table comes last.
import { againRows } from './again.ts'
import { blurRows } from './blur.ts'
import { faultRows } from './faults.ts'
import { fileRows } from './files.ts'
import { largeRows } from './large.ts'
import { manyRows } from './many.ts'
import { pairListRows } from './pair-list.ts'
import { photoRows } from './photos.ts'
import { pairRows } from './pairs.ts'
import { plantedRows } from './planted.ts'
import { unseenRows } from './unseen.ts'
import { tableOf, type Row } from './table.ts'

const PARTS: Readonly<Record<string, () => Promise<readonly Row[]>>> = {
  pairs: pairRows,
  photos: photoRows,
  unseen: unseenRows,
  planted: () => plantedRows(),
  faults: faultRows,
  files: fileRows,
  blur: blurRows,
  list: pairListRows,
  many: () => manyRows(),
  large: largeRows,
  again: againRows,
}

const asked = process.argv.slice(2)
const unknown = asked.filter((name) => !(name in PARTS))
if (unknown.length > 0) {
  process.stderr.write(`No such part: ${unknown.join(' ')}. There are: ${Object.keys(PARTS).join(' ')}\n`)
  process.exit(2)
}
const rows: Row[] = []
for (const [name, part] of Object.entries(PARTS)) if (asked.length === 0 || asked.includes(name)) rows.push(...(await part()))
console.log(tableOf(rows))
