import { blank } from './check-light.ts'
import type { Evidence } from './evidence.ts'
import type { Finding } from './finding.ts'

/** Files that the checks leave out of a run: copies of another photo, and frames in which there is nothing. */
export function leftOutBy(findings: readonly Finding[], evidence: readonly Evidence[]): readonly string[] {
  const copies = new Set(findings.filter(({ code }) => code === 'photo/duplicate').flatMap(({ files }) => files))
  const isBlank = ({ photo }: Evidence) => photo.meanLuma < blank.darkLuma || photo.meanLuma > blank.brightLuma
  return evidence.filter((one) => copies.has(one.photo.file) || isBlank(one)).map(({ photo }) => photo.file)
}
