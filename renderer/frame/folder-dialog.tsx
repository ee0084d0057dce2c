import { ArrowUp, Folder, Images } from 'lucide-react'
import { useEffect, useState } from 'react'
import type { FolderEntry, FolderListing } from '../../core/contract.ts'
import type { Problem } from '../../core/problem.ts'
import { useDesk, useMirror } from '../desk.ts'
import { plural } from '../format.ts'
import { Button, IconButton } from '../parts/button.tsx'
import { Modal } from '../parts/modal.tsx'

/** The folder chooser of a plain browser: the engine lists, the user walks. */
export function FolderDialog() {
  const open = useMirror((state) => state.dialog === 'folders')
  const { intents } = useDesk()
  return open ? <OpenDialog onClose={intents.closeDialog} /> : null
}

function OpenDialog({ onClose }: { readonly onClose: () => void }) {
  const { intents } = useDesk()
  const [path, setPath] = useState<string | null>(null)
  const { listing, trouble } = useListing(path)
  const choose = () => {
    onClose()
    if (listing) void intents.openFolder(listing.path)
  }
  const foot = (
    <>
      <UploadButton onDone={onClose} />
      <span className="grow" />
      <Button onClick={onClose}>Cancel</Button>
      <Button tone="primary" disabled={!listing || listing.photoCount === 0} onClick={choose}>
        {listing && listing.photoCount > 0 ? `Open ${plural(listing.photoCount, 'photo')}` : 'Open folder'}
      </Button>
    </>
  )
  return (
    <Modal open wide title="Choose a folder of photos" onClose={onClose} foot={foot}>
      <div className="row browse-path">
        <IconButton label="Folder above" icon={ArrowUp} disabled={!listing?.parent} onClick={() => setPath(listing?.parent ?? null)} />
        <code className="mono clip grow">{listing?.path ?? ''}</code>
      </div>
      {trouble && (
        <p role="alert" className="tone-bad">
          {trouble.what} {trouble.remedy}
        </p>
      )}
      <ul className="browse">
        {listing?.folders.map((folder) => (
          <FolderLine key={folder.path} folder={folder} onOpen={() => setPath(folder.path)} />
        ))}
        {listing && listing.folders.length === 0 && <li className="quiet browse-none">No folders in here.</li>}
      </ul>
    </Modal>
  )
}

function FolderLine({ folder, onOpen }: { readonly folder: FolderEntry; readonly onOpen: () => void }) {
  const Icon = folder.photoCount > 0 ? Images : Folder
  return (
    <li>
      <button type="button" onClick={onOpen}>
        <Icon size={16} strokeWidth={1.75} className={folder.photoCount > 0 ? 'tone-info' : 'quiet'} aria-hidden />
        <span className="grow clip">{folder.name}</span>
        {folder.photoCount > 0 && (
          <span className="quiet" data-source="folders.browse">
            {plural(folder.photoCount, 'photo')}
          </span>
        )}
      </button>
    </li>
  )
}

/** What the engine lists at a path. The question is asked when the path changes; an answer that comes late is dropped. */
function useListing(path: string | null): { listing: FolderListing | null; trouble: Problem | null } {
  const { intents } = useDesk()
  const [answer, setAnswer] = useState<{ listing: FolderListing | null; trouble: Problem | null }>({ listing: null, trouble: null })
  useEffect(() => {
    let current = true
    const ask = async () => {
      const reply = await intents.browse(path)
      if (current)
        setAnswer((old) => (reply.ok ? { listing: reply.value, trouble: null } : { listing: old.listing, trouble: reply.problem }))
    }
    void ask()
    return () => {
      current = false
    }
  }, [path, intents])
  return answer
}

/** A browser may not name folders of the disk: this hands their files to the host instead. */
function UploadButton({ onDone }: { readonly onDone: () => void }) {
  const { intents } = useDesk()
  return (
    <label className="button button-quiet upload">
      From this browser
      <input
        type="file"
        multiple
        className="only-read"
        {...{ webkitdirectory: '' }}
        onChange={(event) => {
          onDone()
          void intents.takeFiles([...(event.target.files ?? [])])
        }}
      />
    </label>
  )
}
