import type { Range } from './text.ts'

/** Things that stand at places of a file, of which it is soon found which one is around another place. */
export class RangeIndex<T> {
  readonly #starts: readonly number[]
  /** Of those that start no later than each: the one that ends last. */
  readonly #longest: readonly { readonly item: T; readonly end: number }[]

  constructor(items: readonly T[], rangeOf: (item: T) => Range) {
    const placed = items.map(item => ({ item, range: rangeOf(item) })).sort((a, b) => a.range[0] - b.range[0])
    this.#starts = placed.map(({ range }) => range[0])
    let longest: { item: T; end: number } | undefined
    this.#longest = placed.map(({ item, range: [, end] }) => (longest = longest && longest.end >= end ? longest : { item, end }))
  }

  /** What is around a place; of several, the one that ends last. */
  around([start, end]: Range): T | undefined {
    let low = 0
    let high = this.#starts.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.#starts[middle]! <= start) low = middle + 1
      else high = middle
    }
    const found = this.#longest[low - 1]
    return found && found.end >= end ? found.item : undefined
  }
}
