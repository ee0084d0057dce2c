import { z } from 'zod'
import { StageLine } from '../run/stage-line.ts'

/** What one Task state asks for, wherever it runs. `settings`: the stage's settings document. */
export type JobSpec = {
  readonly stage: z.infer<typeof StageName>
  readonly name: string
  readonly inputs: readonly { readonly name: string; readonly uri: string }[]
  readonly settings: Readonly<Record<string, unknown>>
  readonly maxSeconds: number
}

const StageName = StageLine.shape.stage
const stopping = z.object({ MaxRuntimeInSeconds: z.number().positive() })

const Processing = z.object({
  ProcessingJobName: z.string().max(63),
  Environment: z.object({ SPACEPORT_STAGE: StageName, SPACEPORT_SETTINGS: z.string().max(256) }),
  ProcessingInputs: z.array(z.object({ InputName: z.string(), S3Input: z.object({ S3Uri: z.string() }) })),
  StoppingCondition: stopping,
})

const Training = z.object({
  TrainingJobName: z.string().max(63),
  Environment: z.object({ SPACEPORT_STAGE: StageName }),
  HyperParameters: z.record(z.string(), z.string()),
  InputDataConfig: z.array(z.object({ ChannelName: z.string(), DataSource: z.object({ S3DataSource: z.object({ S3Uri: z.string() }) }) })),
  StoppingCondition: stopping,
})

/** Reads the parameters of a Task state, as SageMaker would get them. Throws a ZodError where SageMaker would refuse them. */
export function jobOf(parameters: unknown): JobSpec {
  return isTraining(parameters) ? training(Training.parse(parameters)) : processing(Processing.parse(parameters))
}

function isTraining(parameters: unknown): boolean {
  return typeof parameters === 'object' && parameters !== null && 'TrainingJobName' in parameters
}

function processing(job: z.infer<typeof Processing>): JobSpec {
  return {
    stage: job.Environment.SPACEPORT_STAGE,
    name: job.ProcessingJobName,
    inputs: job.ProcessingInputs.map((one) => ({ name: one.InputName, uri: one.S3Input.S3Uri })),
    settings: JSON.parse(job.Environment.SPACEPORT_SETTINGS) as Record<string, unknown>,
    maxSeconds: job.StoppingCondition.MaxRuntimeInSeconds,
  }
}

function training(job: z.infer<typeof Training>): JobSpec {
  return {
    stage: job.Environment.SPACEPORT_STAGE,
    name: job.TrainingJobName,
    inputs: job.InputDataConfig.map((one) => ({ name: one.ChannelName, uri: one.DataSource.S3DataSource.S3Uri })),
    settings: job.HyperParameters,
    maxSeconds: job.StoppingCondition.MaxRuntimeInSeconds,
  }
}

/** How a stage ended, in the words of DescribeProcessingJob and DescribeTrainingJob: what the state machine reads of them. */
export function describeJob(spec: JobSpec, status: 'Completed' | 'Stopped', uri: string): Record<string, unknown> {
  if (spec.stage === '3dgs') return { TrainingJobName: spec.name, TrainingJobStatus: status, ModelArtifacts: { S3ModelArtifacts: uri } }
  return {
    ProcessingJobName: spec.name,
    ProcessingJobStatus: status,
    ProcessingOutputConfig: { Outputs: [{ OutputName: spec.stage, S3Output: { S3Uri: uri } }] },
  }
}
