import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  GetExecutionHistoryCommand,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn'
import { StateMachine, type StateMachineDefinition } from 'aws-local-stepfunctions'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { pipelineInput } from '../core/pipeline/prepare.ts'
import { type RunSettings, settingsOf } from '../core/run/settings.ts'
import { startMoto, whyNoMoto } from './testing/moto.ts'

// The deployed definition's control flow in the app's interpreter and in moto's, which share no code. Neither plays SageMaker's tasks alike, so
// each task becomes a Parallel of one state with the task's own Retry, Catch and result: what decides where a run goes is left as it is.
type State = Record<string, unknown> & { Type: string; Retry?: Record<string, unknown>[]; ResultSelector?: Record<string, string> }
type Machine = { StartAt: string; States: Record<string, State> }
/** What the tasks do: end with a job, or with an error. */
type Play = Readonly<Record<string, { readonly result: unknown } | { readonly error: string; readonly cause: string }>>
type Walk = { readonly status: string; readonly error: string | null; readonly states: readonly string[]; readonly output: unknown }

const text = readFileSync(join(import.meta.dirname, 'pipeline', 'reconstruct.asl.json'), 'utf8')
const definition = JSON.parse(text.replaceAll(/\$\{(\w+)\}/g, 'the-$1')) as Machine

const processed = (status: string, name: string) => ({
  ProcessingJobStatus: status,
  ProcessingOutputConfig: { Outputs: [{ S3Output: { S3Uri: `s3://b/${name}` } }] },
})
const trained = (status: string) => ({ TrainingJobStatus: status, ModelArtifacts: { S3ModelArtifacts: 's3://b/model' } })
const usual: Play = {
  Sfm: { result: processed('Completed', 'sfm') },
  Train: { result: trained('Completed') },
  Compress: { result: processed('Completed', 'compression') },
  Report: { result: { Payload: { score: 87 } } },
  NotifySuccess: { result: {} },
  NotifyStopped: { result: {} },
  NotifyFailure: { result: {} },
}

function played(play: Play): Machine {
  const states = Object.entries(definition.States).flatMap(([name, state]) => playedStates(name, state, play))
  return { ...definition, States: Object.fromEntries(states) }
}

function playedStates(name: string, state: State, play: Play): (readonly [string, State])[] {
  // How long it waits is no part of where it goes.
  if (state.Type === 'Wait') return [[name, { Type: 'Pass', Next: state['Next'] }]]
  const does = play[name]
  if (state.Type !== 'Task' || does === undefined) return [[name, state]]
  const { Catch, ResultPath, ResultSelector, Next, Retry = [] } = state
  const work = 'result' in does ? { Type: 'Pass', Result: does.result, End: true } : { Type: 'Fail', Error: does.error, Cause: does.cause }
  const parallel: State = {
    Type: 'Parallel',
    Branches: [{ StartAt: `${name}Work`, States: { [`${name}Work`]: work } }],
    ResultPath,
    Catch,
    Retry: Retry.map(({ ErrorEquals }) => ({ ErrorEquals, IntervalSeconds: 1, BackoffRate: 1, MaxAttempts: 2 })),
    Next: ResultSelector ? `${name}Taken` : Next,
  }
  if (!ResultSelector) return [[name, parallel]]
  // A Parallel gives a list; the task's result is its only member.
  const taken: State = { Type: 'Pass', InputPath: `${String(ResultPath)}[0]`, Parameters: ResultSelector, ResultPath, Next }
  return [
    [name, parallel],
    [`${name}Taken`, taken],
  ]
}

async function inTheApp(machine: Machine, input: unknown): Promise<Walk> {
  const names = Object.keys(machine.States)
  const overrides = { retryIntervalOverrides: Object.fromEntries(names.map((name) => [name, 0])) }
  const run = new StateMachine(machine as unknown as StateMachineDefinition).run(input as never, { overrides })
  const states: string[] = []
  const reading = (async () => {
    for await (const event of run.eventLogs as AsyncIterable<{ type: string; state?: { name: string } }>)
      if (event.type === 'StateEntered' && event.state && event.state.name in definition.States) states.push(event.state.name)
  })()
  const ended = await run.result.then(
    (output: unknown) => ({ status: 'SUCCEEDED', error: null, output: comparable(output) }),
    (thrown: { cause?: { name?: string } }) => ({ status: 'FAILED', error: thrown.cause?.name ?? '', output: null }),
  )
  await reading
  return { ...ended, states }
}

