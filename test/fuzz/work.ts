/**
 * How much has been done, counted and not timed, so that a bound on it holds on
 * every machine: calls of functions, rounds of loops, and what the built-in
 * functions walk over. `counting.mjs` puts the calls of it into the sources.
 */
export const work = {
  steps: 0,
  /** What is spread or copied into a collection is walked over. */
  walked<T>(value: T): T {
    work.steps += sizeOf(value)
    return value
  }
}

function sizeOf(value: unknown): number {
  if (typeof value === 'string' || Array.isArray(value)) return value.length
  if (value instanceof Map || value instanceof Set) return value.size
  return typeof value === 'object' && value !== null && !(Symbol.iterator in value) ? Object.keys(value).length : 1
}

/** The steps that something takes. */
export async function stepsOf(act: () => unknown): Promise<number> {
  const before = work.steps
  await act()
  return work.steps - before
}

type Method = (this: unknown, ...args: unknown[]) => unknown
/* eslint-disable-next-line @typescript-eslint/no-explicit-any -- methods of any kind */
type Steps = (self: any, result: any, args: any[]) => number

/** Counts what a built-in method walks over. */
function counted<T extends object>(prototype: T, name: keyof T & string, steps: Steps): void {
  const original = prototype[name] as Method
  const replacement = function (this: unknown, ...args: unknown[]): unknown {
    const result = original.apply(this, args)
    work.steps += steps(this, result, args)
    return result
  }
  Object.defineProperty(prototype, name, { value: replacement, configurable: true, writable: true })
}

const whole = (self: { readonly length: number }): number => self.length / 16

/** Built-in methods are fast: sixteen characters or items are a step. */
export function countBuiltins(): void {
  counted(String.prototype, 'indexOf', (self: string, found: number, [part, from = 0]) => ((found < 0 ? self.length : found + part.length) - Math.min(from, self.length)) / 16)
  counted(String.prototype, 'lastIndexOf', (self: string, found: number, [, from = self.length]) => Math.max(0, Math.min(from, self.length) - Math.max(found, 0)) / 16)
  counted(String.prototype, 'includes', (self: string, found: boolean) => (found ? 0 : self.length / 16))
  for (const name of ['split', 'replace', 'replaceAll', 'toLowerCase', 'toUpperCase'] as const) counted(String.prototype, name, whole)
  for (const name of ['trim', 'trimEnd', 'trimStart'] as const) counted(String.prototype, name, (self: string, result: string) => (self.length - result.length) / 16)
  for (const name of ['slice', 'concat', 'join', 'toSorted', 'sort', 'splice', 'shift', 'unshift', 'reverse'] as const) counted(Array.prototype as unknown as Record<string, unknown>, name, (self: unknown[], result: unknown) => (name === 'slice' ? (result as unknown[]).length : self.length) / 16)
  for (const name of ['includes', 'indexOf', 'lastIndexOf'] as const) counted(Array.prototype as unknown as Record<string, unknown>, name, whole)
  counted(RegExp.prototype, 'exec', (self: RegExp, match: RegExpExecArray | null, [text]) => (match ? match[0].length : self.sticky || (self.source.startsWith('^') && !self.multiline) ? 1 : text.length) / 16)
}
