import { useMemo } from 'react'
import type { RunSummary } from '../../../core/run/run-summary.ts'
import { decimal } from '../../format.ts'
import { LineChart } from '../../parts/line-chart.tsx'
import { Num } from '../../parts/num.tsx'

/** Held-out PSNR where it was measured, and the training loss. */
export function RunCharts({ run }: { readonly run: RunSummary }) {
  return (
    <div className="run-charts">
      <PsnrChart run={run} />
      <LossChart run={run} />
    </div>
  )
}

function PsnrChart({ run }: { readonly run: RunSummary }) {
  const { psnr } = run.state
  const { iterations, holdOutEvery } = run.settings.train
  const points = useMemo(() => psnr.map((one) => ({ x: one.iteration, y: one.psnr })), [psnr])
  const last = psnr.at(-1)
  const none = holdOutEvery === 0
  return (
    <section>
      <div className="row">
        <h2 className="grow">Held-out PSNR</h2>
        <Num
          value={last ? `${decimal(last.psnr, 2)} dB` : null}
          source="progress.jsonl evaluate"
          why={none ? 'not measured: no photos were held out' : 'not measured yet'}
          className="chart-value"
        />
      </div>
      <LineChart
        label="Held-out PSNR in dB"
        points={points}
        xMax={iterations}
        measured
        tone="info"
        yDigits={1}
        source="progress.jsonl evaluate"
        none={none ? 'Not measured: no photos are held out in this run.' : 'Points appear where held-out photos were measured.'}
      />
    </section>
  )
}

/** What stands in place of the loss, and when the line begins. */
function noLoss({ kind, stages }: RunSummary['state']): string {
  const training = stages.find((one) => one.stage === '3dgs')?.kind
  if (training === 'running') return 'Training has begun: the line starts with its first counted iterations.'
  if (training === 'reused') return 'Not measured in this run: its trained scene is reused.'
  if (kind === 'done' || kind === 'failed' || kind === 'stopped') return 'Not measured: the run ended before training counted.'
  return 'The line begins with training, after structure from motion.'
}

function LossChart({ run }: { readonly run: RunSummary }) {
  const { loss } = run.state
  const points = useMemo(() => loss.map((one) => ({ x: one.iteration, y: one.loss })), [loss])
  const last = loss.at(-1)
  return (
    <section>
      <div className="row">
        <h2 className="grow">Loss</h2>
        <Num
          value={last ? decimal(last.loss, 4) : null}
          source="progress.jsonl train"
          why="training has not begun"
          className="chart-value"
        />
      </div>
      <LineChart
        label="Loss"
        points={points}
        xMax={run.settings.train.iterations}
        measured={false}
        tone="ok"
        yDigits={3}
        source="progress.jsonl train"
        none={noLoss(run.state)}
      />
    </section>
  )
}
