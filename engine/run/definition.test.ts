import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import aslValidator from 'asl-validator'
import { StateMachine, type StateMachineDefinition } from 'aws-local-stepfunctions'
import { expect, test } from 'vitest'
import { describeJob, jobOf } from '../../core/pipeline/job.ts'
import { type PipelineInput, pipelineInput } from '../../core/pipeline/prepare.ts'
import { type RunSettings, settingsOf } from '../../core/run/settings.ts'
import { program } from './fixtures/line.ts'

const text = readFileSync(join(program, 'backend', 'pipeline', 'reconstruct.asl.json'), 'utf8')
const definition = JSON.parse(text) as StateMachineDefinition & {
  States: Record<string, { Type: string; Next?: string; Default?: string; Catch?: { Next: string }[]; Choices?: { Next: string }[] }>
}

const places = {
  inputs: { manifest: 's3://b/manifest', photos: 's3://b/photos.manifest' },
  outputs: { sfm: 's3://b/sfm', train: 's3://b/3dgs', checkpoints: 's3://b/checkpoints', compression: 's3://b/compression' },
  sparse: 's3://b/old/sfm',
  scene: 's3://b/old/3dgs',
}
const input = (step: RunSettings['step'] = 'full'): PipelineInput =>
  pipelineInput('r-20261124-abcdef', settingsOf('preview', { step }), places, 0)

type Handler = (parameters: unknown) => Promise<unknown>
const jobError = (cause: Record<string, unknown>, name = 'States.TaskFailed'): Error =>
  Object.assign(new Error(JSON.stringify(cause)), { name })
const completed: Handler = async (parameters) => {
  const spec = jobOf(parameters)
  return describeJob(spec, 'Completed', `s3://b/${spec.name}`)
}

/** Runs the definition; returns the states that it went through, in order, and the input of the one that told the end. */
async function walk(
  start: unknown,
  handlers: Partial<Record<string, Handler>> = {},
): Promise<{ states: readonly string[]; failed: boolean; told: unknown; jobs: readonly string[] }> {
  let told: unknown = null
  const jobs: string[] = []
  const tell: Handler = async (parameters) => (told = parameters)
  const named =
    (handler: Handler): Handler =>
    async (parameters) => {
      jobs.push(jobOf(parameters).name)
      return handler(parameters)
    }
  const local = {
    Report: async () => ({ Payload: { score: 87 } }),
    NotifySuccess: tell,
    NotifyStopped: tell,
    NotifyFailure: tell,
    ...handlers,
    Sfm: named(handlers['Sfm'] ?? completed),
    Train: named(handlers['Train'] ?? completed),
    Compress: named(handlers['Compress'] ?? completed),
  }
  const overrides = {
    taskResourceLocalHandlers: local,
    waitTimeOverrides: { Pause: 0 },
    retryIntervalOverrides: Object.fromEntries(Object.keys(definition.States).map((name) => [name, 0])),
  }
  const execution = new StateMachine(definition).run(start as never, { overrides } as never)
  const states: string[] = []
  const reading = (async () => {
    for await (const event of execution.eventLogs as AsyncIterable<{ type: string; state?: { name: string } }>)
      if (event.type === 'StateEntered' && event.state) states.push(event.state.name)
  })()
  const failed = await execution.result.then(
    () => false,
    () => true,
  )
  await reading
  return { states, failed, told, jobs }
}

test('the definition is valid States Language, JSONPath only', () => {
  const { isValid, errorsText } = aslValidator(definition, { checkArn: true, checkPaths: true })
  expect(errorsText('\n')).toBe('')
  expect(isValid).toBe(true)
  expect(text).not.toMatch(/JSONata|"Assign"|"Arguments"/)
})

test('every Choice has a Default, every Task a Catch and a time limit, and no state is left out of reach', () => {
  const states = Object.entries(definition.States)
  const next = (state: (typeof states)[number][1]): string[] =>
    [state.Next, state.Default, ...(state.Catch ?? []).map((one) => one.Next), ...(state.Choices ?? []).map((one) => one.Next)].filter(
      (name) => name !== undefined,
    )
  for (const [name, state] of states) {
    if (state.Type === 'Choice') expect(state.Default, name).toBeDefined()
    if (state.Type === 'Task')
      expect(state, name).toMatchObject({
        Catch: [{ ErrorEquals: ['States.ALL'] }],
        TimeoutSeconds: expect.any(Number) as number,
        Retry: expect.any(Array) as unknown[],
      })
  }
  expect(new Set(['Prepare', ...states.flatMap(([, state]) => next(state))])).toEqual(new Set(states.map(([name]) => name)))
})

