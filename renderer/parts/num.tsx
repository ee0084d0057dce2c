import { unknown } from '../format.ts'

type Props = {
  /** Null: unknown. */
  readonly value: string | number | null
  /** Where the number comes from: a field of the contract, a file, EXIF. */
  readonly source: string
  /** Why it is unknown; shown on hover and read aloud. */
  readonly why?: string
  readonly className?: string
}

/** A number on the screen: it names its source, and an unknown says why. */
export function Num({ value, source, why = 'not known yet', className = '' }: Props) {
  if (value !== null) {
    return (
      <span className={`num ${className}`} data-source={source}>
        {value}
      </span>
    )
  }
  return (
    <span className={`num quiet ${className}`} data-source={source} title={why}>
      <span aria-hidden>{unknown}</span>
      <span className="only-read">{why}</span>
    </span>
  )
}
