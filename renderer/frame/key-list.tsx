import { Kbd } from '../parts/kbd.tsx'
import type { KeyGroup } from './key-groups.ts'

/** The keys of one room with what they do. */
export function KeyList({ title, keys }: Pick<KeyGroup, 'title' | 'keys'>) {
  return (
    <section className="keys-group">
      <h3>{title}</h3>
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
