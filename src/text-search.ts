/** Where a part first stands between two offsets, or -1. What is beyond is not looked at, or else many short stretches would cost the whole text each. */
export function indexWithin(text: string, part: string, start: number, end: number): number {
  const found = text.slice(start, end).indexOf(part)
  return found < 0 ? found : start + found
}
