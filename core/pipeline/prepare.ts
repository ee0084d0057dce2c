import type { RunSettings } from '../run/settings.ts'

/** What the state machine starts with. Values of `train` and the two settings texts are strings: SageMaker knows no others. */
export type PipelineInput = {
  readonly version: 1
  readonly runId: string
  readonly pipelineStep: RunSettings['step']
  readonly inputs: { readonly manifest: string; readonly photos: string }
  /** Present where the step starts from a sparse model or a trained scene. */
  readonly sparse?: { readonly uri: string }
  readonly scene?: { readonly uri: string }
  readonly outputs: { readonly sfm: string; readonly train: string; readonly checkpoints: string; readonly compression: string }
  readonly settings: { readonly sfm: string; readonly train: Readonly<Record<string, string>>; readonly compression: string }
  readonly machines: { readonly sfm: Machine; readonly train: Machine & { readonly maxWaitSeconds: number }; readonly compression: Machine }
  /** Attempts left after capacity or internal trouble, and the next pause. */
  readonly again: { readonly left: number; readonly seconds: number }
}

export type Machine = { readonly instance: string; readonly volumeGb: number; readonly maxSeconds: number }

/** Where things lie: `s3://` addresses in the cloud, `file://` and `local:` ones on a laptop. */
export type Places = Pick<PipelineInput, 'inputs' | 'outputs'> & { readonly sparse: string | null; readonly scene: string | null }

const hour = 3600
const day = 24 * hour

// The instances that the earlier system ran on; each is a setting of the account.
export const machines: PipelineInput['machines'] = {
  sfm: { instance: 'ml.c6i.2xlarge', volumeGb: 100, maxSeconds: 12 * hour },
  train: { instance: 'ml.g4dn.xlarge', volumeGb: 100, maxSeconds: day, maxWaitSeconds: 2 * day },
  compression: { instance: 'ml.c6i.4xlarge', volumeGb: 50, maxSeconds: 4 * hour },
}

// Three attempts more, after half a minute, one, two: longer lacks of machines are for a person to decide on.
const again = { left: 3, seconds: 30 } as const

/** The pipeline's input for a run. `threads`: for each stage, 0 is all. */
export function pipelineInput(runId: string, settings: RunSettings, places: Places, threads: number): PipelineInput {
  return {
    version: 1,
    runId,
    pipelineStep: settings.step,
    inputs: places.inputs,
    ...(settings.step === '3dgs' && places.sparse !== null ? { sparse: { uri: places.sparse } } : {}),
    ...(settings.step === 'compression' && places.scene !== null ? { scene: { uri: places.scene } } : {}),
    outputs: places.outputs,
    settings: {
      sfm: JSON.stringify({ ...settings.sfm, threads }),
      train: asStrings({ ...settings.train, threads }),
      compression: JSON.stringify(settings.compression),
    },
    machines,
    again,
  }
}

/** Settings as SageMaker's hyper-parameters: every value a string, lists with commas. */
export function asStrings(
  values: Readonly<Record<string, string | number | boolean | readonly number[]>>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, Array.isArray(value) ? value.join(',') : String(value)]))
}
