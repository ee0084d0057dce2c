import os from 'node:os'
import path from 'node:path'

/** The home folder: SPACEPORT_HOME, or the platform's own place for application data. */
export function homeFolder(env: NodeJS.ProcessEnv = process.env, platform: NodeJS.Platform = process.platform): string {
  if (env['SPACEPORT_HOME']) return path.resolve(env['SPACEPORT_HOME'])
  if (platform === 'win32') return path.join(env['APPDATA'] ?? path.join(os.homedir(), 'AppData', 'Roaming'), 'Spaceport')
  if (platform === 'darwin') return path.join(os.homedir(), 'Library', 'Application Support', 'Spaceport')
  return path.join(env['XDG_DATA_HOME'] ?? path.join(os.homedir(), '.local', 'share'), 'spaceport')
}

/** The root of the program's files, seen from engine/hosts/. */
export const programFolder = path.resolve(import.meta.dirname, '..', '..')
