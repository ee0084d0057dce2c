import { Copy, Download } from 'lucide-react'
import type { SceneFile } from '../../../core/scene/scene.ts'
import { useDesk } from '../../desk.ts'
import { bytes } from '../../format.ts'
import { IconButton } from '../../parts/button.tsx'
import { Num } from '../../parts/num.tsx'

/** What reads each kind of file, by its ending. */
const readBy: Readonly<Record<string, string>> = {
  sog: 'SuperSplat, PlayCanvas',
  spz: 'SuperSplat, Scaniverse',
  ply: 'every 3DGS program',
  splat: 'SuperSplat',
  ksplat: 'GaussianSplats3D, SuperSplat',
}

/** The files of the scene, to be saved elsewhere or found on this disk. */
export function HandOff({ files }: { readonly files: readonly SceneFile[] }) {
  if (files.length === 0) return null
  return (
    <section>
      <h2>Hand off</h2>
      <ul className="hand-off">
        {files.map((file) => (
          <FileRow key={file.path} file={file} />
        ))}
      </ul>
    </section>
  )
}

function FileRow({ file }: { readonly file: SceneFile }) {
  const { url, intents } = useDesk()
  const ending = file.name.split('.').at(-1)?.toLowerCase() ?? ''
  return (
    <li>
      <span className="grow hand-off-name">
        <b className="clip" title={file.path} data-source="scene file">
          {file.name}
        </b>
        <span className="soft">{readBy[ending] ?? 'this viewer'}</span>
      </span>
      <Num value={bytes(file.bytes)} source="scene file" className="soft" />
      <IconButton label={`Copy the path of ${file.name}`} icon={Copy} onClick={() => void intents.copy(file.path)} />
      <a className="icon-button" href={url(file.url)} download={file.name} aria-label={`Save ${file.name}`} title={`Save ${file.name}`}>
        <Download size={16} strokeWidth={1.75} aria-hidden />
      </a>
    </li>
  )
}
