import { useMemo } from 'react'
import type { RunSummary } from '../../../core/contract.ts'
import { decimal } from '../../format.ts'
import { LineChart } from '../../parts/line-chart.tsx'
import { Num } from '../../parts/num.tsx'

/** Held-out PSNR where it was measured, and the training loss. */
export function RunCharts({ run }: { readonly run: RunSummary }) {
  const { psnr, loss } = run.state
  const measured = useMemo(() => psnr.map((one) => ({ x: one.iteration, y: one.psnr })), [psnr])
  const losses = useMemo(() => loss.map((one) => ({ x: one.iteration, y: one.loss })), [loss])
  const xMax = run.settings.train.iterations
  const last = psnr.at(-1)
  return (
    <div className="run-charts">
      <section>
        <div className="row">
          <h2 className="grow">Held-out PSNR</h2>
          <Num
            value={last ? `${decimal(last.psnr, 2)} dB` : null}
            source="progress.jsonl evaluate"
            why={run.settings.train.holdOutEvery === 0 ? 'not measured: no photos were held out' : 'not measured yet'}
            className="chart-value"
          />
        </div>
        <LineChart
          label="Held-out PSNR in dB"
          points={measured}
          xMax={xMax}
          measured
          tone="info"
          yDigits={1}
          source="progress.jsonl evaluate"
          none={
            run.settings.train.holdOutEvery === 0
              ? 'Not measured: no photos are held out in this run.'
              : 'Points appear where held-out photos were measured.'
          }
        />
      </section>
      <section>
        <div className="row">
          <h2 className="grow">Loss</h2>
          <Num
            value={loss.length > 0 ? decimal(loss.at(-1)?.loss ?? 0, 4) : null}
            source="progress.jsonl train"
            why="training has not begun"
            className="chart-value"
          />
        </div>
        <LineChart
          label="Loss"
          points={losses}
          xMax={xMax}
          measured={false}
          tone="ok"
          yDigits={3}
          source="progress.jsonl train"
          none="The line begins with training."
        />
      </section>
    </div>
  )
}
