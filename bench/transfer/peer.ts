import { spawn, spawnSync } from 'node:child_process'
import { rootKey } from '../../engine/cloud/testing/versitygw.ts'

/** What a child process took. */
export type Taken = { readonly wallS: number; readonly cpuS: number }

/** Where rclone is, or null. */
export function hasRclone(): boolean {
  return spawnSync('rclone', ['version'], { stdio: 'ignore' }).status === 0
}

/** Runs a program to its end through the shell's own clock: user and system time of the child and its children. */
export async function timed(command: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Taken> {
  const started = performance.now()
  const words = ['-c', 'TIMEFORMAT="%U %S"; time "$@"', 'bash', ...command]
  const child = spawn('bash', words, { env: { ...process.env, ...env }, stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  child.stderr.on('data', (chunk) => (said += String(chunk)))
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
  if (code !== 0) throw new Error(`${command[0]} ended with ${code}: ${said}`)
  const [user = 0, system = 0] = (said.trim().split('\n').at(-1) ?? '').split(' ').map(Number)
  return { wallS: (performance.now() - started) / 1000, cpuS: user + system }
}

/** rclone between a folder and the server, eight at once. */
export function rclone(from: string, to: string, endpoint: string): Promise<Taken> {
  const env = {
    RCLONE_CONFIG_PEER_TYPE: 's3',
    RCLONE_CONFIG_PEER_PROVIDER: 'Other',
    RCLONE_CONFIG_PEER_ACCESS_KEY_ID: rootKey.accessKeyId,
    RCLONE_CONFIG_PEER_SECRET_ACCESS_KEY: rootKey.secretAccessKey,
    RCLONE_CONFIG_PEER_ENDPOINT: endpoint,
    RCLONE_CONFIG_PEER_REGION: 'us-east-1',
    RCLONE_CONFIG_PEER_FORCE_PATH_STYLE: 'true',
  }
  // versitygw is slow to say 100-continue, and rclone waits a second a file for it: that is not the race.
  // An AWS_CA_BUNDLE in the environment makes rclone fail over plain HTTP as well.
  return timed(
    [
      'env',
      '-u',
      'AWS_CA_BUNDLE',
      'rclone',
      '--config',
      '',
      'copy',
      '--transfers',
      '8',
      '--s3-no-check-bucket',
      '--expect-continue-timeout',
      '0',
      from,
      to,
    ],
    env,
  )
}
