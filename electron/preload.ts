import { contextBridge, ipcRenderer, webUtils } from 'electron'
import type { Bridge, Change } from '../core/contract.ts'
import type { Dropped } from '../engine/hosts/drop.ts'
import { artefactOrigin } from './addresses.ts'
import { channels } from './channels.ts'

// A DataTransfer does not cross into this world, the event does: the paths are read here, before the screens hear of the drop.
let droppedPaths: readonly string[] = []
window.addEventListener(
  'drop',
  (event) => {
    droppedPaths = [...(event.dataTransfer?.files ?? [])].map((file) => webUtils.getPathForFile(file)).filter((path) => path !== '')
  },
  true,
)

ipcRenderer.on(channels.go, (_event, address: string) => {
  window.location.hash = `#/${address}`
})

const call: Bridge['call'] = (name, input) => ipcRenderer.invoke(channels.call, name, input)

const subscribe: Bridge['subscribe'] = (hear) => {
  const listen = (_event: unknown, change: Change) => hear(change)
  ipcRenderer.on(channels.change, listen)
  return () => void ipcRenderer.off(channels.change, listen)
}

contextBridge.exposeInMainWorld('spaceport', {
  kind: 'electron',
  call,
  subscribe,
  artefactUrl: (path: string) => `${artefactOrigin}/${path.replace(/^\/+/, '').replace(/^artefact\//, '')}`,
  chooseFolder: (): Promise<string | null> => ipcRenderer.invoke(channels.chooseFolder),
  takeDrop: (): Promise<Dropped> => ipcRenderer.invoke(channels.takePaths, droppedPaths),
})
