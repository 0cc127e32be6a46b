import type { Reader, Said } from './reader.ts'
import { decode, encode } from '../../src/source-file.ts'
import { unquoted } from './rewriting.ts'
import { stepsOf } from './work.ts'
import { grown, type Growth } from './mutation.ts'

/** What must hold of a reader and any text; in words, why it does not. */
export interface Property {
  readonly id: string
  /** `said` is what the reader has said about the text already. */
  check(reader: Reader, source: string, said: Said): Promise<string | undefined> | string | undefined
}

/** No reader takes more steps for a text than this for the text and for each of its characters. */
const stepsForAnyText = 400_000
const stepsForACharacter = 2_000

const isSound = (source: string, [start, end]: readonly [number, number]): boolean => Number.isInteger(start) && Number.isInteger(end) && 0 <= start && start <= end && end <= source.length

const plainCharacters = /^[\w.:/-]+$/

function misplaced(source: string, { ranges, edits = [], texts = [], names = [] }: Said): string | undefined {
  const range = [...ranges, ...edits, ...texts.map(({ whole }) => whole), ...names.map(each => each.range)].find(each => !isSound(source, each))
  if (range) return `the range ${range.join('..')} is not in the text`
  for (const text of texts) for (let at = 0; at < text.value.length; at++) {
    const [start, end] = text.range(at, at + 1)
    if (!isSound(source, [start, end])) return `character ${at} of \`${text.value}\` is at ${start}..${end}, which is not in the text`
    if (end - start === 1 && text.whole[1] - text.whole[0] > 1 && source[start] !== text.value[at] && plainCharacters.test(source.slice(...text.whole))) return `character ${at} of \`${text.value}\` is said to be the \`${source.slice(start, end)}\` at ${start}`
  }
  const name = names.find(({ value, range: [start, end] }) => end > start && plainCharacters.test(source.slice(start, end)) && source.slice(start, end) !== value)
  return name && `\`${name.value}\` is said to stand where \`${source.slice(...name.range)}\` does`
}

/** It says only places that there are. */
const inPlace: Property = { id: 'in-place', check: (_reader, source, said) => misplaced(source, said) }

/** It says what another reader says of the same text. */
const agreed: Property = { id: 'agreed', check: (_reader, _source, { disagreement }) => disagreement }

/** It finds the same whether lines end with LF or CRLF. */
const anyLineEnding: Property = {
  id: 'any-line-ending',
  async check(reader, source, { findings }) {
    // PowerShell takes one character after a backtick, not two.
    if (!isSoundlyRead(findings) || source.includes('\r') || source.includes('`\n')) return undefined
    const { findings: others = [] } = await reader.read(source.replaceAll('\n', '\r\n'))
    return difference(findings, others, 'with CRLF')
  }
}

/** What is broken may break in another way. */
const isSoundlyRead = (findings: Said['findings']): findings is readonly string[] => findings !== undefined && !findings.some(finding => /-(?:syntax|usage) /.test(finding))

function difference(findings: readonly string[], others: readonly string[], where: string): string | undefined {
  const [one, two] = [[...findings].sort(), [...others].sort()]
  const at = one.findIndex((finding, index) => finding !== two[index])
  return one.length === two.length && at < 0 ? undefined : `${where} it finds ${JSON.stringify(two[at < 0 ? one.length : at])} and not ${JSON.stringify(one[at])}`
}

/** What is found of a text, and not of the same in other quotes. */
export async function quotesMatter(reader: Reader, source: string, { findings }: Said): Promise<string | undefined> {
  if (!reader.rewritten || !isSoundlyRead(findings)) return undefined
  for (const text of new Set(reader.rewritten(source))) {
    if (text === source) continue
    const { findings: others = [] } = await reader.read(text)
    const reason = difference(findings.map(unquoted), others.map(unquoted), `written as ${JSON.stringify(text)}`)
    if (reason !== undefined) return reason
  }
  return undefined
}

