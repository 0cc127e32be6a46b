import type { Diagnostic, TargetVerdict } from './diagnostic.ts'
import { relatedPlace, type Finding } from './finding.ts'
import type { Effect } from './matrix.ts'

/** What happens to a setting, in words for people. */
export const effectWords: Readonly<Record<Effect, string>> = {
  rejected: 'refused', broken: 'does not work', ignored: 'silently ignored', differs: 'works differently', supported: 'works', unknown: 'not known'
}

const stageWords = { parse: 'by the client', create: 'when it is created', start: 'when it starts', run: 'while it runs', build: 'when the image is built' } as const

/** What one target does, in words: `refused (when it starts)`. */
export function fateOf({ effect, unsafe, stage }: TargetVerdict): string {
  const when = stage !== undefined && (effect === 'rejected' || effect === 'broken') ? ` (${stageWords[stage]})` : ''
  return `${effectWords[effect]}${unsafe ? ', protection is lost' : ''}${when}`
}

/** Verdicts by what they say: targets with the same fate together, in the order of the targets. */
export function fatesOf(verdicts: readonly TargetVerdict[]): (readonly [TargetVerdict, ...TargetVerdict[]])[] {
  const groups = new Map<string, [TargetVerdict, ...TargetVerdict[]]>()
  for (const verdict of verdicts) {
    const key = JSON.stringify([verdict.effect, verdict.unsafe, verdict.stage, verdict.error, verdict.note])
    const group = groups.get(key)
    if (group) group.push(verdict)
    else groups.set(key, [verdict])
  }
  return [...groups.values()]
}

/** The message with the way out. */
export const messageOf = ({ message, instead }: Diagnostic): string => (instead === undefined ? message : `${message} Instead: ${instead}`)

/** What there is to say after the message: what happens where, what Docker will say, what else, and who says so. */
export function explanationOf({ diagnostic, file, lines }: Finding): string[] {
  const { verdicts, advice, related, sources } = diagnostic
  return [
    ...fatesOf(verdicts).flatMap(group => [
      `${group.map(({ target }) => target).join(' ')}: ${fateOf(group[0])}`,
      ...(group[0].error === undefined ? [] : [`Docker will say: ${group[0].error}`]),
      ...(group[0].note === undefined ? [] : [group[0].note])
    ]),
    ...(advice === undefined || advice.length === 0 ? [] : [`Beware: ${advice.join(', ')} ${advice.length === 1 ? 'asks' : 'ask'} for what Windows does not take here.`]),
    ...related.map(other => `${other.message}: ${relatedPlace(other, file, lines)}`),
    ...sources.slice(0, 1).map(({ where }) => `Source: ${where}`)
  ]
}
