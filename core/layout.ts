/** Every folder and file name of a home, a run and the bucket, once. Paths are relative, `/` between parts. */
export const home = {
  database: 'spaceport.db',
  settings: 'settings.json',
  thumbnails: 'cache/thumbs',
  features: 'cache/features',
  facts: 'cache/facts',
  stages: 'cache/stages',
  /** Caches of the checks, of pictures and of photos converted for the stages. */
  checkCaches: ['cache/facts', 'cache/features', 'cache/pairs', 'cache/forecasts', 'cache/rehearsals', 'cache/folders'],
  derived: 'cache/derived',
  imports: 'imports',
  runs: 'runs',
  recentlyDeleted: 'deleted',
  /** Empty files whose locks say what a living process is doing. */
  locks: 'locks',
  /** Pictures at <= 1600 px for the inspector. */
  pictures: 'cache/pictures',
  run: (runId: string) => `runs/${runId}`,
  /** A stage's finished output, keyed by inputs, settings and code; `.partial` while it is being made. */
  stage: (stage: string, key: string) => `cache/stages/${stage}-${key}`,
} as const

/** Inside a run's folder (`--out DIR` has the same). */
export const runFolder = {
  manifest: 'manifest.json',
  report: 'report.json',
  progress: 'progress.jsonl',
  /** Which folders of the stage cache the run works with. */
  stages: 'stages.json',
  logs: 'logs',
  sfm: 'sfm',
  sparse: 'sfm/sparse/0',
  images: 'sfm/images',
  sfmReport: 'sfm/report.json',
  train: '3dgs',
  scenePly: '3dgs/scene.ply',
  metrics: '3dgs/metrics.json',
  heldout: '3dgs/heldout',
  checkpoints: '3dgs/checkpoints',
  compression: 'compression',
  sog: 'compression/scene.sog',
  spz: 'compression/scene.spz',
} as const

/** Keys in the bucket. */
export const bucket = {
  photo: (tenant: string, object: string) => `t/${tenant}/photos/${object}`,
  manifest: (tenant: string, captureId: string) => `t/${tenant}/captures/${captureId}/manifest.json`,
  /** The manifest of one state of a capture, named by its SHA-256: nobody can change what it says. */
  frozenManifest: (tenant: string, captureId: string, sha256: string) => `t/${tenant}/captures/${captureId}/manifests/${sha256}.json`,
  run: (tenant: string, runId: string) => `t/${tenant}/runs/${runId}`,
} as const
