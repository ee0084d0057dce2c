import { readdir, realpath, stat } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import type { Handlers } from '../core/contract.ts'
import type { RunReport } from '../core/run/report.ts'
import type { SceneCamera, SceneFacts, SceneFile, SceneRef } from '../core/scene/scene.ts'
import { home as layout, runFolder } from '../core/layout.ts'
import { ProblemError, problem } from '../core/problem.ts'
import { sceneFormat, scenesByPreference, scenesToHandOn } from '../core/run/artefacts.ts'
import { type ColmapImage, readColmapImages } from './colmap.ts'
import type { Host } from './host.ts'
import { readJson, SfmReport, TrainMetrics } from './run/measure.ts'
import { Report } from './run/report.ts'

export type SceneParts = { readonly host: Host; readonly lend: (file: string) => string }

/** The contract's `scenes.*`. */
export function sceneHandlers({ host, lend }: SceneParts): Pick<Handlers, 'scenes.ofRun' | 'scenes.openFile'> {
  return {
    'scenes.ofRun': ({ runId }) => sceneOfRun(join(host.home, layout.run(runId)), runId),
    'scenes.openFile': async ({ path }) => {
      const { scene, file } = await fromDisk(path, lend)
      const files = [{ name: scene.name, url: scene.url, path: file, bytes: scene.bytes }]
      return { scene, files, cameras: [], covered: null, metric: false, report: null }
    },
  }
}

async function sceneOfRun(folder: string, runId: string): Promise<SceneFacts> {
  const scene = await newestScene(folder, runId)
  if (scene === null)
    throw new ProblemError(problem('scene/none', 'This run has left no scene yet.', 'Wait for the first preview, or run it again.'))
  const sfm = await readJson(join(folder, runFolder.sfmReport), SfmReport)
  const covered = sfm?.covered ? { centre: sfm.covered.center, radius: sfm.covered.radius, up: sfm.covered.up } : null
  const report: RunReport | null = await readJson(join(folder, runFolder.report), Report)
  const files = await filesOf(folder, runId)
  return { scene, files, cameras: await camerasOf(folder, runId), covered, metric: sfm?.metric ?? false, report }
}

async function filesOf(folder: string, runId: string): Promise<readonly SceneFile[]> {
  const found = scenesToHandOn.map(async (name) => {
    const path = join(folder, name)
    const bytes = await bytesOf(path)
    return bytes > 0 ? [{ name: basename(name), url: `run/${runId}/${name}`, path, bytes }] : []
  })
  return (await Promise.all(found)).flat()
}

function bytesOf(path: string): Promise<number> {
  return stat(path).then(
    (found) => found.size,
    () => 0,
  )
}

async function newestScene(folder: string, runId: string): Promise<SceneRef | null> {
  for (const name of [...scenesByPreference, ...(await previews(folder))]) {
    const bytes = await bytesOf(join(folder, name))
    const format = sceneFormat(name)
    if (bytes > 0 && format) return { name: basename(name), url: `run/${runId}/${name}`, format, bytes, runId }
  }
  return null
}

/** The previews of a training under way or broken off, newest first: their names are iterations of one width. */
async function previews(folder: string): Promise<readonly string[]> {
  const names = await readdir(join(folder, runFolder.checkpoints)).catch(() => [])
  return names
    .filter((name) => name.endsWith('.ply'))
    .toSorted()
    .toReversed()
    .map((name) => `${runFolder.checkpoints}/${name}`)
}

async function camerasOf(folder: string, runId: string): Promise<readonly SceneCamera[]> {
  const metrics = await readJson(join(folder, runFolder.metrics), TrainMetrics)
  const psnr = new Map(metrics?.heldOut.views.map((view) => [view.photo, view.psnr]))
  try {
    const images = await readColmapImages(join(folder, runFolder.sparse))
    return images.map((image) => cameraOf(image, runId, psnr.get(image.name) ?? null))
  } catch (error) {
    // A run of a trained scene alone has no sparse model; the viewer does without cameras.
    if ((error as { code?: string }).code === 'ENOENT') return []
    throw error
  }
}

function cameraOf({ name, camera, quaternion, centre }: ColmapImage, runId: string, psnr: number | null): SceneCamera {
  const fovYDeg = (2 * Math.atan(camera.heightPx / 2 / camera.focalYPx) * 180) / Math.PI
  return {
    file: name,
    quaternion,
    centre,
    fovYDeg,
    aspect: camera.widthPx / camera.heightPx,
    imageUrl: `run/${runId}/${runFolder.images}/${name}`,
    psnr,
  }
}

async function fromDisk(path: string, lend: (file: string) => string): Promise<{ readonly scene: SceneRef; readonly file: string }> {
  const format = sceneFormat(path)
  if (format === null)
    throw new ProblemError(
      problem('scene/format', `${basename(path)} is not a scene.`, 'Open a .ply, .compressed.ply, .splat, .ksplat, .spz or .sog file.'),
    )
  try {
    const file = await realpath(resolve(path))
    const found = await stat(file)
    if (found.isFile() && found.size > 0)
      return { scene: { name: basename(file), url: lend(file), format, bytes: found.size, runId: null }, file }
  } catch (error) {
    if ((error as { code?: string }).code !== 'ENOENT') throw error
  }
  throw new ProblemError(problem('scene/missing', `${path} is not there, or empty.`, 'Choose the file again.'))
}
