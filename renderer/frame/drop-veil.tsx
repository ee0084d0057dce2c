import { FolderDown } from 'lucide-react'
import { type DragEvent, type ReactNode, useRef, useState } from 'react'
import { useDesk, useMirror } from '../desk.ts'
import { count } from '../format.ts'
import { CountBar } from '../parts/count-bar.tsx'

/** The window as a place to drop on: any room takes a folder of photos or a scene. */
export function DropVeil({ children }: { readonly children: ReactNode }) {
  const { intents } = useDesk()
  const [over, setOver] = useState(false)
  const depth = useRef(0)
  const hasFiles = (event: DragEvent) => event.dataTransfer.types.includes('Files')
  const enter = (step: number) => (event: DragEvent) => {
    if (!hasFiles(event)) return
    event.preventDefault()
    depth.current += step
    setOver(depth.current > 0)
  }
  const drop = (event: DragEvent) => {
    if (!hasFiles(event)) return
    event.preventDefault()
    depth.current = 0
    setOver(false)
    void intents.drop(event.dataTransfer)
  }
  return (
    <div
      className="window"
      onDragEnter={enter(1)}
      onDragLeave={enter(-1)}
      onDragOver={(event) => hasFiles(event) && event.preventDefault()}
      onDrop={drop}
    >
      {children}
      {over && (
        <div className="veil">
          <div className="veil-card">
            <FolderDown size={24} strokeWidth={1.5} aria-hidden />
            <p>Drop a folder of photos</p>
            <p className="soft">It starts a capture. A scene file opens in the viewer.</p>
          </div>
        </div>
      )}
      <Taking />
    </div>
  )
}

/** Files on their way to the loopback host, counted. */
function Taking() {
  const taking = useMirror((state) => state.taking)
  if (!taking) return null
  return (
    <div className="taking" role="status">
      <p data-source="import">
        Taking in {count(taking.done)} of {count(taking.total)} files
      </p>
      <CountBar done={taking.done} total={taking.total} label="Files taken in" />
    </div>
  )
}
