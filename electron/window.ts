import path from 'node:path'
import { BrowserWindow, session, shell, type WebContents } from 'electron'
import { isOwnPage, startAddress } from './addresses.ts'

/** The window's own switches; none of them may be loosened. */
const hardened = {
  sandbox: true,
  contextIsolation: true,
  nodeIntegration: false,
  nodeIntegrationInWorker: false,
  webviewTag: false,
  webSecurity: true,
  spellcheck: false,
} as const

// Pages of the help that may open in the system's browser; everything else stays closed.
const outside = ['https://github.com/']

/** Opens the one window on the screens. */
export async function openWindow(preload: string, address: string | null): Promise<BrowserWindow> {
  const window = new BrowserWindow({
    width: 1440,
    height: 900,
    minWidth: 1024,
    minHeight: 680,
    title: 'Spaceport',
    backgroundColor: '#101214',
    show: false,
    webPreferences: { ...hardened, preload: path.resolve(preload) },
  })
  window.once('ready-to-show', () => window.show())
  await window.loadURL(address === null ? startAddress : `${startAddress}#/${address}`)
  return window
}

/** Refuses permissions: the screens need neither camera nor place nor anything else that a page can ask for. */
export function denyPermissions(): void {
  session.defaultSession.setPermissionRequestHandler((_contents, _permission, answer) => answer(false))
  session.defaultSession.setPermissionCheckHandler(() => false)
  session.defaultSession.setDevicePermissionHandler(() => false)
}

/** Keeps any page at home: no leaving, no new windows, no embedded pages. */
export function lockDown(contents: WebContents): void {
  contents.on('will-navigate', (event, address) => isOwnPage(address) || event.preventDefault())
  contents.on('will-frame-navigate', (event) => isOwnPage(event.url) || event.preventDefault())
  contents.on('will-redirect', (event, address) => isOwnPage(address) || event.preventDefault())
  contents.on('will-attach-webview', (event) => event.preventDefault())
  contents.setWindowOpenHandler(({ url }) => {
    if (outside.some((prefix) => url.startsWith(prefix))) void shell.openExternal(url)
    return { action: 'deny' }
  })
}