test('the full pipeline goes through all stages to the report', async () => {
  const { states, failed, told } = await walk(input())
  expect(states).toEqual([
    'Prepare',
    'ChooseStep',
    'Sfm',
    'SfmEnded',
    'Train',
    'TrainEnded',
    'Compress',
    'CompressEnded',
    'Report',
    'ChooseEnd',
    'NotifySuccess',
    'Succeeded',
  ])
  expect(failed).toBe(false)
  expect(told).toMatchObject({ Payload: { kind: 'done', report: { score: 87 } } })
})

test('step 3dgs starts at training with the sparse model that is named, step compression at compression', async () => {
  const seen: string[] = []
  const look: Handler = async (parameters) => {
    seen.push(jobOf(parameters).inputs[0]?.uri ?? '')
    return completed(parameters)
  }
  expect((await walk(input('3dgs'), { Train: look })).states.slice(2, 4)).toEqual(['Train', 'TrainEnded'])
  expect((await walk(input('compression'), { Compress: look })).states.slice(2, 4)).toEqual(['Compress', 'CompressEnded'])
  expect(seen).toEqual(['s3://b/old/sfm', 's3://b/old/3dgs'])
})

test('an unknown step, a missing one, and a step without what it starts from are refused as a failure', async () => {
  const { pipelineStep: _, ...without } = input()
  const { sparse: __, ...noSparse } = input('3dgs')
  for (const start of [{ ...input(), pipelineStep: 'everything' }, without, noSparse, { ...input('compression'), scene: {} }]) {
    const { states, failed, told } = await walk(start)
    expect(states).toEqual(['Prepare', 'ChooseStep', 'Refused', 'NotifyFailure', 'Failed'])
    expect(failed).toBe(true)
    expect(told).toMatchObject({ Payload: { error: { Error: 'Spaceport.BadRequest' } } })
  }
})

test.each(['Sfm', 'Train', 'Compress', 'Report'])('bad input in %s is a failure at once, told and real', async (state) => {
  let calls = 0
  const { states, failed, told } = await walk(input(), {
    [state]: async () => {
      calls += 1
      throw jobError({ FailureReason: 'AlgorithmError: exit code: 65', TrainingJobStatus: 'Failed' })
    },
  })
  expect(states.slice(-2)).toEqual(['NotifyFailure', 'Failed'])
  expect([failed, calls]).toEqual([true, 1])
  expect(told).toMatchObject({ Payload: { kind: 'failed', error: { Cause: expect.stringContaining('65') as string } } })
})

test('throttling is retried by the state itself, each attempt under a new job name', async () => {
  let calls = 0
  const { failed, jobs } = await walk(input(), {
    Train: async (parameters) => {
      calls += 1
      if (calls < 4) throw jobError({}, 'SageMaker.ThrottlingException')
      return completed(parameters)
    },
  })
  expect([failed, calls]).toEqual([false, 4])
  const names = jobs.filter((name) => name.includes('-3dgs-'))
  expect(new Set(names).size).toBe(4)
  for (const name of names) expect(name).toMatch(/^r-20261124-abcdef-3dgs-[0-9a-f]{8}$/)
})

test('lack of capacity is waited for three times, going on with the stage that lacked it, then it is a failure', async () => {
  let calls = 0
  const lack =
    (until: number): Handler =>
    async (parameters) => {
      calls += 1
      if (calls <= until) throw jobError({ FailureReason: 'CapacityError: no machines', TrainingJobStatus: 'Failed' })
      return completed(parameters)
    }
  const passed = await walk(input(), { Train: lack(3) })
  expect(passed.failed).toBe(false)
  expect(passed.states.filter((name) => name === 'Sfm')).toHaveLength(1)
  expect(passed.states.filter((name) => name === 'Pause')).toHaveLength(3)
  calls = 0
  expect((await walk(input(), { Train: lack(99) })).states.slice(-2)).toEqual(['NotifyFailure', 'Failed'])
  expect(calls).toBe(4)
})

