import { type StageName, stageNames } from '../../../core/run/events.ts'
import type { RunSettings } from '../../../core/run/settings.ts'
import { stageWord } from '../../capture-words.ts'
import { useMirror } from '../../desk.ts'
import { count, plural } from '../../format.ts'
import { reusableKey } from '../../intents/runs.ts'
import { StateGlyph } from '../../parts/state-glyph.tsx'

type Props = { readonly settings: RunSettings; readonly captureId: string; readonly inRun: number }

/** What the run will do, stage by stage, and what it need not do again. */
export function WillHappen({ settings, captureId, inRun }: Props) {
  const heldOut = settings.train.holdOutEvery > 0 ? Math.ceil(inRun / settings.train.holdOutEvery) : 0
  return (
    <aside className="will-happen" aria-label="What will happen">
      <h2>What will happen</h2>
      <Stages settings={settings} captureId={captureId} inRun={inRun} />
      <p className="soft" data-source="core/run/settings">
        {heldOut > 0
          ? `${plural(heldOut, 'photo')} of ${count(inRun)} ${heldOut === 1 ? 'is' : 'are'} held out of training: quality is measured on ${heldOut === 1 ? 'it' : 'them'} only.`
          : 'No photo is held out: quality will not be measured.'}
      </p>
      <p className="soft">You can stop at any time and keep what is there. Closing the window loses nothing.</p>
    </aside>
  )
}

function Stages({ settings, captureId, inRun }: Props) {
  const reusable = useMirror((state) => state.reusable.get(reusableKey(captureId, settings)))
  const doing = stageDoings(settings, inRun)
  return (
    <ol>
      {stageNames.map((stage) => {
        const reused = reusable?.includes(stage) ?? false
        return (
          <li key={stage}>
            <StateGlyph state={reused ? 'reused' : 'waiting'} />
            <span>
              <b>{stageWord(stage)}</b>
              <span className="soft" data-source="runs.reusable, core/run/settings">
                {reused ? 'Reused from the stage cache: not done again.' : doing[stage]}
              </span>
            </span>
          </li>
        )
      })}
    </ol>
  )
}

function stageDoings({ train }: RunSettings, inRun: number): Readonly<Record<StageName, string>> {
  return {
    sfm: `Finds where each of ${plural(inRun, 'photo')} was taken.`,
    '3dgs': `Trains ${count(train.iterations)} iterations; first preview at iteration ${count(train.previewAt[0] ?? train.checkpointEvery)}.`,
    compression: 'Writes scene.sog and scene.spz and reads both back.',
  }
}
