import '../styles/capture.css'
import '../styles/run.css'
import '../styles/viewer.css'
import '../styles/gallery.css'
import { createDesk, DeskContext } from '../desk.ts'
import { GalleryParts } from './gallery-parts.tsx'
import { GalleryRooms } from './gallery-rooms.tsx'
import { GalleryStates } from './gallery-states.tsx'
import { silentBridge } from './silent-bridge.ts'

const desk = createDesk(silentBridge)

/** Every part in every state, in both themes side by side: what tests photograph and people look at. */
export function Gallery() {
  return (
    <DeskContext value={desk}>
      <div className="gallery scroll">
        <h1>Gallery of parts</h1>
        <p className="soft">Invented values. Both themes; grey-scale copies must still tell the states apart.</p>
        <div className="gallery-themes">
          {(['dark', 'light'] as const).map((theme) => (
            <div key={theme} data-theme={theme} className="gallery-theme">
              <GalleryParts />
              <GalleryRooms />
              <GalleryStates />
            </div>
          ))}
        </div>
      </div>
    </DeskContext>
  )
}
