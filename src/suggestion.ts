/** The name among `names` that was probably meant by `name`: the only one that it begins, or one that is near enough. */
export function didYouMean(name: string, names: Iterable<string>): string | undefined {
  const written = name.toLowerCase()
  const candidates = [...names]
  const begun = written.length > 2 ? candidates.filter(candidate => candidate.toLowerCase().startsWith(written)) : []
  if (begun.length === 1) return begun[0]
  let best: string | undefined
  let bestDistance = Math.floor(written.length / 3) + 1
  for (const candidate of candidates) {
    const distance = editDistance(written, candidate.toLowerCase(), bestDistance)
    if (distance < bestDistance) {
      best = candidate
      bestDistance = distance
    }
  }
  return best
}

/** A sentence to append: ` Did you mean `x`?`, or nothing. */
export function suggestion(name: string, names: Iterable<string>): string {
  const meant = didYouMean(name, names)
  return meant === undefined ? '' : `; did you mean \`${meant}\`?`
}

/** Optimal string alignment distance, or `limit` when it is at least that. */
function editDistance(from: string, to: string, limit: number): number {
  if (Math.abs(from.length - to.length) >= limit) return limit
  let beforeLast: number[] = []
  let last = Array.from({ length: to.length + 1 }, (_, column) => column)
  for (let row = 1; row <= from.length; row++) {
    const current = [row]
    for (let column = 1; column <= to.length; column++) {
      const substitution = from[row - 1] === to[column - 1] ? 0 : 1
      let distance = Math.min(last[column]! + 1, current[column - 1]! + 1, last[column - 1]! + substitution)
      if (row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1]) distance = Math.min(distance, beforeLast[column - 2]! + 1)
      current.push(distance)
    }
    beforeLast = last
    last = current
  }
  return last[to.length]!
}
