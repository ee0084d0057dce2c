import { Ban, FolderDown } from 'lucide-react'
import { type DragEvent, type ReactNode, useState } from 'react'
import { useDesk, useMirror } from '../desk.ts'
import { refusalOf } from '../drop-plan.ts'
import { count } from '../format.ts'
import { CountBar } from '../parts/count-bar.tsx'

/** The window as a place to drop on: any room takes a folder of photos or a scene. */
export function DropVeil({ children }: { readonly children: ReactNode }) {
  const { intents } = useDesk()
  const { over, ...hears } = useDrag((data) => void intents.drop(data))
  return (
    <div className="window" {...hears}>
      {children}
      {over && (
        <div className={over.refusal === null ? 'veil' : 'veil veil-refused'}>
          <div className="veil-card">
            {over.refusal === null ? (
              <FolderDown size={24} strokeWidth={1.5} aria-hidden />
            ) : (
              <Ban size={24} strokeWidth={1.5} aria-hidden />
            )}
            <p>{over.refusal ?? 'Drop a folder of photos'}</p>
            <p className="soft">
              {over.refusal === null
                ? 'It starts a capture. A scene file opens in the viewer.'
                : 'Drop a folder of photos or a scene file.'}
            </p>
          </div>
        </div>
      )}
      <Taking />
    </div>
  )
}

type Drag = { readonly depth: number; readonly refusal: string | null }
const noDrag: Drag = { depth: 0, refusal: null }

/** What is dragged over the window, and the handlers that tell. */
function useDrag(take: (data: DataTransfer) => void) {
  // A drag enters an element before it leaves the one around it: only at depth zero it has left the window.
  const [drag, setDrag] = useState<Drag>(noDrag)
  const ifFiles = (act: (event: DragEvent) => void) => (event: DragEvent) => {
    if (!event.dataTransfer.types.includes('Files')) return
    event.preventDefault()
    act(event)
  }
  const move = (step: number) => (event: DragEvent) => {
    const refusal = refusalFor(event.dataTransfer)
    setDrag(({ depth }) => ({ depth: depth + step, refusal }))
  }
  return {
    over: drag.depth > 0 ? drag : null,
    onDragEnter: ifFiles(move(1)),
    onDragLeave: ifFiles(move(-1)),
    onDragOver: ifFiles((event) => {
      event.dataTransfer.dropEffect = refusalFor(event.dataTransfer) === null ? 'copy' : 'none'
    }),
    onDrop: ifFiles((event) => {
      setDrag(noDrag)
      take(event.dataTransfer)
    }),
  }
}

function refusalFor(data: DataTransfer): string | null {
  return refusalOf([...data.items].map((item) => item.type))
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
