import { join } from 'node:path'
import { bucket } from '../../core/layout.ts'
import { problem, ProblemError } from '../../core/problem.ts'
import type { TransferEvent } from '../../core/transfer/events.ts'
import { bringAll, downloading } from './downloader.ts'
import type { DownloadItem, DownloadTools } from './receive-file.ts'
import type { ListPage } from './store.ts'
import type { Target } from './target.ts'
import type { TransferOptions } from './transferring.ts'

/** Brings everything that a run left in the bucket into a folder, proven; what has come before does not come again. */
export function fetchRun(
  runId: string,
  folder: string,
  target: Target,
  options: TransferOptions,
  signal: AbortSignal,
  /** Where in the folder a file goes; null: it stays in the bucket. */
  placeOf: (file: string) => string | null = (file) => file,
): AsyncGenerator<TransferEvent> {
  const prefix = `${bucket.run(target.tenant, runId)}/`
  return downloading(target, options, signal, async (tools, both) => {
    const keys = await keysUnder(prefix, tools, both)
    if (keys.length === 0)
      throw new ProblemError(
        problem('download/absent', `The account holds no file of ${runId}.`, '"spaceport runs" lists the runs; look whether it has begun.'),
      )
    await bringAll(
      keys.flatMap((key) => itemOf(key, prefix, folder, placeOf) ?? []),
      tools,
      both,
    )
  })
}

async function keysUnder(prefix: string, { persist }: DownloadTools, signal: AbortSignal): Promise<string[]> {
  const keys: string[] = []
  for (let from: string | null = null; ;) {
    const after: string | null = from
    const page: ListPage = await persist(prefix, signal, (store) => store.list(prefix, after))
    // Some programs leave empty objects that stand for folders.
    keys.push(...page.objects.map(({ key }) => key).filter((key) => !key.endsWith('/')))
    if (page.next === null) return keys
    from = page.next
  }
}

/** A key is anybody's word: one that would leave the folder is refused, not tidied up. */
function itemOf(key: string, prefix: string, folder: string, placeOf: (file: string) => string | null): DownloadItem | null {
  const file = key.slice(prefix.length)
  const parts = file.split('/')
  // oxlint-disable-next-line no-control-regex
  if (!key.startsWith(prefix) || parts.some((part) => part === '' || part === '.' || part === '..' || /[\\:\u0000-\u001f]/.test(part)))
    throw new ProblemError(
      problem(
        'download/odd-name',
        `The account holds a file that no folder can: ${JSON.stringify(key)}.`,
        'Remove it from the bucket, then fetch again.',
      ),
    )
  const place = placeOf(file)
  return place === null ? null : { file, key, path: join(folder, ...place.split('/')) }
}
