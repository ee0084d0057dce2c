import { type Problem, problem } from '../core/problem.ts'
import { sceneFormat } from '../core/run/artefacts.ts'
import { count } from './format.ts'

/** A dropped file as far as its name and its type tell. Folders are in the name: `flight 3/DJI_0001.JPG`. */
export type DroppedFile = { readonly name: string; readonly type: string }
export type DropPlan = { readonly kind: 'scene' } | { readonly kind: 'photos' } | { readonly kind: 'refused'; readonly problem: Problem }

// Pictures by name: what the engine reads, and what it names a remedy for (raw files). The bytes decide later, in the engine.
const picture = /\.(jpe?g|png|webp|tiff?|hei[cf]|avif|jxl|dng|cr[23]|nef|arw|raf|orf|rw2)$/i

/** What a drop is to become. `folders`: names of the folders dropped, empty ones too. */
export function planDrop(files: readonly DroppedFile[], folders: readonly string[] = []): DropPlan {
  const [first] = files
  if (!first) return refused('drop/empty', folders[0] ? `${folders[0]} holds no files.` : 'Nothing in that drop can be read as a file.')
  const scenes = files.filter((one) => sceneFormat(one.name) !== null)
  if (files.length === 1 && scenes.length === 1) return { kind: 'scene' }
  if (files.some((one) => one.type.startsWith('image/') || picture.test(one.name))) return { kind: 'photos' }
  if (scenes.length > 1)
    return refused('drop/scenes', `${count(scenes.length)} scenes at once: the viewer opens one.`, 'Drop one scene file.')
  return refused('drop/no-photos', whyNot(files, folders))
}

function whyNot(files: readonly DroppedFile[], folders: readonly string[]): string {
  const [first] = files
  if (files.length === 1 && first) return `${leafOf(first.name)} is not a photo.`
  const where = folders.length === 1 ? `${folders[0]} holds ${count(files.length)} files` : `${count(files.length)} files`
  return `${where}, and none of them is a photo.`
}

function refused(code: `drop/${string}`, what: string, remedy = 'Drop a folder of photos or a scene file.'): DropPlan {
  return { kind: 'refused', problem: problem(code, what, remedy) }
}

function leafOf(name: string): string {
  return name.split('/').at(-1) ?? name
}

/** What a drag says before it is dropped: the types only, and none for folders and scenes. Null: it may be taken. */
export function refusalOf(types: readonly string[]): string | null {
  const known = types.filter((type) => type !== '')
  if (known.length === 0 || known.length < types.length || known.some((type) => type.startsWith('image/'))) return null
  return `${wordOf(known[0] ?? '')} is not a photo`
}

function wordOf(type: string): string {
  if (type === 'application/pdf') return 'A PDF'
  const family = { video: 'A video', audio: 'A sound', text: 'A text file' }[type.split('/')[0] ?? '']
  return family ?? 'This kind of file'
}
