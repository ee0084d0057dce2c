import {
  ArrowUp,
  Circle,
  CircleCheck,
  CircleDashed,
  CirclePause,
  CloudOff,
  LoaderCircle,
  OctagonX,
  RotateCcw,
  Square,
  TriangleAlert,
  HeartPulse,
  type LucideIcon,
} from 'lucide-react'

export type GlyphState =
  | 'ready'
  | 'risky'
  | 'unusable'
  | 'running'
  | 'uploading'
  | 'paused'
  | 'offline'
  | 'quiet'
  | 'stalled'
  | 'failed'
  | 'stopping'
  | 'stopped'
  | 'done'
  | 'reused'
  | 'waiting'
  | 'unknown'
  | 'info'

type Look = { readonly icon: LucideIcon; readonly tone: 'ok' | 'warn' | 'bad' | 'info' | 'idle'; readonly word: string }

/** The states of shared/screens.md section 2: the shape alone is enough, colour only helps. */
export const looks: Readonly<Record<GlyphState, Look>> = {
  ready: { icon: CircleCheck, tone: 'ok', word: 'ready' },
  done: { icon: CircleCheck, tone: 'ok', word: 'done' },
  reused: { icon: RotateCcw, tone: 'ok', word: 'reused' },
  risky: { icon: TriangleAlert, tone: 'warn', word: 'risky' },
  stalled: { icon: TriangleAlert, tone: 'warn', word: 'stalled' },
  unusable: { icon: OctagonX, tone: 'bad', word: 'unusable' },
  failed: { icon: OctagonX, tone: 'bad', word: 'failed' },
  running: { icon: LoaderCircle, tone: 'info', word: 'running' },
  stopping: { icon: LoaderCircle, tone: 'idle', word: 'stopping' },
  stopped: { icon: Square, tone: 'idle', word: 'stopped' },
  uploading: { icon: ArrowUp, tone: 'info', word: 'sending' },
  offline: { icon: CloudOff, tone: 'idle', word: 'offline' },
  paused: { icon: CirclePause, tone: 'idle', word: 'paused' },
  quiet: { icon: HeartPulse, tone: 'idle', word: 'quiet' },
  waiting: { icon: CircleDashed, tone: 'idle', word: 'not started' },
  unknown: { icon: CircleDashed, tone: 'idle', word: 'unknown' },
  info: { icon: Circle, tone: 'idle', word: 'note' },
}

/** The glyph of a state. `label`: read aloud; without it the glyph stands beside words and is silent. */
export function StateGlyph({ state, size = 16, label }: { readonly state: GlyphState; readonly size?: number; readonly label?: string }) {
  const { icon: Icon, tone } = looks[state]
  const turning = state === 'running' || state === 'stopping'
  return (
    <Icon
      size={size}
      strokeWidth={1.75}
      className={`glyph tone-${tone} ${turning ? 'turning' : ''}`}
      {...(label ? { role: 'img', 'aria-label': label } : { 'aria-hidden': true })}
    />
  )
}
