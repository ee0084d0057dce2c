import { useState } from 'react'
import { useDesk } from '../desk.ts'

/** A thumbnail by its artefact address. While there is none it is a flat tile with the name: nothing shimmers. */
export function Thumb({
  address,
  name,
  className = '',
}: {
  readonly address: string | null
  readonly name: string
  readonly className?: string
}) {
  const { url } = useDesk()
  const [failed, setFailed] = useState<string | null>(null)
  if (address === null || failed === address) return <span className={`thumb thumb-none ${className}`}>{name}</span>
  return (
    <img
      className={`thumb ${className}`}
      src={url(address)}
      alt=""
      loading="lazy"
      decoding="async"
      draggable={false}
      onError={() => setFailed(address)}
    />
  )
}