async function inMoto(client: SFNClient, machine: Machine, input: unknown): Promise<Walk> {
  const name = `m${(machines += 1)}`
  const made = await client.send(
    new CreateStateMachineCommand({ name, definition: JSON.stringify(machine), roleArn: 'arn:aws:iam::123456789012:role/any' }),
  )
  const { executionArn } = await client.send(
    new StartExecutionCommand({ stateMachineArn: made.stateMachineArn, input: JSON.stringify(input) }),
  )
  for (;;) {
    const { status, error, output } = await client.send(new DescribeExecutionCommand({ executionArn }))
    if (status === 'RUNNING') {
      await pause(50)
      continue
    }
    const { events = [] } = await client.send(new GetExecutionHistoryCommand({ executionArn, maxResults: 1000 }))
    const entered = events.flatMap((event) => event.stateEnteredEventDetails?.name ?? [])
    return {
      status: status ?? '',
      error: error ?? null,
      output: status === 'SUCCEEDED' ? comparable(JSON.parse(output ?? 'null')) : null,
      states: entered.filter((one) => one in definition.States),
    }
  }
}
let machines = 0

/** Without what is drawn by lot: the length of a pause. */
function comparable(output: unknown): unknown {
  return JSON.parse(JSON.stringify(output, (key, value: unknown) => (key === 'pause' ? undefined : value)))
}

const places = {
  inputs: { manifest: 's3://b/manifest', photos: 's3://b/photos.manifest' },
  outputs: { sfm: 's3://b/sfm', train: 's3://b/3dgs', checkpoints: 's3://b/checkpoints', compression: 's3://b/compression' },
  sparse: 's3://b/old/sfm',
  scene: 's3://b/old/3dgs',
}
const input = (step: RunSettings['step'] = 'full') => pipelineInput('r-20261124-abcdef', settingsOf('preview', { step }), places, 0)
// A Fail state may not give a name of the language itself (States.TaskFailed); the definition catches all names alike.
const failed = (cause: object, error = 'Played.TaskFailed') => ({ error, cause: JSON.stringify(cause) })
const { sparse: _, ...withoutSparse } = input('3dgs')

const cases: readonly (readonly [string, Play, unknown, end: string])[] = [
  ['all stages', {}, input(), 'Succeeded'],
  ['from training', {}, input('3dgs'), 'Succeeded'],
  ['from compression', {}, input('compression'), 'Succeeded'],
  ['an unknown step', {}, { ...input(), pipelineStep: 'everything' }, 'Failed'],
  ['a step without what it starts from', {}, withoutSparse, 'Failed'],
  ...(['Sfm', 'Train', 'Compress', 'Report'] as const).map(
    (name) => [`bad input in ${name}`, { [name]: failed({ FailureReason: 'AlgorithmError: exit code: 65' }) }, input(), 'Failed'] as const,
  ),
  ['throttling without end', { Train: failed({}, 'SageMaker.ThrottlingException') }, input(), 'Failed'],
  ['no machines, three times waited for', { Train: failed({ FailureReason: 'CapacityError: none' }) }, input(), 'Failed'],
  ['trouble inside SageMaker', { Compress: failed({ FailureReason: 'InternalServerError: x' }) }, input(), 'Failed'],
  ['stopped structure from motion, told as a result', { Sfm: { result: processed('Stopped', 'sfm') } }, input(), 'Stopped'],
  ['stopped structure from motion, told as an error', { Sfm: failed(processed('Stopped', 'sfm')) }, input(), 'Stopped'],
  ['stopped training, told as a result', { Train: { result: trained('Stopped') } }, input(), 'Stopped'],
  ['stopped training, told as an error', { Train: failed(trained('Stopped')) }, input(), 'Stopped'],
  ['stopped training that left nothing', { Train: failed({ TrainingJobStatus: 'Stopped' }) }, input(), 'Stopped'],
  ['stopped compression', { Compress: failed(processed('Stopped', 'compression')) }, input(), 'Stopped'],
  ['a mail that cannot be sent', { NotifySuccess: failed({}, 'Lambda.Unknown') }, input(), 'Succeeded'],
]

const missing = whyNoMoto()
describe.skipIf(missing !== null)(`two interpreters walk the definition alike${missing ? ` (left out: ${missing})` : ''}`, () => {
  let moto: Awaited<ReturnType<typeof startMoto>>
  let client: SFNClient
  beforeAll(async () => {
    moto = await startMoto()
    client = new SFNClient({ endpoint: moto.endpoint, region: 'us-east-1', credentials: { accessKeyId: 'a', secretAccessKey: 'b' } })
  })
  afterAll(async () => {
    client?.destroy()
    await moto?.close()
  })

  test.each(cases)('%s', async (_name, play, start, end) => {
    const machine = played({ ...usual, ...play })
    const ours = await inTheApp(machine, start)
    // Both could be wrong alike: where it should end is known.
    expect(ours.states.at(-1)).toBe(end)
    expect(ours.status).toBe(end === 'Failed' ? 'FAILED' : 'SUCCEEDED')
    expect(await inMoto(client, machine, start)).toEqual(ours)
  })
})
