import type { Finding } from '../../../core/capture/finding.ts'
import { Badge } from '../../parts/chip.tsx'
import { findingWord, severityGlyph } from './finding-words.ts'

/** The worst that was found of a photo, in a word. */
export function FindingBadge({ finding: { code, severity } }: { readonly finding: Finding }) {
  return (
    <Badge tone={severity === 'error' ? 'bad' : 'warn'} state={severityGlyph(severity)}>
      {findingWord(code)}
    </Badge>
  )
}
