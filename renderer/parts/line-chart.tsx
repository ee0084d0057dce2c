import { type RefObject, useEffect, useRef } from 'react'
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
  const { points, none, source } = props
  const box = usePlot(props)
  const isEmpty = points.length === 0
  return (
    <>
      {isEmpty && <p className="quiet chart-none">{none}</p>}
      <div ref={box} className={`chart ${isEmpty ? 'chart-empty' : ''}`} role="img" aria-label={summary(props)} data-source={source} />
      <Twin {...props} />
    </>
  )
}

/** The same numbers for a screen reader. */
function Twin({ label, points, yDigits }: Props) {
  return (
    <table className="only-read">
      <caption>{label}</caption>
      <tbody>
        {thinned(points).map((one) => (
          <tr key={one.x}>
            <th scope="row">Iteration {one.x}</th>
            <td>{one.y.toFixed(yDigits)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

/** Draws the points into a box, anew when its look changes. */
function usePlot({ measured, tone, yDigits, xMax, points }: Props): RefObject<HTMLDivElement | null> {
  const box = useRef<HTMLDivElement>(null)
  const chart = useRef<uPlot | null>(null)
  // One or two points are no line yet: they are drawn as points.
  const dots = measured || points.length < 3
  useEffect(() => {
    const element = box.current
    if (!element) return undefined
    const plot = new uPlot(optionsFor(element, { measured, dots, tone, yDigits, xMax }), [[], []], element)
    chart.current = plot
    const watch = new ResizeObserver(() => plot.setSize({ width: element.clientWidth, height: element.clientHeight }))
    watch.observe(element)
    return () => {
      watch.disconnect()
      plot.destroy()
      chart.current = null
    }
  }, [measured, dots, tone, yDigits, xMax])
  useEffect(() => {
    chart.current?.setData([points.map((one) => one.x), points.map((one) => one.y)])
    // The chart is made anew when its look changes, and then wants its points again.
    // oxlint-disable-next-line react/exhaustive-effect-dependencies
  }, [points, measured, dots, tone, yDigits, xMax])
  return box
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

type Look = Pick<Props, 'measured' | 'tone' | 'yDigits' | 'xMax'> & { readonly dots: boolean }

function optionsFor(element: HTMLElement, look: Look): uPlot.Options {
  const style = getComputedStyle(element)
  const colour = (name: string) => style.getPropertyValue(name).trim()
  return {
    width: element.clientWidth,
    height: element.clientHeight,
    padding: [8, 12, 0, 0],
    legend: { show: false },
    cursor: { y: false, points: { size: 7 } },
    scales: { x: { time: false, range: () => [0, look.xMax] }, y: { range: (_, min, max) => padded(min, max) } },
    axes: axesFor(look, colour),
    series: [{}, seriesFor(look, colour(look.tone === 'info' ? '--info' : '--ok'))],
  }
}

function seriesFor({ measured, dots }: Look, stroke: string): uPlot.Series {
  return { stroke, width: measured ? 1 : 1.5, ...(measured ? { dash: [3, 3] } : {}), points: { show: dots, size: 7, fill: stroke } }
}

function axesFor({ yDigits }: Look, colour: (name: string) => string): uPlot.Axis[] {
  const axis = { stroke: colour('--fg-3'), font: '11px "Inter Variable", sans-serif', ticks: { show: false }, gap: 4 }
  const thousands = (mark: number) => (mark >= 1000 ? `${mark / 1000}k` : String(mark))
  return [
    { ...axis, size: 22, grid: { show: false }, values: (_, marks) => marks.map(thousands) },
    { ...axis, size: 40, grid: { stroke: colour('--line-1'), width: 1 }, values: (_, marks) => marks.map((one) => one.toFixed(yDigits)) },
  ]
}

function padded(min: number | null, max: number | null): [number, number] {
  if (min === null || max === null) return [0, 1]
  const room = Math.max((max - min) * 0.12, Math.abs(max) * 0.02, 1e-4)
  return [min - room, max + room]
}
