import { ArrowLeft, ArrowRight, Box, ChevronRight, Search } from 'lucide-react'
import type { CaptureSummary } from '../../core/capture/capture.ts'
import { newestRun, sayRun, sayVerdict, scanCount, shortRun } from '../capture-words.ts'
import { useDesk, useMirror } from '../desk.ts'
import { count, leaf } from '../format.ts'
import { valueOf } from '../mirror-state.ts'
import { IconButton } from '../parts/button.tsx'
import { Kbd } from '../parts/kbd.tsx'
import { type GlyphState, StateGlyph } from '../parts/state-glyph.tsx'
import { captureOf, hashOf, type Place } from '../place.ts'
import { Activity } from './activity.tsx'
import { Logo } from './logo.tsx'

/** The bar above all rooms: history, the capture and its three steps, what is going on. */
export function TopBar() {
  const { intents } = useDesk()
  const place = useMirror((state) => state.place)
  const captures = valueOf(useMirror((state) => state.captures))
  const capture = captures?.get(captureOf(place) ?? '') ?? null
  return (
    <header className="top-bar">
      <a className="top-brand" href={hashOf({ room: 'library' })} aria-label="Spaceport, library">
        <Logo />
        <span className="side-word">Spaceport</span>
      </a>
      <IconButton label="Back" keys="Alt ←" icon={ArrowLeft} onClick={intents.back} />
      <IconButton label="Forward" keys="Alt →" icon={ArrowRight} onClick={intents.forward} />
      {capture ? (
        <Steps capture={capture} place={place} />
      ) : (
        <span className="top-title clip" data-source="address">
          {titleOf(place)}
        </span>
      )}
      <span className="grow" />
      <button type="button" className="top-find" onClick={() => intents.showDialog('palette')}>
        <Search size={16} strokeWidth={1.75} aria-hidden />
        <span className="grow top-find-word">Search or command</span>
        <Kbd keys="Ctrl K" />
      </button>
      <Activity />
    </header>
  )
}

function titleOf(place: Place): string {
  if (place.room === 'scene' && place.path !== null) return leaf(place.path)
  return {
    new: 'New capture',
    library: 'Library',
    settings: 'Settings',
    gallery: 'Gallery of parts',
    capture: '',
    run: '',
    scene: 'Scene',
  }[place.room]
}

function Steps({ capture, place }: { readonly capture: CaptureSummary; readonly place: Place }) {
  const run = useMirror((state) => newestRun(capture, state.runs))
  const { captureId } = capture
  const photos = sayVerdict(capture)
  const scanning = capture.scan.kind === 'scanning'
  const said = run ? sayRun(run.state) : null
  const hasScene = run?.state.kind === 'done' || run?.state.kept === true
  return (
    <>
      <span className="top-title clip" title={capture.name} data-source="captures.list name">
        {capture.name}
      </span>
      <ChevronRight size={16} className="quiet" aria-hidden />
      <nav className="steps" aria-label="Steps of this capture">
        <Step
          to={{ room: 'capture', captureId }}
          on={place.room === 'capture'}
          glyph={scanning ? 'running' : photos.glyph}
          name="Photos"
          note={scanning ? scanCount(capture) : `${count(capture.photoCount)}, ${photos.word.toLowerCase()}`}
        />
        <Step
          to={{ room: 'run', captureId, runId: run?.runId ?? null }}
          on={place.room === 'run'}
          glyph={said?.glyph ?? 'waiting'}
          name="Run"
          note={run ? shortRun(run.state) : ''}
        />
        <Step
          to={{ room: 'scene', captureId, runId: run?.runId ?? null, path: null }}
          on={place.room === 'scene'}
          name="Scene"
          note={hasScene ? 'here' : ''}
          quiet={!hasScene}
          scene
        />
      </nav>
    </>
  )
}

type StepProps = {
  readonly to: Place
  readonly on: boolean
  readonly glyph?: GlyphState | undefined
  readonly name: string
  readonly note: string
  readonly quiet?: boolean
  readonly scene?: boolean
}

function Step({ to, on, glyph, name, note, quiet = false, scene = false }: StepProps) {
  return (
    <a className={`step ${quiet ? 'step-quiet' : ''}`} href={hashOf(to)} aria-current={on ? 'step' : undefined}>
      {glyph && <StateGlyph state={glyph} />}
      {scene && <Box size={16} strokeWidth={1.75} aria-hidden className={quiet ? 'quiet' : 'tone-info'} />}
      <span>{name}</span>
      {note && (
        <span className="quiet step-note" data-source="captures.list">
          {note}
        </span>
      )}
    </a>
  )
}
