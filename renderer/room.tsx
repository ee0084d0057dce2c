import { lazy, Suspense } from 'react'
import { useDesk, useMirror } from './desk.ts'
import { FaultGuard } from './parts/fault-guard.tsx'
import { hashOf } from './place.ts'
import { EmptyCapture } from './rooms/capture/empty-capture.tsx'

const CaptureRoom = lazy(async () => ({ default: (await import('./rooms/capture/capture-room.tsx')).CaptureRoom }))
const RunRoom = lazy(async () => ({ default: (await import('./rooms/run/run-room.tsx')).RunRoom }))
const ViewerRoom = lazy(async () => ({ default: (await import('./rooms/viewer/viewer-room.tsx')).ViewerRoom }))
const LibraryRoom = lazy(async () => ({ default: (await import('./rooms/library/library-room.tsx')).LibraryRoom }))
const SettingsRoom = lazy(async () => ({ default: (await import('./rooms/settings/settings-room.tsx')).SettingsRoom }))
const Gallery = lazy(async () => ({ default: (await import('./gallery/gallery.tsx')).Gallery }))

/** The room that the address names. */
export function Room() {
  const { intents } = useDesk()
  const place = useMirror((state) => state.place)
  return (
    <FaultGuard
      where={hashOf(place)}
      remedies={(again) => [
        { label: 'Show it again', act: again },
        { label: 'Open the library', act: () => intents.go({ room: 'library' }) },
      ]}
    >
      <Suspense fallback={null}>
        <OpenRoom />
      </Suspense>
    </FaultGuard>
  )
}

function OpenRoom() {
  const place = useMirror((state) => state.place)
  switch (place.room) {
    case 'new':
      return <EmptyCapture />
    case 'capture':
      return <CaptureRoom key={place.captureId} captureId={place.captureId} />
    case 'run':
      return <RunRoom key={`${place.captureId} ${place.runId}`} captureId={place.captureId} runId={place.runId} />
    case 'scene':
      return <ViewerRoom key={place.path ?? place.runId ?? place.captureId} place={place} />
    case 'library':
      return <LibraryRoom />
    case 'settings':
      return <SettingsRoom section={place.section} />
    case 'gallery':
      return <Gallery />
  }
}
