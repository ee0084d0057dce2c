import type { KeyboardEvent, MouseEvent, RefObject } from 'react'

type Props = {
  readonly box: RefObject<HTMLDivElement | null>
  readonly label: string
  readonly onKeyDown: (event: KeyboardEvent) => void
  readonly onKeyUp: (event: KeyboardEvent) => void
  readonly onClick?: (event: MouseEvent) => void
}

/** Where the stage's canvas stands. Orbit, fly and the arrow keys act while it has the focus; its equal for the screen reader is the panel beside it. */
export function StageBox({ box, label, ...hears }: Props) {
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <div
      ref={box}
      className="stage-box"
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={0}
      role="img"
      aria-label={label}
      {...hears}
    />
  )
}
