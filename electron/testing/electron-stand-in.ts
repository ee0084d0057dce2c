import { EventEmitter } from 'node:events'

type Handler = (event: unknown, ...given: unknown[]) => unknown
type Answer = (request: Request) => Promise<Response>

/** What the shell did to the stand-in, for tests to look at. */
export const seen = {
  windows: [] as BrowserWindow[],
  ipc: new Map<string, Handler>(),
  protocols: new Map<string, Answer>(),
  privileged: [] as unknown[],
  exposed: new Map<string, Record<string, unknown>>(),
  invoked: [] as { readonly channel: string; readonly given: readonly unknown[] }[],
  permission: { request: null as Handler | null, check: null as (() => boolean) | null },
  notices: [] as Notification[],
  outside: [] as string[],
  errors: [] as string[],
  exits: [] as number[],
  chosen: [] as string[],
  paths: new Map<unknown, string>(),
  /** What the system has to lock secrets with: a keychain, a key that everybody knows (Linux without a keychain), nothing. */
  keychain: 'locked' as 'locked' | 'basic' | 'none',
  /** Whether this process is the first of its home. */
  isFirst: true,
}

/** The contents of a window: events, its top frame, and what was sent into it. */
export class WebContents extends EventEmitter {
  readonly sent: { readonly channel: string; readonly given: readonly unknown[] }[] = []
  mainFrame = { url: '' }
  openHandler: ((details: { url: string }) => { action: string }) | null = null
  setWindowOpenHandler(handler: (details: { url: string }) => { action: string }): void {
    this.openHandler = handler
  }
  send(channel: string, ...given: unknown[]): void {
    this.sent.push({ channel, given })
  }
}

export class BrowserWindow extends EventEmitter {
  readonly webContents = new WebContents()
  readonly progress: number[] = []
  readonly options: { readonly webPreferences: Record<string, unknown> }
  focused = false
  shown = false
  constructor(options: { readonly webPreferences: Record<string, unknown> }) {
    super()
    this.options = options
    seen.windows.push(this)
    app.emit('web-contents-created', {}, this.webContents)
  }
  async loadURL(address: string): Promise<void> {
    this.webContents.mainFrame = { url: address }
    this.emit('ready-to-show')
  }
  show(): void {
    this.shown = true
  }
  focus(): void {
    this.focused = true
  }
  restore(): void {
    this.shown = true
  }
  isMinimized = () => false
  isFocused = () => this.focused
  isDestroyed = () => false
  setProgressBar(value: number): void {
    this.progress.push(value)
  }
}

class App extends EventEmitter {
  readonly isPackaged = false
  readonly paths = new Map<string, string>()
  getAppPath = () => process.cwd()
  setPath = (name: string, value: string) => void this.paths.set(name, value)
  enableSandbox = () => undefined
  requestSingleInstanceLock = () => seen.isFirst
  setAsDefaultProtocolClient = () => true
  whenReady = async () => undefined
  exit = (code: number) => void seen.exits.push(code)
  quit(): void {
    let isHeld = false
    this.emit('before-quit', { preventDefault: () => (isHeld = true) })
    if (!isHeld) this.exit(0)
  }
}
export const app = new App()

class PowerMonitor extends EventEmitter {
  onBattery = false
  isOnBatteryPower = () => this.onBattery
}
export const powerMonitor = new PowerMonitor()

export class Notification extends EventEmitter {
  static isSupported = () => true
  readonly options: { readonly title: string; readonly body: string }
  constructor(options: { readonly title: string; readonly body: string }) {
    super()
    this.options = options
  }
  show(): void {
    seen.notices.push(this)
  }
}

export const ipcMain = {
  handle: (channel: string, handler: Handler) => void seen.ipc.set(channel, handler),
  removeHandler: (channel: string) => void seen.ipc.delete(channel),
}

class IpcRenderer extends EventEmitter {
  async invoke(channel: string, ...given: unknown[]): Promise<unknown> {
    seen.invoked.push({ channel, given })
    return { ok: true, value: null }
  }
}
export const ipcRenderer = new IpcRenderer()

export const contextBridge = { exposeInMainWorld: (name: string, value: Record<string, unknown>) => void seen.exposed.set(name, value) }
export const webUtils = { getPathForFile: (file: unknown) => seen.paths.get(file) ?? '' }
export const protocol = {
  registerSchemesAsPrivileged: (schemes: unknown[]) => void seen.privileged.push(...schemes),
  handle: (scheme: string, answer: Answer) => void seen.protocols.set(scheme, answer),
}
export const session = {
  defaultSession: {
    setPermissionRequestHandler: (handler: Handler) => (seen.permission.request = handler),
    setPermissionCheckHandler: (handler: () => boolean) => (seen.permission.check = handler),
    setDevicePermissionHandler: () => undefined,
  },
}
export const dialog = {
  showOpenDialog: async () => ({ filePaths: seen.chosen }),
  showErrorBox: (title: string, text: string) => void seen.errors.push(`${title}: ${text}`),
}
export const shell = { openExternal: async (url: string) => void seen.outside.push(url) }
/** The system's lock, by a cipher that anybody can see through. */
export const safeStorage = {
  isEncryptionAvailable: () => seen.keychain !== 'none',
  getSelectedStorageBackend: () => (seen.keychain === 'locked' ? 'gnome_libsecret' : 'basic_text'),
  encryptString: (text: string) => Buffer.from(`locked ${Buffer.from(text).toString('hex')}`),
  decryptString: (bytes: Buffer) => Buffer.from(bytes.toString().slice('locked '.length), 'hex').toString(),
}
export const Menu = { buildFromTemplate: (template: unknown) => template, setApplicationMenu: () => undefined }
