import { problem } from '../core/problem.ts'
import type { Dropped, TakeProgress } from './bridge.ts'
import { planDrop } from './drop-plan.ts'

type Named = { readonly name: string; readonly file: File }

/** Takes what was dropped on a plain browser: the files go to the loopback host, which answers with their folder. */
export async function takeDrop(data: DataTransfer, progress?: TakeProgress): Promise<Dropped> {
  // Entries must be asked for before the first await: the browser empties the list after the event.
  const items = [...data.items].map((item) => ({ entry: item.webkitGetAsEntry(), file: item.getAsFile() }))
  const entries = items.map((one) => one.entry).filter((entry) => entry !== null)
  // A picture dragged out of another page is a file without an entry.
  const loose = items.flatMap(({ entry, file }) => (entry === null && file ? [{ name: file.name, file }] : []))
  const named = [...(await Promise.all(entries.map(filesIn))).flat(), ...loose]
  const folders = entries.filter((entry) => entry.isDirectory).map((entry) => entry.name)
  return send(named, folders, progress)
}

/** Takes the files of a file input. */
export function takeFiles(files: readonly File[], progress?: TakeProgress): Promise<Dropped> {
  return send(
    files.map((file) => ({ name: file.webkitRelativePath || file.name, file })),
    [],
    progress,
  )
}

async function filesIn(entry: FileSystemEntry): Promise<readonly Named[]> {
  const name = entry.fullPath.replace(/^\//, '')
  if (entry.isFile) {
    return new Promise((resolve, reject) => (entry as FileSystemFileEntry).file((file) => resolve([{ name, file }]), reject))
  }
  const children = await childrenOf((entry as FileSystemDirectoryEntry).createReader())
  return (await Promise.all(children.map(filesIn))).flat()
}

/** A reader hands out at most 100 entries a call, then an empty list. */
async function childrenOf(reader: FileSystemDirectoryReader): Promise<readonly FileSystemEntry[]> {
  const batch = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject))
  return batch.length === 0 ? [] : [...batch, ...(await childrenOf(reader))]
}

async function send(named: readonly Named[], folders: readonly string[], progress?: TakeProgress): Promise<Dropped> {
  const plan = planDrop(
    named.map(({ name, file }) => ({ name, type: file.type })),
    folders,
  )
  // Nothing is copied that could not be used.
  if (plan.kind === 'refused') return { problem: plan.problem }
  try {
    const token = String((await post('/import'))['token'])
    let done = 0
    for (const one of named) {
      await put(`/import/${token}/${encodeURIComponent(one.name)}`, one.file)
      done += 1
      progress?.(done, named.length)
    }
    const { folder } = await post(`/import/${token}/done`)
    return plan.kind === 'scene' ? { scene: `${String(folder)}/${named[0]?.name}` } : { folder: folderOf(named, String(folder)) }
  } catch (cause) {
    if (cause instanceof TypeError || cause instanceof Refused) {
      return {
        problem: problem(
          'drop/import',
          `The files could not be taken in: ${cause.message}.`,
          'Choose the folder instead: then nothing needs to be copied.',
        ),
      }
    }
    throw cause
  }
}

/** One dropped folder keeps its own name as the capture's. */
function folderOf(named: readonly Named[], folder: string): string {
  const top = named[0]?.name.split('/')[0] ?? ''
  return named.every((one) => one.name.startsWith(`${top}/`)) ? `${folder}/${top}` : folder
}

class Refused extends Error {}

async function post(address: string): Promise<Record<string, unknown>> {
  const response = await fetch(address, { method: 'POST' })
  if (!response.ok) throw new Refused(await reason(response))
  return (await response.json()) as Record<string, unknown>
}

async function put(address: string, body: File): Promise<void> {
  const response = await fetch(address, { method: 'PUT', body })
  if (!response.ok) throw new Refused(await reason(response))
}

/** The host answers a refusal with a Problem. */
async function reason(response: Response): Promise<string> {
  const text = await response.text()
  const found = /"what"\s*:\s*"([^"]+)"/.exec(text)
  return found?.[1] ?? `the host answered ${response.status}`
}