/** It finds the same in whatever quotes the same is written. That takes many readings, and so not every long text is rewritten. */
const anyQuotes: Property = {
  id: 'any-quotes',
  check: (reader, source, said) => (source.length > 300 && source.length % 4 !== 1 ? undefined : quotesMatter(reader, source, said))
}

/** It is read the same with a byte order mark before it, in each encoding. */
const anyEncoding: Property = {
  id: 'any-encoding',
  check(_reader, source) {
    if (source.includes('\0') || /\p{Surrogate}/u.test(source)) return undefined
    return (['utf-8', 'utf-16le', 'utf-16be'] as const).find(encoding => decode(encode(source, { encoding, hasMark: true })).text !== source)
  }
}

/** What is fixed once has nothing left to fix. It takes many readings, and so not every text is fixed. */
const fixedOnce: Property = {
  id: 'fixed-once',
  async check(reader, source, { edits = [], findings }) {
    if (edits.length === 0 || source.length % 4 !== 0) return undefined
    for (const mode of ['safe', 'all'] as const) {
      const fixed = await reader.fix!(source, mode)
      if ((await reader.fix!(fixed, mode)) !== fixed) return `is fixed again when it has been fixed (${mode})`
      const left = findings?.map(nameOf) ?? []
      const added = fixed === source || !findings ? [] : ((await reader.read(fixed)).findings ?? []).filter(finding => !taken(left, nameOf(finding)))
      if (added.length > 0) return `has ${JSON.stringify(added[0])} when it has been fixed (${mode})`
    }
    return undefined
  }
}

/** Of what kind a finding is, without what it underlines. */
const nameOf = (finding: string): string => finding.split(' ').slice(0, 3).join(' ')

/** Whether something was in a list, from which it is taken. */
function taken(list: string[], item: string): boolean {
  const at = list.indexOf(item)
  if (at >= 0) list.splice(at, 1)
  return at >= 0
}

/** What must hold of every reader and any text. */
export const properties: readonly Property[] = [inPlace, agreed, anyEncoding, anyLineEnding, anyQuotes, fixedOnce]

/** What does not hold of a text: that it can be read at all and in bounded work, or one of the properties. */
export async function faultOf(reader: Reader, source: string): Promise<{ readonly property: string; readonly reason: string } | undefined> {
  let property = 'read'
  try {
    let said: Said = { ranges: [] }
    const steps = await stepsOf(async () => (said = await reader.read(source)))
    const bound = stepsForAnyText + stepsForACharacter * source.length
    if (steps > bound) return { property: 'work', reason: `takes ${steps} steps for ${source.length} characters; at most ${bound} are allowed` }
    for (const { id, check } of properties) {
      property = id
      const reason = await check(reader, source, said)
      if (reason !== undefined) return { property, reason }
    }
    return undefined
  } catch (error) {
    return { property, reason: `throws ${error instanceof Error ? error.stack?.split('\n').slice(0, 6).join('\n') ?? error.message : String(error)}` }
  }
}

/** A text that is twice as long takes at most about twice the work: what is more than linear shows when a part is repeated. */
export async function isLinear(reader: Reader, growth: Growth): Promise<string | undefined> {
  // No reader nests deeper than 200 levels; up to there, each may cost more than the last.
  const times = Math.max(250, Math.ceil(4_000 / growth.part.length))
  const steps: number[] = []
  for (const factor of [1, 2, 4]) steps.push(await stepsOf(() => reader.read(grown(growth, times * factor))))
  const [once, twice, fourTimes] = steps as [number, number, number]
  return fourTimes > 1_000_000 && fourTimes - twice > 2.8 * (twice - once) && twice - once > 2.2 * once ** 0.5 ? `takes ${steps.join(', ')} steps for ${times}, ${2 * times} and ${4 * times} times ${JSON.stringify(growth.part)}` : undefined
}
