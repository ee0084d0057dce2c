import { existsSync } from 'node:fs'
import path from 'node:path'
import { problem, ProblemError } from '../../core/problem.ts'
import type { Engine } from '../engine.ts'
import { openInBrowser } from './open-browser.ts'
import { type BrowserHost, openBrowserHost } from './browser-host.ts'

export type ServeOptions = { readonly home: string; readonly program: string; readonly port?: number; readonly log: (line: string) => void }
export type Serving = { readonly startUrl: string; readonly engine: Engine; readonly close: () => Promise<void> }

/** Opens the engine with the browser host on it. Closing leaves everything resumable. */
export async function serve({ home, program, port, log }: ServeOptions): Promise<Serving> {
  const screens = path.join(program, 'dist', 'renderer')
  if (!existsSync(path.join(screens, 'index.html')))
    throw new ProblemError(
      problem('setup/missing', 'Set-up has not been run: the screens are not built.', `Run "npm run setup" in ${program}.`),
    )
  const { openEngine } = await import('../engine.ts')
  const engine = await openEngine({ kind: 'browser', home, program, now: () => new Date(), log, openOutside: openInBrowser })
  const host = await hostOn(engine, { screens, log, ...(port === undefined ? {} : { port }) })
  const close = async () => {
    await host.close()
    await engine.close()
  }
  return { startUrl: host.startUrl, engine, close }
}

async function hostOn(
  engine: Engine,
  options: { readonly screens: string; readonly port?: number; readonly log: (line: string) => void },
): Promise<BrowserHost> {
  try {
    return await openBrowserHost({ engine, ...options })
  } catch (error) {
    await engine.close()
    throw error
  }
}