test('stopped is an outcome: whether SageMaker tells it as a result or as an error', async () => {
  const stopped: Handler = async (parameters) => describeJob(jobOf(parameters), 'Stopped', 's3://b/kept')
  const error: Handler = async (parameters) => {
    throw jobError('TrainingJobName' in (parameters as object) ? { TrainingJobStatus: 'Stopped' } : { ProcessingJobStatus: 'Stopped' })
  }
  for (const state of ['Sfm', 'Compress']) {
    for (const handler of [stopped, error]) {
      const { states, failed, told } = await walk(input(), { [state]: handler })
      expect(states.slice(-2)).toEqual(['NotifyStopped', 'Stopped'])
      expect([failed, told]).toMatchObject([false, { Payload: { kind: 'stopped' } }])
    }
  }
  expect((await walk(input(), { Train: error })).states.slice(-2)).toEqual(['NotifyStopped', 'Stopped'])
})

test('training that was stopped with something to keep is compressed and reported, then told as stopped', async () => {
  const { states } = await walk(input(), { Train: async (parameters) => describeJob(jobOf(parameters), 'Stopped', 's3://b/kept') })
  expect(states.slice(4)).toEqual([
    'Train',
    'TrainEnded',
    'KeepWhatIsThere',
    'Compress',
    'CompressEnded',
    'Report',
    'ChooseEnd',
    'NotifyStopped',
    'Stopped',
  ])
  expect((await walk(input(), { Train: async (parameters) => describeJob(jobOf(parameters), 'Stopped', '') })).states.slice(-3)).toEqual([
    'TrainEnded',
    'NotifyStopped',
    'Stopped',
  ])
})

test('training that Step Functions tells as stopped by an error keeps what it reached as well: on request, and at its time limit', async () => {
  const stopped: Handler = async (parameters) => {
    const { name } = jobOf(parameters)
    throw jobError({ TrainingJobName: name, TrainingJobStatus: 'Stopped', ModelArtifacts: { S3ModelArtifacts: 's3://b/kept' } })
  }
  const compressed: unknown[] = []
  const Compress: Handler = async (parameters) => {
    compressed.push(jobOf(parameters).inputs)
    return completed(parameters)
  }
  const { states } = await walk(input(), { Train: stopped, Compress })
  expect(states.slice(4)).toEqual([
    'Train',
    'Trouble',
    'ReadStopped',
    'StoppedWithScene',
    'SceneOfStopped',
    'KeepWhatIsThere',
    'Compress',
    'CompressEnded',
    'Report',
    'ChooseEnd',
    'NotifyStopped',
    'Stopped',
  ])
  expect(compressed).toEqual([[{ name: '3dgs', uri: 's3://b/kept' }]])
})

test('a letter that cannot be sent leaves the outcome as it is', async () => {
  const refuse: Handler = async () => {
    throw jobError({}, 'Lambda.Unknown')
  }
  expect((await walk(input(), { NotifySuccess: refuse })).states.at(-1)).toBe('Succeeded')
  expect(await walk({ ...input(), pipelineStep: 'x' }, { NotifyFailure: refuse })).toMatchObject({ failed: true })
})

test('the parameters are what SageMaker takes: names within 63 characters, settings within 256, hyper-parameters as strings', async () => {
  const seen: Record<string, unknown>[] = []
  const look: Handler = async (parameters) => {
    seen.push(parameters as Record<string, unknown>)
    return completed(parameters)
  }
  await walk(input(), { Sfm: look, Train: look, Compress: look })
  expect(seen.map((one) => jobOf(one).stage)).toEqual(['sfm', '3dgs', 'compression'])
  expect(seen[1]).toMatchObject({
    EnableManagedSpotTraining: true,
    CheckpointConfig: { S3Uri: 's3://b/checkpoints', LocalPath: '/opt/ml/checkpoints' },
    HyperParameters: { iterations: '1800', previewAt: '100', engine: 'cpu' },
  })
  expect(jobOf(seen[0])).toMatchObject({
    settings: { maxImageSizePx: 1000, alignToGps: true },
    inputs: [{ name: 'manifest' }, { name: 'photos' }],
  })
})
