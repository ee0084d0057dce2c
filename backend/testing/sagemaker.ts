import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { StageName } from '../../core/run/events.ts'
import { jobOf } from '../../core/pipeline/job.ts'
import { serveJson, type Service, ServiceError, time } from './json-service.ts'
import { type Outside, Machine } from './machine.ts'

/** How a stage's program is started; `flags`: it takes the three flags instead of SageMaker's folders. */
export type Entry = { readonly command: string; readonly args: readonly string[]; readonly cwd: string; readonly flags: boolean }

export type SageMakerOptions = {
  readonly folder: string
  readonly outside: Outside
  readonly entryOf: (stage: StageName) => Entry
}

type Request = Readonly<Record<string, unknown>>
export type Job = {
  readonly name: string
  readonly stage: StageName
  readonly request: Request
  status: 'InProgress' | 'Completed' | 'Failed' | 'Stopping' | 'Stopped'
  secondary: string
  reason: string | null
  started: Date | null
  ended: Date | null
  scene: string
  machine: Machine | null
  starts: number
}

/** SageMaker's jobs on loopback: each runs the stage's real entry point in /opt/ml-shaped folders, fed from and carried out to the bucket. */
export class SageMaker {
  readonly jobs = new Map<string, Job>()
  /** Errors that the next requests for a job are answered with. */
  readonly refusals: { stage: StageName; error: ServiceError }[] = []
  /** Jobs of a stage that end as failed with this reason before a machine is there. */
  readonly lacks: { stage: StageName; reason: string }[] = []
  private service: Service | null = null
  private readonly options: SageMakerOptions
  private readonly running = new Set<Promise<void>>()

  constructor(options: SageMakerOptions) {
    this.options = options
  }

  async listen(): Promise<string> {
    const kinds = ['Processing', 'Training'] as const
    this.service = await serveJson(
      Object.fromEntries(
        kinds.flatMap((kind) => [
          [`Create${kind}Job`, (request: Request) => this.create(request)],
          [`Describe${kind}Job`, (request: Request) => describe(this.known(request[`${kind}JobName`]))],
          [`Stop${kind}Job`, (request: Request) => this.stop(this.known(request[`${kind}JobName`]))],
        ]),
      ),
    )
    return this.service.endpoint
  }

  async close(): Promise<void> {
    for (const job of this.jobs.values()) job.machine?.kill()
    await Promise.all(this.running)
    await this.service?.close()
  }

  /** The newest job of a stage. */
  latest(stage: StageName): Job | null {
    return [...this.jobs.values()].filter((job) => job.stage === stage).at(-1) ?? null
  }

  /** Takes the spot machine of a job away; SageMaker starts the job anew on the next, its checkpoints brought back. */
  async interrupt(job: Job): Promise<void> {
    job.secondary = 'Interrupted'
    await job.machine?.stop()
  }

  /** What happens at a job's MaxRuntimeInSeconds, also before that time has come. */
  async reachLimit(job: Job): Promise<void> {
    job.secondary = 'MaxRuntimeExceeded'
    await job.machine?.stop()
  }

  private known(name: unknown): Job {
    const job = this.jobs.get(String(name))
    if (!job) throw new ServiceError('ValidationException', `Requested resource not found: ${String(name)}`)
    return job
  }

  private create(request: Request): unknown {
    const { stage, name, maxSeconds } = jobOf(request)
    const refusal = this.refusals.findIndex((one) => one.stage === stage)
    if (refusal >= 0) throw this.refusals.splice(refusal, 1)[0]?.error
    if (this.jobs.has(name)) throw new ServiceError('ResourceInUse', `Job ${name} exists`)
    if (!/^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/.test(name)) throw new ServiceError('ValidationException', `bad name ${name}`)
    const job: Job = {
      name,
      stage,
      request,
      status: 'InProgress',
      secondary: 'Starting',
      reason: null,
      started: null,
      ended: null,
      scene: '',
      machine: null,
      starts: 0,
    }
    this.jobs.set(name, job)
    const work = this.run(job, maxSeconds).catch((error: unknown) => fail(job, `InternalServerError: ${String(error)}`))
    this.running.add(work)
    void work.finally(() => this.running.delete(work))
    return { [stage === '3dgs' ? 'TrainingJobArn' : 'ProcessingJobArn']: `arn:aws:sagemaker:us-east-1:000000000000:job/${name}` }
  }

  private async run(job: Job, maxSeconds: number): Promise<void> {
    const lack = this.lacks.findIndex((one) => one.stage === job.stage)
    if (lack >= 0) return fail(job, this.lacks.splice(lack, 1)[0]?.reason ?? '')
    let code = await this.once(job, maxSeconds)
    while (job.secondary === 'Interrupted') code = await this.once(job, maxSeconds)
    end(job, code)
  }

  private async once(job: Job, maxSeconds: number): Promise<{ code: number; said: string }> {
    const ml = join(this.options.folder, job.name, String(++job.starts))
    rmSync(ml, { recursive: true, force: true })
    mkdirSync(join(ml, 'output'), { recursive: true })
    const machine = new Machine(job.request, ml, this.options.outside)
    job.secondary = 'Downloading'
    await machine.bring()
    job.machine = machine
    job.started ??= new Date()
    if (job.status === 'Stopping') return { code: 0, said: '' }
    job.secondary = 'Training'
    const limit = setTimeout(() => void this.reachLimit(job), maxSeconds * 1000)
    const code = await machine.work(this.options.entryOf(job.stage), job.stage)
    clearTimeout(limit)
    job.scene = await machine.carryResult()
    const file = join(ml, 'output', 'failure')
    return { code, said: existsSync(file) ? readFileSync(file, 'utf8').slice(0, 1024) : machine.said() }
  }

  private async stop(job: Job): Promise<void> {
    if (job.status !== 'InProgress')
      throw new ServiceError('ValidationException', `The job ${job.name} cannot be stopped: it is ${job.status}`)
    job.status = 'Stopping'
    await job.machine?.stop()
  }
}

function fail(job: Job, reason: string): void {
  Object.assign(job, { status: 'Failed', secondary: 'Failed', reason, ended: new Date() } satisfies Partial<Job>)
}

function end(job: Job, { code, said }: { code: number; said: string }): void {
  if (job.status === 'Stopping' || job.secondary === 'MaxRuntimeExceeded') {
    job.status = 'Stopped'
    if (job.secondary !== 'MaxRuntimeExceeded') job.secondary = 'Stopped'
    job.ended = new Date()
  } else if (code === 0) {
    Object.assign(job, { status: 'Completed', secondary: 'Completed', ended: new Date() } satisfies Partial<Job>)
  } else fail(job, `AlgorithmError: ${said}, exit code: ${code}`)
}

/** The job in the words of DescribeProcessingJob and DescribeTrainingJob. */
export function describe(job: Job): Record<string, unknown> {
  const seconds = job.started && job.ended ? Math.ceil((job.ended.getTime() - job.started.getTime()) / 1000) : undefined
  const usual = { ...job.request, CreationTime: time(job.started ?? new Date()), FailureReason: job.reason ?? undefined }
  if (job.stage === '3dgs')
    return {
      ...usual,
      TrainingJobStatus: job.status,
      SecondaryStatus: job.secondary,
      TrainingStartTime: time(job.started),
      TrainingEndTime: time(job.ended),
      BillableTimeInSeconds: seconds,
      ModelArtifacts: { S3ModelArtifacts: job.scene },
    }
  return { ...usual, ProcessingJobStatus: job.status, ProcessingStartTime: time(job.started), ProcessingEndTime: time(job.ended) }
}
