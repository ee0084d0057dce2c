import { Image as ImageIcon, Sparkles } from 'lucide-react'
import type { SceneCamera } from '../../../core/scene/scene.ts'
import { decimal, shortName } from '../../format.ts'
import { Button } from '../../parts/button.tsx'
import { Kbd } from '../../parts/kbd.tsx'
import { Num } from '../../parts/num.tsx'
import { Segmented } from '../../parts/segmented.tsx'
import { Slider } from '../../parts/slider.tsx'
import type { Readout } from './readout.ts'
import type { Stage } from './stage.ts'

type Props = {
  readonly stage: Stage | null
  readonly readout: Readout
  readonly cameras: readonly SceneCamera[]
  readonly last: string | null
  readonly onJump: (camera: SceneCamera) => void
}

/** The photo against the splat, from the photo's own place. */
export function PhotoBar({ stage, readout, cameras, last, onJump }: Props) {
  const current = cameras.find((one) => one.file === readout.photo)
  if (!current) return <BackToPhoto back={cameras.find((one) => one.file === last)} shown={readout.state === 'shown'} onJump={onJump} />
  return (
    <div className="photo-bar stage-float">
      <b data-source="file name">{shortName(current.file)}</b>
      {current.psnr !== null && (
        <span className="soft">
          held out, <Num value={decimal(current.psnr, 2)} source="3dgs/metrics.json" /> dB
        </span>
      )}
      <Segmented
        label="Picture"
        value={readout.mix > 0.5 ? 'photo' : 'splat'}
        choices={[
          { value: 'photo', label: 'Photo', icon: ImageIcon },
          { value: 'splat', label: 'Splat', icon: Sparkles },
        ]}
        onChoose={(one) => stage?.setMix(one === 'photo' ? 1 : 0)}
      />
      <Slider
        label="Photo over splat"
        min={0}
        max={1}
        step={0.01}
        value={readout.mix}
        words={`${Math.round(readout.mix * 100)} % photo`}
        onChange={(mix) => stage?.setMix(mix)}
      />
      <Kbd keys="Space" />
      <Button small tone="quiet" onClick={() => stage?.leavePhoto()}>
        Leave
      </Button>
    </div>
  )
}

type BackProps = Pick<Props, 'onJump'> & { readonly back: SceneCamera | undefined; readonly shown: boolean }

/** The way back to the photo that was left. */
function BackToPhoto({ back, shown, onJump }: BackProps) {
  if (!back || !shown) return null
  return (
    <div className="photo-bar stage-float">
      <Button small tone="quiet" data-source="file name" onClick={() => onJump(back)}>
        Back to {shortName(back.file)}
      </Button>
    </div>
  )
}
