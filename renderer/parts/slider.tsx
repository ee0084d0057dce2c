import type { CSSProperties } from 'react'

type Props = {
  readonly label: string
  readonly value: number
  readonly min: number
  readonly max: number
  readonly step: number
  readonly onChange: (value: number) => void
  readonly words?: string
}

/** A native slider: arrows, Home and End work, and it is read aloud with its words. */
export function Slider({ label, value, min, max, step, onChange, words }: Props) {
  const style = { '--filled': `${((value - min) / (max - min)) * 100}%` } as CSSProperties
  return (
    <input
      type="range"
      className="slider"
      aria-label={label}
      aria-valuetext={words}
      value={value}
      min={min}
      max={max}
      step={step}
      style={style}
      onChange={(event) => onChange(Number(event.target.value))}
    />
  )
}
