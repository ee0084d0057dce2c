import { SearchX } from 'lucide-react'
import { useDesk } from '../desk.ts'
import { Button } from './button.tsx'
import { EmptyState } from './empty-state.tsx'

/** A link to a capture that this library does not have, and the way back. */
export function NoCapture({ room }: { readonly room: string }) {
  const { intents } = useDesk()
  return (
    <>
      <h1 className="only-read">{room}</h1>
      <EmptyState
        icon={SearchX}
        title="That capture is not on this machine"
        actions={
          <>
            <Button tone="primary" onClick={() => intents.go({ room: 'library' })}>
              Open the library
            </Button>
            <Button onClick={intents.newCapture}>New capture</Button>
          </>
        }
      >
        It was made elsewhere, or deleted here. Its folder opens as a capture again.
      </EmptyState>
    </>
  )
}
