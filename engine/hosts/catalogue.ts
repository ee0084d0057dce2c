import type { Command, Flag } from './command.ts'

const json: Flag = { name: 'json', says: 'print JSON on stdout' }
const where: Flag = { name: 'where', value: 'NAME', says: '"local" (this machine) or the name of a cloud account' }
const out: Flag = { name: 'out', value: 'DIR', says: 'also copy the results into this folder' }

/** Every command, in the order of the help. */
export const commands: readonly Command[] = [
  {
    name: 'check',
    words: ['FOLDER'],
    says: 'Tell whether the photos of a folder will become a scene',
    more: 'Exit status: 0 ready, 10 risky, 20 unusable.',
    example: 'spaceport check ~/photos/quarry --html quarry.html',
    flags: [
      json,
      { name: 'kml', value: 'FILE', says: 'write the re-shoot plan as KML' },
      { name: 'html', value: 'FILE', says: 'write a report page that stands alone' },
    ],
    load: () => import('./commands/check.ts'),
  },
  {
    name: 'run',
    words: ['FOLDER'],
    says: 'Check, reconstruct, train and compress; keep the result in the library',
    more: 'Ctrl+C leaves everything resumable: the same command goes on where it stopped.',
    example: 'spaceport run ~/photos/quarry --preset preview --out quarry-scene',
    flags: [
      where,
      { name: 'step', value: 'STEP', says: 'full, 3dgs (reuse a sparse model) or compression (reuse a trained scene)' },
      { name: 'from', value: 'RUN', says: 'the run that --step 3dgs or compression builds on' },
      { name: 'preset', value: 'PRESET', says: 'preview, standard (default) or high' },
      out,
      { name: 'cap', value: 'USD', says: 'never spend more than this (cloud)' },
      { name: 'anyway', says: 'run even where the check says unusable' },
      json,
    ],
    load: () => import('./commands/run.ts'),
  },
  {
    name: 'runs',
    words: [],
    says: 'List the runs in the library',
    example: 'spaceport runs',
    flags: [json],
    load: () => import('./commands/runs.ts'),
  },
  {
    name: 'watch',
    words: ['RUN'],
    says: 'Follow a run until it ends',
    example: 'spaceport watch r-1a2b3c',
    flags: [json],
    load: () => import('./commands/watch.ts'),
  },
  {
    name: 'stop',
    words: ['RUN'],
    says: 'Stop a run',
    example: 'spaceport stop r-1a2b3c --keep',
    flags: [{ name: 'keep', says: 'stop at the next checkpoint and keep a viewable scene' }],
    load: () => import('./commands/stop.ts'),
  },
  {
    name: 'fetch',
    words: ['RUN'],
    says: "Copy a run's results into a folder",
    example: 'spaceport fetch r-1a2b3c --out scene',
    flags: [out, json],
    load: () => import('./commands/fetch.ts'),
  },
  {
    name: 'upload',
    words: ['FOLDER'],
    says: 'Send the photos to a cloud account, resumable',
    example: 'spaceport upload ~/photos/quarry --where studio',
    flags: [where, json],
    load: () => import('./commands/upload.ts'),
  },
  {
    name: 'open',
    words: ['RUN|FILE'],
    says: 'Show a run or a scene file in the viewer',
    example: 'spaceport open scene.sog',
    flags: [],
    load: () => import('./commands/open.ts'),
  },
  {
    name: 'convert',
    words: ['IN', 'OUT'],
    says: 'Convert a scene between .ply, .compressed.ply, .splat, .ksplat, .spz and .sog',
    example: 'spaceport convert scene.ply scene.sog',
    flags: [{ name: 'force', says: 'replace OUT where it exists' }, json],
    load: () => import('./commands/convert.ts'),
  },
  {
    name: 'evaluate',
    words: ['RUN'],
    says: "Recompute a run's quality figures from the files on disk",
    example: 'spaceport evaluate r-1a2b3c --json',
    flags: [json],
    load: () => import('./commands/evaluate.ts'),
  },
  {
    name: 'doctor',
    words: [],
    says: 'Tell whether this machine (and a cloud account) is able to run',
    example: 'spaceport doctor',
    flags: [where, { name: 'clear-cache', says: 'empty the caches first, but for what unfinished runs need' }, json],
    load: () => import('./commands/doctor.ts'),
  },
  {
    name: 'serve',
    words: [],
    says: 'Open the screens in a plain browser, on this machine only',
    example: 'spaceport serve --port 4321',
    flags: [
      { name: 'port', value: 'N', says: 'the port; without it a free one is taken' },
      { name: 'open', says: 'open the default browser' },
      json,
    ],
    load: () => import('./commands/serve.ts'),
  },
]
