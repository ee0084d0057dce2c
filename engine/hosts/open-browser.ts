import { spawn } from 'node:child_process'

/** The command that opens an address in the default browser, or null where there is no display to open it on. */
export function openerOf(
  platform: NodeJS.Platform = process.platform,
  env: NodeJS.ProcessEnv = process.env,
): { readonly file: string; readonly args: readonly string[] } | null {
  if (platform === 'darwin') return { file: 'open', args: [] }
  // rundll32 takes the address as one word; cmd's start would cut it at "&".
  if (platform === 'win32') return { file: 'rundll32', args: ['url.dll,FileProtocolHandler'] }
  return env['DISPLAY'] || env['WAYLAND_DISPLAY'] ? { file: 'xdg-open', args: [] } : null
}

/** Opens an address in the default browser; false where that is not possible here. */
export async function openInBrowser(url: string): Promise<boolean> {
  const opener = openerOf()
  if (opener === null) return false
  const child = spawn(opener.file, [...opener.args, url], { stdio: 'ignore', detached: true })
  child.unref()
  return await new Promise((done) => {
    child.once('error', () => done(false))
    child.once('spawn', () => done(true))
  })
}
