import type { LucideIcon } from 'lucide-react'

export type Choice<T extends string> = {
  readonly value: T
  readonly label: string
  readonly icon?: LucideIcon
  readonly disabled?: string | undefined
}

/** One of a few, all seen at once. A choice that cannot be made says why. */
export function Segmented<T extends string>({
  label,
  value,
  choices,
  onChoose,
}: {
  readonly label: string
  readonly value: T
  readonly choices: readonly Choice<T>[]
  readonly onChoose: (value: T) => void
}) {
  return (
    <div className="segmented" role="radiogroup" aria-label={label}>
      {choices.map(({ value: one, label: word, icon: Icon, disabled }) => (
        <button
          key={one}
          type="button"
          role="radio"
          aria-checked={one === value}
          disabled={Boolean(disabled)}
          title={disabled}
          onClick={() => onChoose(one)}
        >
          {Icon && <Icon size={16} strokeWidth={1.75} aria-hidden />}
          {word}
        </button>
      ))}
    </div>
  )
}
