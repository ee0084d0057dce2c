import { Kbd } from '../parts/kbd.tsx'
import type { KeyGroup } from './key-groups.ts'

/** The keys of one room with what they do. */
export function KeyList({ title, keys, level = 3 }: Pick<KeyGroup, 'title' | 'keys'> & { readonly level?: 2 | 3 }) {
  const Heading = `h${level}` as const
  return (
    <section className="keys-group">
      <Heading>{title}</Heading>
      <ul className="keys">
        {keys.map(([press, what]) => (
          <li key={press}>
            <span className="grow">{what}</span>
            <Kbd keys={press} />
          </li>
        ))}
      </ul>
    </section>
  )
}
