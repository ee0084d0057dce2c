/** The stage `compression`: scene.ply in, scene.sog and scene.spz out, both proved by decoding. Rules: containers/CONTRACT.md. */
import { rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { chooseBands } from './bands.ts'
import { type How, convert } from './convert.ts'
import { writeJson } from './files.ts'
import { type Splats, readPly } from './ply.ts'
import { StageFailure, brokenScene } from './problem.ts'
import { type Settings, readSettings } from './settings.ts'
import { FAR_REASON, SPZ_BOX, withinSpz } from './spz.ts'
import { type Stage, runStage } from './stage.ts'
import { type Likeness, type Reference, compare, fault, referenceOf } from './verify.ts'

/** Spark 2.2 cannot read version 4, the tool's default. */
const AS_SPZ_3 = { flags: ['--spz-version', '3'] }

const FILES = ['scene.sog', 'scene.spz'] as const

async function compress(stage: Stage<Settings>): Promise<void> {
  const began = performance.now()
  const source = join(stage.inputs, '3dgs', 'scene.ply')
  const scene = readScene(source)
  const bands = chooseBands(stage.settings.shBands, scene.bands, scene.count, stage.settings.sogIterations)
  if (bands < scene.bands && stage.settings.shBands < 0) {
    stage.warn(
      'run/sh-reduced',
      `The .sog keeps ${bands} of ${scene.bands} bands of view-dependent colour: more would take too long.`,
      'Set shBands for more, or use the .spz, which keeps them all.',
    )
  }
  const how = { flags: ['-i', String(stage.settings.sogIterations)], actions: bands < scene.bands ? ['-H', String(bands)] : [] }
  const near = withinSpz(scene)
  const leftOut = scene.count - near.count
  const asSpz = leftOut > 0 ? { ...AS_SPZ_3, actions: ['-B', SPZ_BOX] } : AS_SPZ_3
  // The .spz is done and read back while the .sog is searched for; the pictures to compare with are rendered here meanwhile.
  const works = [
    referenceOf(scene, [bands, scene.bands], stage.signal),
    write(stage, 'sog', source, 'scene.sog', how),
    write(stage, 'spz', source, 'scene.spz', asSpz),
  ] as const
  // A failure of one is told only when all have ended: until then the others still write.
  await Promise.allSettled(works)
  const [reference, sog, spz] = await Promise.all(works)
  const likeness = await verify(stage, [
    { name: 'scene.sog', decoded: sog, reference },
    { name: 'scene.spz', decoded: spz, reference: { ...reference, scene: near } },
  ])
  writeJson(join(stage.out, 'report.json'), {
    splats: scene.count,
    bands: scene.bands,
    bytesIn: statSync(source).size,
    leastPsnrDb: stage.settings.leastPsnrDb,
    sogIterations: stage.settings.sogIterations,
    files: likeness,
    leftOut: leftOut > 0 ? { 'scene.spz': { count: leftOut, reason: FAR_REASON } } : {},
    seconds: Math.round(performance.now() - began) / 1000,
  })
  stage.deliver(...FILES, 'report.json')
}

function readScene(path: string): Splats {
  try {
    return readPly(path)
  } catch (error) {
    if (error instanceof StageFailure) throw error
    throw brokenScene(`The scene cannot be read: ${(error as Error).message}.`, error)
  }
}

/** Writes one file and returns what the tool reads from it. */
async function write(stage: Stage<Settings>, step: string, source: string, name: string, how: How): Promise<Splats> {
  const [bytesIn, target, decoded] = [statSync(source).size, join(stage.out, name), join(stage.out, `.decoded.part.${name}.ply`)]
  stage.progress(step, 0, 1, 'files', { bytesIn })
  await convert(source, target, how, stage.signal)
  stage.progress(step, 1, 1, 'files', { bytesIn, bytesOut: statSync(target).size })
  try {
    await convert(target, decoded, {}, stage.signal)
    return readPly(decoded)
  } finally {
    rmSync(decoded, { force: true })
  }
}

type Pair = { readonly name: (typeof FILES)[number]; readonly decoded: Splats; readonly reference: Reference }

/** Step `verify`: compares each file with the scene; a file that is not like it is taken away (70). */
async function verify(stage: Stage<Settings>, pairs: readonly Pair[]): Promise<Record<string, Likeness & { bytes: number }>> {
  const found: Record<string, Likeness & { bytes: number }> = {}
  stage.progress('verify', 0, pairs.length, 'files')
  for (const [i, pair] of pairs.entries()) {
    const likeness = await likenessOf(stage, pair)
    found[pair.name] = { bytes: statSync(join(stage.out, pair.name)).size, ...likeness }
    stage.progress('verify', i + 1, pairs.length, 'files', { psnrDb: likeness.psnrDb })
  }
  return found
}

async function likenessOf(stage: Stage<Settings>, { name, decoded, reference }: Pair): Promise<Likeness> {
  const likeness = await compare(reference, decoded, stage.signal)
  const wrong = fault(likeness, reference.scene.count, stage.settings.leastPsnrDb)
  if (wrong === '') return likeness
  rmSync(join(stage.out, name), { force: true })
  throw new StageFailure(
    70,
    'run/compression-differs',
    `${name} is not like the scene: ${wrong}.`,
    'The trained scene.ply is whole: view that, or compress again with more sogIterations.',
  )
}

process.exit(await runStage('compression', process.argv.slice(2), readSettings, compress))
