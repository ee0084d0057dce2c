import { useEffect, useRef } from 'react'
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'

export type Point = { readonly x: number; readonly y: number }

type Props = {
  readonly label: string
  readonly points: readonly Point[]
  readonly xMax: number
  /** Points only: nothing is known between the measurements, a thin line only guides the eye. */
  readonly measured: boolean
  readonly tone: 'info' | 'ok'
  readonly yDigits: number
  readonly source: string
  /** What stands in place of the line while there are no points. */
  readonly none: string
}

/** One series over iterations. The canvas is a picture; the same numbers stand in the table that follows it. */
export function LineChart(props: Props) {
  const box = useRef<HTMLDivElement>(null)
  const chart = useRef<uPlot | null>(null)
  const { measured, tone, yDigits, xMax, points } = props
  useEffect(() => {
    const element = box.current
    if (!element) return undefined
    const plot = new uPlot(optionsFor(element, { measured, tone, yDigits, xMax }), [[], []], element)
    chart.current = plot
    const watch = new ResizeObserver(() => plot.setSize({ width: element.clientWidth, height: element.clientHeight }))
    watch.observe(element)
    return () => {
      watch.disconnect()
      plot.destroy()
      chart.current = null
    }
  }, [measured, tone, yDigits, xMax])
  useEffect(() => {
    chart.current?.setData([points.map((one) => one.x), points.map((one) => one.y)])
    // The chart is made anew when its look changes, and then wants its points again.
    // oxlint-disable-next-line react/exhaustive-effect-dependencies
  }, [points, measured, tone, yDigits, xMax])
  return (
    <>
      {points.length === 0 && <p className="quiet chart-none">{props.none}</p>}
      <div
        ref={box}
        className={`chart ${points.length === 0 ? 'chart-empty' : ''}`}
        role="img"
        aria-label={summary(props)}
        data-source={props.source}
      />
      <table className="only-read">
        <caption>{props.label}</caption>
        <tbody>
          {thinned(points).map((one) => (
            <tr key={one.x}>
              <th scope="row">Iteration {one.x}</th>
              <td>{one.y.toFixed(yDigits)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  )
}

function summary({ label, points, yDigits }: Props): string {
  const last = points.at(-1)
  return last ? `${label}: ${last.y.toFixed(yDigits)} at iteration ${last.x}, ${points.length} points` : `${label}: nothing measured yet`
}

/** At most 40 rows are read aloud. */
function thinned(points: readonly Point[]): readonly Point[] {
  const step = Math.ceil(points.length / 40)
  return points.filter((_, at) => at % step === 0 || at === points.length - 1)
}

function optionsFor(
  element: HTMLElement,
  { measured, tone, yDigits, xMax }: Pick<Props, 'measured' | 'tone' | 'yDigits' | 'xMax'>,
): uPlot.Options {
  const style = getComputedStyle(element)
  const colour = (name: string) => style.getPropertyValue(name).trim()
  const axis = { stroke: colour('--fg-3'), font: '11px "Inter Variable", sans-serif', ticks: { show: false }, gap: 4 }
  const stroke = colour(tone === 'info' ? '--info' : '--ok')
  return {
    width: element.clientWidth,
    height: element.clientHeight,
    padding: [8, 12, 0, 0],
    legend: { show: false },
    cursor: { y: false, points: { size: 7 } },
    scales: { x: { time: false, range: () => [0, xMax] }, y: { range: (_, min, max) => padded(min, max) } },
    axes: [
      {
        ...axis,
        size: 22,
        grid: { show: false },
        values: (_, marks) => marks.map((one) => (one >= 1000 ? `${one / 1000}k` : String(one))),
      },
      { ...axis, size: 40, grid: { stroke: colour('--line-1'), width: 1 }, values: (_, marks) => marks.map((one) => one.toFixed(yDigits)) },
    ],
    series: [
      {},
      { stroke, width: measured ? 1 : 1.5, ...(measured ? { dash: [3, 3] } : {}), points: { show: measured, size: 7, fill: stroke } },
    ],
  }
}

function padded(min: number | null, max: number | null): [number, number] {
  if (min === null || max === null) return [0, 1]
  const room = Math.max((max - min) * 0.12, Math.abs(max) * 0.02, 1e-4)
  return [min - room, max + room]
}
