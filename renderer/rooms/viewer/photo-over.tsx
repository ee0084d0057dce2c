import type { SceneCamera } from '../../../core/scene/scene.ts'
import { useDesk } from '../../desk.ts'
import { gainOf } from './exposure.ts'
import type { Readout } from './readout.ts'

/** The photo laid over the splat while the camera stands in its pose; exposed as the splat is. */
export function PhotoOver({ readout, cameras }: { readonly readout: Readout; readonly cameras: readonly SceneCamera[] }) {
  const { url } = useDesk()
  const camera = cameras.find((one) => one.file === readout.photo)
  if (!camera) return null
  return (
    <img
      className="photo-over"
      src={url(camera.imageUrl)}
      alt={camera.file}
      style={{ opacity: readout.mix, filter: `brightness(${gainOf(readout.ev)})` }}
    />
  )
}
