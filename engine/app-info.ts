import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { AppInfo } from '../core/contract.ts'
import { sampleFolder } from './captures.ts'
import type { Host } from './host.ts'

/** What this program is and where it keeps its things. A command line counts as a browser host: it shows no window of its own. */
export function appInfo(host: Host): AppInfo {
  const { version } = JSON.parse(readFileSync(join(host.program, 'package.json'), 'utf8')) as { version: string }
  const kind = host.kind === 'electron' ? 'electron' : 'browser'
  return { version, host: kind, platform: process.platform, home: host.home, sampleAvailable: existsSync(sampleFolder(host)) }
}
