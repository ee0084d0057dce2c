import { SageMakerClient } from '@aws-sdk/client-sagemaker'
import { StateMachine, type StateMachineDefinition } from 'aws-local-stepfunctions'
import { serveJson, type Service, ServiceError, time } from './json-service.ts'
import { createAndWait } from './sync-task.ts'

export type StatesOptions = {
  readonly definition: string
  readonly substitutions: Readonly<Record<string, string>>
  readonly sageMaker: string
  readonly invoke: (arn: string, payload: unknown) => Promise<unknown>
}

type Event = { readonly id: number; readonly timestamp: { atMs: number }; readonly type: string } & Record<string, unknown>

export type Execution = {
  readonly arn: string
  readonly name: string
  readonly input: string
  readonly started: Date
  status: 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'ABORTED'
  stopped: Date | null
  output: string | null
  error: string | null
  cause: string | null
  readonly events: Event[]
  readonly states: string[]
  readonly abort: AbortController
  over: Promise<void>
}

/** Step Functions on loopback: the deployed definition with its substitutions, executed by the interpreter that the app uses. */
export class States {
  readonly executions = new Map<string, Execution>()
  readonly machineArn: string = 'arn:aws:states:us-east-1:000000000000:stateMachine:SpaceportMLPipeline'
  service: Service | null = null
  private readonly options: StatesOptions
  private readonly client: SageMakerClient

  constructor(options: StatesOptions) {
    this.options = options
    const credentials = { accessKeyId: 'states', secretAccessKey: 'states' }
    this.client = new SageMakerClient({ endpoint: options.sageMaker, region: 'us-east-1', credentials, maxAttempts: 1 })
  }

  async listen(): Promise<string> {
    this.service = await serveJson({
      StartExecution: (input: { name: string; input: string }) => this.start(input),
      DescribeExecution: ({ executionArn }: { executionArn: string }) => told(this.known(executionArn)),
      StopExecution: (input: { executionArn: string; error?: string; cause?: string }) => this.stop(input),
      GetExecutionHistory: ({ executionArn }: { executionArn: string }) => ({ events: this.known(executionArn).events }),
      ListExecutions: () => ({
        executions: [...this.executions.values()]
          .filter((one) => one.status === 'RUNNING')
          .map(({ arn, name, started }) => ({
            executionArn: arn,
            stateMachineArn: this.machineArn,
            name,
            status: 'RUNNING',
            startDate: time(started),
          })),
      }),
    })
    return this.service.endpoint
  }

  async close(): Promise<void> {
    for (const one of this.executions.values()) one.abort.abort()
    await Promise.all([...this.executions.values()].map((one) => one.over))
    this.client.destroy()
    await this.service?.close()
  }

  private known(arn: string): Execution {
    const execution = this.executions.get(arn)
    if (!execution) throw new ServiceError('ExecutionDoesNotExist', `Execution Does Not Exist: '${arn}'`)
    return execution
  }

  private start({ name, input }: { name: string; input: string }): unknown {
    if (!/^[A-Za-z0-9_-]{1,80}$/.test(name)) throw new ServiceError('InvalidName', name)
    const arn = `${this.machineArn.replace(':stateMachine:', ':execution:')}:${name}`
    const before = this.executions.get(arn)
    if (before) {
      // The same order of a run that still goes on is the same run; any other is refused.
      if (before.status !== 'RUNNING' || before.input !== input)
        throw new ServiceError('ExecutionAlreadyExists', `Execution Already Exists: '${arn}'`)
      return { executionArn: arn, startDate: time(before.started) }
    }
    const execution: Execution = {
      arn,
      name,
      input,
      started: new Date(),
      status: 'RUNNING',
      stopped: null,
      output: null,
      error: null,
      cause: null,
      events: [],
      states: [],
      abort: new AbortController(),
      over: Promise.resolve(),
    }
    this.executions.set(arn, execution)
    execution.over = this.execute(execution)
    return { executionArn: arn, startDate: time(execution.started) }
  }

