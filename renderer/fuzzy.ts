/** How well `query` fits `text`: its letters in order, better at word starts and in a row. Null: it does not. */
export function fuzzyScore(query: string, text: string): number | null {
  const [wanted, given] = [query.toLowerCase().replaceAll(/\s+/g, ''), text.toLowerCase()]
  let at = 0
  let score = 0
  let last = -2
  for (const letter of wanted) {
    const found = given.indexOf(letter, at)
    if (found < 0) return null
    const startsWord = found === 0 || /[\s_/.:,-]/.test(given[found - 1] ?? '')
    score += found === last + 1 ? 3 : startsWord ? 2 : 0
    last = found
    at = found + 1
  }
  // Of two that fit alike, the one whose letters come sooner, then the shorter.
  return score - last * 0.01 - given.length * 0.001
}

/** Those that fit, best first; all as they stand for an empty query. */
export function fuzzyPick<T>(query: string, all: readonly T[], textOf: (one: T) => string): readonly T[] {
  if (query.trim() === '') return all
  return all
    .flatMap((one) => {
      const score = fuzzyScore(query, textOf(one))
      return score === null ? [] : [{ one, score }]
    })
    .toSorted((a, b) => b.score - a.score)
    .map(({ one }) => one)
}
