import { hole, join, type Char } from './cmd-character.ts'

/** A loop variable: the letter, and whether those after it may hold further tokens. */
export interface LoopVariable {
  readonly letter: string
  readonly more: boolean
}

/** Phase 4: `%i` and `%~nxi` of the loops around are holes. */
export function withLoopVariables(chars: readonly Char[], loops: readonly LoopVariable[]): readonly Char[] {
  if (loops.length === 0) return chars
  const result: Char[] = []
  let at = 0
  while (at < chars.length) {
    const end = chars[at]!.value === '%' ? variableEnd(chars, at, loops) : -1
    if (end === -1) result.push(chars[at++]!)
    else {
      const { start, end: signEnd } = chars[at]!
      const sign = signEnd - start === 2 ? '%%' : '%'
      result.push(hole(sign + join(chars.slice(at + 1, end)), start, chars[end - 1]!.end))
      at = end
    }
  }
  return result
}

/** The end of what begins with the percent sign at `at`; -1 if it names no variable of the loops. */
function variableEnd(chars: readonly Char[], at: number, loops: readonly LoopVariable[]): number {
  if (chars[at + 1]?.value !== '~') return isVariable(chars[at + 1], loops) ? at + 2 : -1
  let end = at + 2
  while (end < at + longestModifier && /^[fdpnxsatz]$/i.test(chars[end]?.value ?? '')) end++
  if (chars[end]?.value === '$') {
    const colon = chars.slice(end, end + longestModifier).findIndex(char => char.value === ':')
    if (colon !== -1 && isVariable(chars[end + colon + 1], loops)) return end + colon + 2
  }
  for (let last = end; last >= at + 2; last--) if (isVariable(chars[last], loops)) return last + 1
  return -1
}

function isVariable(char: Char | undefined, loops: readonly LoopVariable[]): boolean {
  if (!char || char.hole) return false
  const { value } = char
  return loops.some(({ letter, more }) => value === letter || (more && /[a-z]/i.test(value) && value > letter))
}

/** Far more than `~dpnxsatz` and `$PATH:` take. */
const longestModifier = 64
