import { type ChildProcess, spawn } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { jobOf } from '../../core/pipeline/job.ts'
import type { StageName } from '../../core/run/events.ts'
import type { Entry } from './sagemaker.ts'

/** The bucket as a machine sees it. */
export type Outside = {
  readonly list: (prefix: string) => Promise<string[]>
  readonly get: (key: string) => Promise<Buffer>
  readonly put: (key: string, bytes: Buffer) => Promise<void>
}

type Request = Readonly<Record<string, unknown>>
type Source = { readonly uri: string; readonly folder: string; readonly manifest: boolean }

const keyOf = (uri: string): string => uri.replace(/^s3:\/\/[^/]+\//, '').replace(/\/+$/, '')

/** One machine of a job: folders as /opt/ml has them, input brought in, the entry point run, what it writes carried out as it grows. */
export class Machine {
  private child: ChildProcess | null = null
  private ended: Promise<number> | null = null
  private log = ''
  private kept: string
  private readonly carried = new Map<string, string>()
  private readonly request: Request
  private readonly ml: string
  private readonly outside: Outside

  constructor(request: Request, ml: string, outside: Outside) {
    this.request = request
    this.ml = ml
    this.outside = outside
    this.kept = join(ml, 'checkpoints')
  }

  private get training(): boolean {
    return 'TrainingJobName' in this.request
  }

  async bring(): Promise<void> {
    for (const { uri, folder, manifest } of this.sources()) {
      mkdirSync(folder, { recursive: true })
      if (manifest) await this.bringListed(uri, folder)
      else await this.bringBelow(keyOf(uri), folder)
    }
    if (!this.training) {
      mkdirSync(join(this.ml, 'processing', 'output'), { recursive: true })
      return
    }
    mkdirSync(join(this.ml, 'input', 'config'), { recursive: true })
    writeFileSync(join(this.ml, 'input', 'config', 'hyperparameters.json'), JSON.stringify(this.request['HyperParameters']))
    for (const name of ['checkpoints', 'model']) mkdirSync(join(this.ml, name), { recursive: true })
    await this.bringBelow(keyOf(this.checkpoints()), join(this.ml, 'checkpoints'))
  }

  /** Runs the stage to its end; returns its exit code. */
  async work(entry: Entry, stage: StageName): Promise<number> {
    const environment = this.request['Environment'] as Record<string, string>
    const env = { ...process.env, ...environment, SPACEPORT_ML_ROOT: this.ml }
    const words = entry.flags ? this.flags(stage) : this.training ? ['train'] : []
    const failure = join(this.ml, ...(this.training ? ['model'] : ['processing', 'output']), 'failure.json')
    const child = spawn(entry.command, [...entry.args, ...words], { cwd: entry.cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
    this.child = child
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => (this.log = `${this.log}${String(chunk)}`.slice(-4000)))
    this.ended = new Promise((resolve) => child.once('exit', (code) => resolve(code ?? 137)))
    const carrying = this.carryWhile(this.ended)
    const code = await this.ended
    await carrying
    // The real entry points write this file for SageMaker themselves; with the flags there is only their failure.json.
    if (entry.flags && existsSync(failure)) cpSync(failure, join(this.ml, 'output', 'failure'))
    return code
  }

  said(): string {
    return this.log.trim().split('\n').at(-1)?.slice(0, 300) ?? ''
  }

  /** SIGTERM, and SIGKILL two minutes later, as SageMaker does. */
  async stop(): Promise<void> {
    this.child?.kill('SIGTERM')
    const last = setTimeout(() => this.child?.kill('SIGKILL'), 120_000)
    await this.ended
    clearTimeout(last)
  }

  kill(): void {
    this.child?.kill('SIGKILL')
  }

  /** The model of a training job, uploaded after its end; where it lies. */
  async carryResult(): Promise<string> {
    if (!this.training) return ''
    const { S3OutputPath } = this.request['OutputDataConfig'] as { S3OutputPath: string }
    const place = `${S3OutputPath}/${jobOf(this.request).name}/output/model`
    await this.carry(join(this.ml, 'model'), keyOf(place))
    return place
  }

  private sources(): Source[] {
    if (this.training) {
      const channels = this.request['InputDataConfig'] as { ChannelName: string; DataSource: { S3DataSource: { S3Uri: string } } }[]
      return channels.map((one) => ({
        uri: one.DataSource.S3DataSource.S3Uri,
        folder: join(this.ml, 'input', 'data', one.ChannelName),
        manifest: false,
      }))
    }
    const inputs = this.request['ProcessingInputs'] as { S3Input: { S3Uri: string; LocalPath: string; S3DataType: string } }[]
    return inputs.map(({ S3Input }) => ({
      uri: S3Input.S3Uri,
      folder: join(this.ml, S3Input.LocalPath.replace(/^\/opt\/ml\//, '')),
      manifest: S3Input.S3DataType === 'ManifestFile',
    }))
  }

  /** S3Prefix is a prefix, not a folder: the file of that very name comes too. */
  private async bringBelow(prefix: string, folder: string): Promise<void> {
    for (const key of await this.outside.list(prefix)) {
      const name = key === prefix ? (key.split('/').at(-1) ?? '') : key.startsWith(`${prefix}/`) ? key.slice(prefix.length + 1) : null
      if (name !== null && name !== '') await this.bringOne(key, join(folder, name))
    }
  }

  private async bringListed(uri: string, folder: string): Promise<void> {
    const [first, ...names] = JSON.parse((await this.outside.get(keyOf(uri))).toString()) as [{ prefix: string }, ...string[]]
    for (const name of names) await this.bringOne(`${keyOf(first.prefix)}/${name}`, join(folder, name))
  }

  private async bringOne(key: string, file: string): Promise<void> {
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, await this.outside.get(key))
  }

  private checkpoints(): string {
    return (this.request['CheckpointConfig'] as { S3Uri: string }).S3Uri
  }

  private flags(stage: StageName): string[] {
    const file = join(this.ml, 'settings.json')
    const text = this.training ? JSON.stringify(this.request['HyperParameters']) : JSON.stringify(jobOf(this.request).settings)
    writeFileSync(file, text)
    // The real entry points write their checkpoints to SageMaker's folder and read them there; with the flags both are OUT.
    this.kept = join(this.ml, 'model')
    if (this.training) cpSync(join(this.ml, 'checkpoints'), this.kept, { recursive: true })
    const [input, out] = stage === '3dgs' ? ['input/data', 'model'] : ['processing/input', 'processing/output']
    return ['--in', join(this.ml, input), '--out', join(this.ml, out), '--settings', file]
  }

  private async carryWhile(ended: Promise<unknown>): Promise<void> {
    const over = ended.then(() => true)
    for (;;) {
      const done = await Promise.race([over, new Promise<false>((resolve) => setTimeout(() => resolve(false), 200))])
      await this.carryContinuous()
      if (done) return
    }
  }

  private async carryContinuous(): Promise<void> {
    if (this.training) return this.carry(this.kept, keyOf(this.checkpoints()))
    const { Outputs } = this.request['ProcessingOutputConfig'] as { Outputs: { S3Output: { S3Uri: string } }[] }
    return this.carry(join(this.ml, 'processing', 'output'), keyOf(Outputs[0]?.S3Output.S3Uri ?? ''))
  }

  /** Sends what is new or has changed since it was last looked at. */
  private async carry(folder: string, prefix: string): Promise<void> {
    for (const { name, stamp, file } of filesBelow(folder)) {
      if (this.carried.get(`${prefix}/${name}`) === stamp || name.endsWith('.part')) continue
      const bytes = readOrNull(file)
      if (bytes === null) continue
      await this.outside.put(`${prefix}/${name}`, bytes)
      this.carried.set(`${prefix}/${name}`, stamp)
    }
  }
}

function filesBelow(folder: string): { name: string; file: string; stamp: string }[] {
  const found = []
  for (const name of namesIn(folder)) {
    const file = join(folder, name)
    try {
      const { size, mtimeMs } = statSync(file)
      found.push({ name: name.replaceAll('\\', '/'), file, stamp: `${size} ${mtimeMs}` })
    } catch {
      // Renamed or removed by the stage meanwhile: it is looked at again.
    }
  }
  return found
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((one) => one.isFile())
      .map((one) => join(one.parentPath, one.name).slice(folder.length + 1))
  } catch {
    return []
  }
}

function readOrNull(file: string): Buffer | null {
  try {
    return readFileSync(file)
  } catch {
    return null
  }
}
