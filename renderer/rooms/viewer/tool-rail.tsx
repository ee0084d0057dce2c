import { Aperture, Frame, Orbit, Plane, RotateCcw, Ruler as RulerIcon, SunMedium } from 'lucide-react'
import { Popover } from '@base-ui/react/popover'
import { decimal } from '../../format.ts'
import { Button, IconButton } from '../../parts/button.tsx'
import { Slider } from '../../parts/slider.tsx'
import type { Readout } from './readout.ts'
import type { Stage } from './stage.ts'

type Props = { readonly stage: Stage | null; readonly readout: Readout; readonly hasCameras: boolean }

/** How to move and what to show, at the left of the stage. */
export function ToolRail({ stage, readout, hasCameras }: Props) {
  return (
    <div className="tool-rail stage-float" role="toolbar" aria-label="Stage" aria-orientation="vertical">
      <IconButton label="Orbit" keys="O" icon={Orbit} pressed={readout.mode === 'orbit'} onClick={() => stage?.setMode('orbit')} />
      <IconButton
        label="Fly"
        keys="V, then W A S D Q E"
        icon={Plane}
        pressed={readout.mode === 'fly'}
        onClick={() => stage?.setMode('fly')}
      />
      <hr />
      <IconButton label="Frame all" keys="F" icon={Frame} onClick={() => stage?.frame()} />
      <IconButton label="First view" keys="R" icon={RotateCcw} onClick={() => stage?.reset()} />
      <IconButton
        label="Measure"
        keys="M"
        icon={RulerIcon}
        pressed={readout.ruler !== null}
        disabled={readout.state !== 'shown'}
        onClick={() => stage?.setMeasuring(readout.ruler === null)}
      />
      <hr />
      <IconButton
        label="Photo cameras"
        keys="C"
        icon={Aperture}
        pressed={readout.showCameras && hasCameras}
        disabled={!hasCameras}
        onClick={() => stage?.setShowCameras(!readout.showCameras)}
      />
      <Exposure stage={stage} readout={readout} />
    </div>
  )
}

function Exposure({ stage, readout }: { readonly stage: Stage | null; readonly readout: Readout }) {
  const words = `${readout.ev >= 0 ? '+' : ''}${decimal(readout.ev, 1)} EV`
  return (
    <Popover.Root>
      <Popover.Trigger className="icon-button" aria-label={`Exposure, ${words}`} title={`Exposure, ${words}`}>
        <SunMedium size={16} strokeWidth={1.75} aria-hidden />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Positioner side="right" sideOffset={10} className="floating">
          <Popover.Popup className="popover popover-small" data-theme="dark">
            <div className="row">
              <Popover.Title className="grow">Exposure</Popover.Title>
              <span data-source="splat colours">{words}</span>
            </div>
            <Slider
              label="Exposure"
              min={-3}
              max={3}
              step={0.1}
              value={readout.ev}
              words={words}
              onChange={(ev) => stage?.setExposure(ev)}
            />
            <div className="row">
              <Button
                small
                disabled={readout.autoEv === null || readout.autoEv === readout.ev}
                onClick={() => stage?.setExposure(readout.autoEv ?? 0)}
              >
                Automatic
              </Button>
              <Button small tone="quiet" disabled={readout.ev === 0} onClick={() => stage?.setExposure(0)}>
                As stored
              </Button>
            </div>
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  )
}
