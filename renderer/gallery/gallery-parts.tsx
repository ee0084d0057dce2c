import { Box, FolderOpen, Images, Map as MapIcon, Play, Waypoints } from 'lucide-react'
import { Button, IconButton } from '../parts/button.tsx'
import { Badge, Chip } from '../parts/chip.tsx'
import { CountBar } from '../parts/count-bar.tsx'
import { EmptyState } from '../parts/empty-state.tsx'
import { FactTable } from '../parts/fact-table.tsx'
import { ProblemCard } from '../parts/problem-card.tsx'
import { Segmented } from '../parts/segmented.tsx'
import { Slider } from '../parts/slider.tsx'
import { type GlyphState, looks, StateGlyph } from '../parts/state-glyph.tsx'
import { Piece } from './piece.tsx'

const nothing = () => undefined

/** The small parts. */
export function GalleryParts() {
  return (
    <>
      <States />
      <Buttons />
      <ChipsAndBadges />
      <ChoicesAndValues />
      <Trouble />
      <Empty />
    </>
  )
}

function States() {
  return (
    <Piece title="States">
      <ul className="gallery-glyphs">
        {(Object.keys(looks) as GlyphState[]).map((state) => (
          <li key={state} className="row">
            <StateGlyph state={state} /> {looks[state].word}
          </li>
        ))}
      </ul>
    </Piece>
  )
}

function Buttons() {
  return (
    <Piece title="Buttons">
      <div className="row gallery-wrap">
        <Button tone="primary" icon={Play}>
          Run on this machine, free
        </Button>
        <Button icon={FolderOpen} keys="Ctrl O">
          Choose folder
        </Button>
        <Button tone="danger">Stop and discard</Button>
        <Button tone="quiet">Quiet</Button>
        <Button tone="link">Link</Button>
        <Button disabled>Disabled</Button>
        <Button tone="primary" disabled>
          Disabled
        </Button>
        <IconButton label="Map" icon={MapIcon} />
        <IconButton label="Links" icon={Waypoints} pressed />
        <IconButton label="Disabled" icon={Box} disabled />
      </div>
    </Piece>
  )
}

function ChipsAndBadges() {
  return (
    <Piece title="Chips and badges">
      <div className="row gallery-wrap">
        <Chip state="failed" count={13} on={false} onToggle={nothing}>
          not linked
        </Chip>
        <Chip state="risky" count={7} on onToggle={nothing}>
          blurred
        </Chip>
        <Chip count={1_234_567} on={false} onToggle={nothing}>
          Unverknüpfte Aufnahmen
        </Chip>
        <Badge tone="ok" state="ready">
          good
        </Badge>
        <Badge tone="warn" state="risky">
          Bridge
        </Badge>
        <Badge tone="bad" state="failed">
          Blurred
        </Badge>
        <Badge tone="info">this machine</Badge>
        <Badge tone="idle">units, not metres</Badge>
      </div>
    </Piece>
  )
}

function ChoicesAndValues() {
  return (
    <Piece title="Choices and values">
      <Segmented
        label="View"
        value="map"
        choices={[
          { value: 'map', label: 'Map', icon: MapIcon },
          { value: 'links', label: 'Links', icon: Waypoints },
          { value: 'off', label: 'Off', disabled: 'No GPS in these photos' },
        ]}
        onChoose={nothing}
      />
      <Slider label="Exposure" value={0.4} min={0} max={1} step={0.1} onChange={nothing} />
      <CountBar done={18_400} total={30_000} label="Iterations" />
      <Facts />
    </Piece>
  )
}

function Trouble() {
  return (
    <Piece title="Trouble">
      <ProblemCard
        problem={{
          code: 'scene/truncated',
          what: 'scene.sog is cut off: 4,200,000 of 11,400,000 bytes are there.',
          remedy: 'Fetch the file again.',
        }}
        remedies={[
          { label: 'Fetch again', act: nothing },
          { label: 'Open the library', act: nothing },
        ]}
        onClose={nothing}
      />
    </Piece>
  )
}

function Empty() {
  return (
    <Piece title="Empty">
      <EmptyState icon={Images} title="No photos yet" actions={<Button tone="primary">Choose folder</Button>}>
        Drop a folder of photos.
      </EmptyState>
    </Piece>
  )
}

function Facts() {
  return (
    <>
      <FactTable
        facts={[
          { label: 'Camera', value: 'DJI FC300S, 20 mm eq.', source: 'EXIF' },
          { label: 'Position', value: null, source: 'EXIF GPS', why: 'no GPS in this photo' },
        ]}
      />
      <FactTable
        end
        facts={[
          { label: 'Held-out PSNR', value: '28.91 dB', source: 'report.json' },
          { label: 'Surface check', value: null, source: 'report.json', why: 'not measured: no reference' },
        ]}
      />
    </>
  )
}
