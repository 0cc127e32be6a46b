import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { Command } from '../src/command.ts'
import { dockerRequest } from '../src/docker-intent.ts'
import { knowledge } from '../src/knowledge.ts'
import type { Intent } from '../src/intent.ts'
import { rankOf, type Verdict } from '../src/matrix.ts'
import { parseTargets } from '../src/target.ts'
import { Text } from '../src/text.ts'

const { matrix } = knowledge

/** What the Windows build of the engine's own code answered when it was run. */
interface Executed {
  readonly engine: string
  readonly argv: readonly string[]
  readonly verdict: string
  readonly message?: string
  readonly swarm?: true
}

const lines = <T>(name: string): T[] => readFileSync(`test/fixtures/executed/${name}.jsonl`, 'utf8').trim().split('\n').map(line => JSON.parse(line) as T)

/** The networks that stood ready when the commands were run. */
const made = new Map([['mynet', 'nat'], ['tnet', 'transparent'], ['bnet', 'l2bridge'], ['unet', 'l2tunnel'], ['inet', 'ics'], ['tdhcp', 'transparent']])

function intentOf(argv: readonly string[]): Intent | undefined {
  const source = ['docker', ...argv].join(' ')
  const file = Text.file(source)
  let at = 0
  const words = ['docker', ...argv].map(word => {
    const text = file.slice(at, at + word.length)
    at += word.length + 1
    return { text, known: true }
  })
  const command: Command = { words, range: [0, source.length], guards: [] }
  return dockerRequest(command, matrix, made)?.intent
}

const worstOf = (intent: Intent, engine: string): Verdict | undefined => {
  const [target] = parseTargets([`ws2022,engine@${engine}`])
  return intent.settings.map(setting => matrix.verdict(setting.row, setting, intent.context, target!)).sort((a, b) => rankOf(a) - rankOf(b))[0]
}

/** Families of answers: what the matrix may say to each. */
function agrees(verdict: Verdict | undefined, executed: string): boolean {
  const effect = verdict?.effect ?? 'supported'
  if (executed === 'reaches-hns-or-spec' || executed === 'accepted') return effect === 'supported' || effect === 'differs' || effect === 'unknown'
  if (executed === 'no-effect-on-hns-or-spec') return effect !== 'rejected' && effect !== 'broken'
  return effect === 'rejected' || effect === 'broken'
}

/** Answers that the matrix does not hold, and why. */
const known: readonly { readonly about: RegExp; readonly because: string }[] = []

describe('the matrix and what the engine answered', () => {
  const cases = lines<Executed>('commands')
  it('agree', () => {
    const disagreements = cases.flatMap(({ argv, verdict, engine, message }) => {
      const intent = intentOf(argv)
      if (!intent) return [`not read: ${argv.join(' ')}`]
      const line = `${engine} ${argv.join(' ')}`
      if (known.some(({ about }) => about.test(line))) return []
      const ours = worstOf(intent, engine)
      return agrees(ours, verdict) ? [] : [`${line} | ${verdict} ${message ?? ''} | ${ours?.effect} ${intent.settings.map(({ row }) => row.feature).join(',')}`]
    })
    expect(disagreements).toEqual([])
  })
})