  private stop({
    executionArn,
    error = null,
    cause = null,
  }: {
    executionArn: string
    error?: string | null
    cause?: string | null
  }): unknown {
    const execution = this.known(executionArn)
    if (execution.status === 'RUNNING') {
      Object.assign(execution, { status: 'ABORTED', error, cause, stopped: new Date() } satisfies Partial<Execution>)
      execution.abort.abort()
    }
    return { stopDate: time(execution.stopped) }
  }

  private async execute(execution: Execution): Promise<void> {
    const filled = this.options.definition.replaceAll(
      /\$\{(\w+)\}/g,
      (_, name: string) => this.options.substitutions[name] ?? `missing-${name}`,
    )
    const machine = new StateMachine(JSON.parse(filled) as StateMachineDefinition, { validationOptions: { noValidate: true } })
    const names = Object.keys((JSON.parse(filled) as { States: object }).States)
    const lambda = (parameters: { FunctionName: string; Payload: unknown }) =>
      this.options.invoke(parameters.FunctionName, parameters.Payload).then((Payload) => ({ Payload, StatusCode: 200 }))
    const job = async (parameters: unknown) => {
      note(execution, 'TaskScheduled', { taskScheduledEventDetails: scheduled(parameters) })
      return createAndWait(this.client, parameters, execution.abort.signal)
    }
    const run = machine.run(
      JSON.parse(execution.input) as never,
      {
        noThrowOnAbort: true,
        overrides: {
          taskResourceLocalHandlers: {
            Sfm: job,
            Train: job,
            Compress: job,
            Report: lambda,
            NotifySuccess: lambda,
            NotifyStopped: lambda,
            NotifyFailure: lambda,
          },
          // Minutes of patience with a lack of machines are no part of what is tested.
          waitTimeOverrides: { Pause: 1 },
          retryIntervalOverrides: Object.fromEntries(names.map((name) => [name, 0])),
        },
      } as never,
    )
    const abort = (): void => run.abort()
    execution.abort.signal.addEventListener('abort', abort, { once: true })
    const reading = read(run.eventLogs as AsyncIterable<{ type: string; state?: { name: string } }>, execution)
    try {
      const output = await run.result
      if (execution.status === 'RUNNING')
        Object.assign(execution, { status: 'SUCCEEDED', output: JSON.stringify(output), stopped: new Date() })
    } catch (thrown) {
      const why = (thrown as { cause?: { name?: string; message?: string } }).cause
      if (execution.status === 'RUNNING')
        Object.assign(execution, { status: 'FAILED', error: why?.name ?? String(thrown), cause: why?.message ?? '', stopped: new Date() })
    }
    execution.abort.signal.removeEventListener('abort', abort)
    await reading
  }
}

async function read(events: AsyncIterable<{ type: string; state?: { name: string } }>, execution: Execution): Promise<void> {
  for await (const event of events) {
    if (event.type !== 'StateEntered' || !event.state) continue
    execution.states.push(event.state.name)
    note(execution, 'StateEntered', { stateEnteredEventDetails: { name: event.state.name } })
  }
}

function note(execution: Execution, type: string, details: Record<string, unknown>): void {
  execution.events.push({ id: execution.events.length + 1, timestamp: { atMs: Date.now() }, type, ...details })
}

function scheduled(parameters: unknown): Record<string, unknown> {
  const training = typeof parameters === 'object' && parameters !== null && 'TrainingJobName' in parameters
  return {
    resourceType: 'sagemaker',
    resource: training ? 'createTrainingJob.sync' : 'createProcessingJob.sync',
    region: 'us-east-1',
    parameters: JSON.stringify(parameters),
  }
}

function told(one: Execution): Record<string, unknown> {
  return {
    executionArn: one.arn,
    name: one.name,
    status: one.status,
    input: one.input,
    output: one.output ?? undefined,
    error: one.error ?? undefined,
    cause: one.cause ?? undefined,
    startDate: time(one.started),
    stopDate: time(one.stopped),
  }
}
