import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { Command } from '../src/command.ts'
import { dockerRequest } from '../src/docker-intent.ts'
import { knowledge } from '../src/knowledge.ts'
import type { Intent } from '../src/intent.ts'
import { rankOf, type Verdict } from '../src/matrix.ts'
import type { Network } from '../src/network.ts'
import { parseTargets } from '../src/target.ts'
import { Text } from '../src/text.ts'
import { Workspace } from '../src/workspace.ts'
import { diagnosticsOf } from './linting.ts'

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
const made = new Map(Object.entries({ mynet: ['nat', '10.0.0.0/16'], tnet: ['transparent', '10.1.0.0/16'], bnet: ['l2bridge', '10.2.0.0/16'], unet: ['l2tunnel', '10.3.0.0/16'], inet: ['ics', '10.4.0.0/16'], tdhcp: ['transparent'] }).map(([name, [driver, ...subnets]]): [string, Network] =>
  [name, { driver, subnet: subnets.length > 0 ? 'with' : 'without', subnets, internal: 'false', kind: 'user-defined' }]))

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
  const intent = dockerRequest(command, matrix, made)?.intent
  return intent && new Workspace().join('', { intents: [intent], problems: [], comments: [], subjects: [] }).intents[0]
}

/** The texts that the matrix foretells for a command, placeholders as patterns. */
function foretold(intent: Intent, engine: string): RegExp[] {
  const [target] = parseTargets([`ws2022,engine@${engine}`])
  return intent.settings.flatMap(setting => {
    const { support } = matrix.verdict(setting.row, setting, intent.context, target!)
    return support?.error === undefined || support.effect !== 'rejected' ? [] : [new RegExp(support.error.replace(/[.*+?^$()|[\]\\]/g, '\\$&').replace(/\{\w+\}/g, '.*'), 's')]
  })
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

/** Answers that follow from the machine on which the commands were run, or come from what the stand-in for HNS could not do. */
const elsewhere: readonly { readonly about: RegExp; readonly because: string }[] = [
  { about: /winapi error/, because: 'a port of that machine was taken' },
  { about: /--(ingress|config-from|scope)\b|create -d overlay /, because: 'whether there is a swarm, or another network, is not in the command' },
  { about: /network (create )?-d (l2bridge|l2tunnel) .*(accepted|no-effect|reaches)|create -d (l2bridge|l2tunnel) /, because: 'HNS refuses later what the engine passes on: l2bridge-subnet' },
  { about: /\b(missing|ns:\/x|Host|NAT|null|transparent|l2bridge|overlay|ingress|none) (--isolation hyperv )?(img|c1) /, because: 'a network that nobody has made; the matrix says that it has to be made' },
  { about: /(source=C:\\missing|C:\\x:C:|credentialspec=file|credential-spec file|container:missing|source=v,|volume=v:)/, because: 'a file, a folder, a container or a volume that was not there' },
  { about: /--ip 192\.168/, because: 'the subnet of the network is not in the command' },
  { about: /--ip 10\.0\.5\.5/, because: 'the subnet of the network is not in the command' },
  { about: /--network (name=)?nat.*alias/, because: 'depends on the system that the client was built for' },
  { about: /--cpus 9999/, because: 'that machine had two processors' }
]

describe('the matrix and what the engine answered', () => {
  const cases = lines<Executed>('commands')
  it('agree', () => {
    const disagreements = cases.flatMap(({ argv, verdict, engine, message }) => {
      const intent = intentOf(argv)
      if (!intent) return [`not read: ${argv.join(' ')}`]
      const line = `${engine} ${argv.join(' ')}`
      const ours = worstOf(intent, engine)
      if (agrees(ours, verdict) || elsewhere.some(({ about }) => about.test(`${line} ${message ?? ''}`))) return []
      return [`${line} | ${verdict} ${message ?? ''} | ${ours?.effect} ${intent.settings.map(({ row }) => row.feature).join(',')}`]
    })
    expect(disagreements).toEqual([])
  })

  it('agree on the words', () => {
    const others = cases.flatMap(({ argv, engine, message }) => {
      const intent = intentOf(argv)
      const texts = intent && message !== undefined ? foretold(intent, engine) : []
      return texts.length === 0 || /winapi error/.test(message!) || texts.some(text => text.test(message!.replace(/^\* /gm, ''))) ? [] : [`${engine} ${argv.join(' ')} | ${message} | ${texts.join(' ')}`]
    })
    expect(others).toEqual([])
  })
})

interface ExecutedProject {
  readonly what: string
  readonly file: string
  readonly verdict: 'fails' | 'differs' | 'same as without'
  readonly message?: string
}

/** Compose files of which the answer follows from something else. */
const projectsElsewhere: readonly { readonly about: RegExp; readonly because: string }[] = [
  { about: /^(driver: overlay|overlay: )/, because: 'there was no swarm: overlay-needs-swarm says that one is needed' },
  { about: /external: true \/ name: missing|network_mode: transparent/, because: 'a network that nobody has made' },
  { about: /network_mode: container:cc/, because: 'the container is itself' },
  { about: /volumes: \["v:C:/, because: 'the client ran on Linux, where v: is no drive' },
  { about: /^driver: (l2bridge|l2tunnel)|^(l2bridge|l2tunnel): /, because: 'HNS refuses later what the engine passes on: l2bridge-subnet' }
]

describe('compose files and what became of them', () => {
  it.each(lines<ExecutedProject>('compose'))('$what', async ({ what, file, verdict }) => {
    if (projectsElsewhere.some(({ about }) => about.test(what))) return
    const found = await diagnosticsOf({ source: file, targets: ['ws2022,engine@28.2.2'] })
    const effects = found.map(({ effect, feature }) => `${effect} ${feature}`)
    const isRefused = found.some(({ effect }) => effect === 'rejected' || effect === 'broken')
    expect({ isRefused, effects }).toEqual({ isRefused: verdict === 'fails', effects })
    if (verdict === 'differs') expect(effects.filter(effect => effect.startsWith('ignored'))).toEqual([])
  })
})
