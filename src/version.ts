/** A version or a build, as numbers: `[29, 1, 0]`, `[17763]`. A missing part is the highest there is. */
export type Version = readonly number[]

type Comparator = '<' | '<=' | '>' | '>=' | '='

/**
 * Read `28`, `29.7.2`, `17763`.
 *
 * @throws {RangeError} if it is no version
 */
export function parseVersion(text: string): Version {
  if (!/^\d+(\.\d+){0,2}$/.test(text)) throw new RangeError(`not a version: ${text}`)
  return text.split('.').map(Number)
}

/**
 * Whether a version lies in a range such as `>=25.0.0 <29.1.0`. A version that
 * leaves parts out means the newest of its line: `28` is the last 28.x there is.
 *
 * @throws {RangeError} if it is no range
 */
export function isInRange(version: Version, range: string): boolean {
  let comparisons = knownRanges.get(range)
  if (!comparisons) knownRanges.set(range, (comparisons = parseRange(range)))
  return comparisons.every(({ comparator, bound }) => holds(compare(version, bound, comparator), comparator))
}

interface Comparison {
  readonly comparator: Comparator
  readonly bound: Version
}

/** The ranges of the matrix and of releases, each read once. */
const knownRanges = new Map<string, readonly Comparison[]>()

const parseRange = (range: string): Comparison[] =>
  range.split(' ').map(comparison => {
    const [, comparator, bound] = /^(<=?|>=?|=)(.+)$/.exec(comparison) ?? []
    if (comparator === undefined || bound === undefined) throw new RangeError(`not a range of versions: ${range}`)
    return { comparator: comparator as Comparator, bound: parseVersion(bound) }
  })

function compare(version: Version, bound: Version, comparator: Comparator): number {
  // In `<=20.10` and `=17.06` the bound stands for all of its line.
  const precision = comparator === '<=' || comparator === '=' || comparator === '>' ? bound.length : 3
  for (let part = 0; part < precision; part++) {
    const difference = (version[part] ?? Infinity) - (bound[part] ?? 0)
    if (Number.isNaN(difference)) continue
    if (difference !== 0) return difference
  }
  return 0
}

const holds = (difference: number, comparator: Comparator): boolean =>
  comparator === '<' ? difference < 0 : comparator === '<=' ? difference <= 0 : comparator === '>' ? difference > 0 : comparator === '>=' ? difference >= 0 : difference === 0
