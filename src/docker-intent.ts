import type { Command, Word } from './command.ts'
import { dockerProgram, longCommand, readDockerInvocation, type DockerFlag, type DockerInvocation, type DockerWord } from './docker-cli.ts'
import { FlagEditor, MissingFlagEditor, WordEditor } from './docker-flag-editor.ts'
import { commandGrammar } from './docker-grammar.ts'
import { imageBuild, imagePlatform } from './image.ts'
import type { Context, Evidence, Intent, Platform, Setting, Verb } from './intent.ts'
import { isInSubnet } from './ip-address.ts'
import type { Reference } from './language.ts'
import type { CliSpelling, Matrix, Spelled } from './matrix.ts'
import { contextOf, defaultNetwork, natNetwork, keptNetwork, noNetwork, unknownNetwork, type Network, type NetworkUse } from './network.ts'
import { bindParts, isListForm, listParts, mountKeys, portParts, type Part } from './short-form.ts'
import type { Range, Spanned, Text } from './text.ts'
import { matcherOf } from './value-pattern.ts'

/** Networks that a script has made so far, by name. */
export type MadeNetworks = ReadonlyMap<string, Network>

/** What a command line asks of Docker, and what the command-line client refuses. */
export interface DockerRequest {
  readonly intent: Intent
  readonly refusal?: { readonly message: string; readonly range: Range } | undefined
  /** The command that is to run in the container, if it is given. */
  readonly inner?: Command | undefined
}

/** Older spellings of flags. */
const canonicalFlags: Readonly<Record<string, string>> = { net: 'network', 'dns-opt': 'dns-option', 'net-alias': 'network-alias' }

const verbs: Readonly<Record<string, Verb>> = {
  'network create': 'network.create', 'network connect': 'network.connect', 'container run': 'container.run', 'container create': 'container.run',
  'service create': 'service.create', 'service update': 'service.update', 'image build': 'image.build', 'buildx build': 'image.build', 'volume create': 'volume.create', 'swarm init': 'swarm.init', 'swarm join': 'swarm.join'
}

/** Read a command as a request to Docker; `undefined` if it is none. */
export function dockerRequest(command: Command, matrix: Matrix, made: MadeNetworks = new Map()): DockerRequest | undefined {
  const [program, ...words] = command.words
  if (!program?.known || dockerProgram(program.text.value) !== 'docker') return undefined
  const invocation = readDockerInvocation(words.map(asDockerWord))
  // Whoever asks for help asks for nothing else.
  if (!invocation || invocation.flags.some(({ name }) => name === 'help')) return undefined
  const request = new CommandReader(command, words, invocation, made)
  const intent = request.intent(matrix)
  const { error } = invocation
  return { intent, inner: request.inner(), refusal: error && !isForetold(error.message, intent) ? { message: error.message, range: rangeOf(words[error.word] ?? program) } : undefined }
}

/** Whether a row of the matrix says already what the client refuses. */
const isForetold = (message: string, { settings }: Intent): boolean =>
  settings.some(({ row }) => row.support.some(({ stage, error }) => stage === 'parse' && error !== undefined && message.endsWith(error)))

/** A word that is not known is one word for sure where it is quoted. */
const asDockerWord = ({ text, known, holes }: Word): DockerWord => ({ value: text.value, known, ...(holes ? { holes } : {}), single: known || isQuoted(text) })

/** What is written is longer than what it says, by more than the ends of lines. */
const isQuoted = ({ value, whole, source }: Text): boolean => whole[1] - whole[0] > value.length && source.slice(...whole).replaceAll('\r\n', '\n').length > value.length

/** Compose files that a command names: `docker compose -f`, `docker-compose -f`, `docker stack deploy -c`. */
export function composeFilesOf(command: Command): Reference[] {
  const [program, ...words] = command.words
  const name = program?.known ? dockerProgram(program.text.value) : undefined
  if (!name || (name === 'docker' && !words.some(({ text: { value } }) => value === 'compose' || value === 'stack'))) return []
  const invocation = readDockerInvocation(words.map(asDockerWord), name)
  if (!invocation) return []
  const [flag, entryPoint] = invocation.command?.startsWith('compose') ? (['file', 'compose'] as const) : invocation.command === 'stack deploy' ? (['compose-file', 'stack'] as const) : []
  if (!entryPoint) return []
  return invocation.flags.flatMap(({ name: written, value, valueWord, valueStart, valueEnd }) => {
    if (written !== flag || value === undefined || value === '-' || valueWord === undefined || valueStart === undefined) return []
    return [{ value, range: words[valueWord]!.text.range(valueStart, valueEnd ?? valueStart), entryPoint }]
  })
}

const rangeOf = ({ text }: Word): Range => text.whole

const noFlags: readonly DockerFlag[] = []

class CommandReader {
  readonly #command: Command
  readonly #words: readonly Word[]
  readonly #invocation: DockerInvocation
  readonly #made: MadeNetworks
  readonly #name: string
  readonly #flagsByName = new Map<string, DockerFlag[]>()

  constructor(command: Command, words: readonly Word[], invocation: DockerInvocation, made: MadeNetworks) {
    this.#command = command
    this.#words = words
    this.#invocation = invocation
    this.#made = made
    this.#name = invocation.command === undefined ? '' : longCommand(invocation.command)
    for (const flag of invocation.flags) {
      const name = canonicalFlags[flag.name] ?? flag.name
      const known = this.#flagsByName.get(name)
      if (known) known.push(flag)
      else this.#flagsByName.set(name, [flag])
    }
  }

  intent(matrix: Matrix): Intent {
    const networks = this.#networks()
    const settings = matrix.commands(this.#name, this.#flagsByName.keys()).flatMap(spelled => this.#settings(spelled))
    return {
      verb: verbs[this.#name] ?? 'command.run',
      name: this.#objectName(),
      settings,
      context: { via: [viaOf(this.#name)], ...this.#context(networks), beside: matrix.beside(settings) },
      networks,
      platform: this.#platform(),
      range: this.#commandRange()
    }
  }

  /** `docker run IMAGE COMMAND…`, `docker exec CONTAINER COMMAND…` */
  inner(): Command | undefined {
    if (!/^container (run|create|exec)$|^service create$/.test(this.#name) || this.#invocation.incomplete) return undefined
    const words = this.#invocation.args.slice(1).map(index => this.#words[index]!)
    return words.length > 0 ? { words, range: [rangeOf(words[0]!)[0], rangeOf(words.at(-1)!)[1]], guards: [] } : undefined
  }

  /** The words of the command itself, `network create`. */
  #commandRange(): Range {
    const words = this.#invocation.commandWords.map(index => this.#words[index]!)
    return words.length > 0 ? [rangeOf(words[0]!)[0], rangeOf(words.at(-1)!)[1]] : this.#command.range
  }

  /** What is made or connected: the first argument that is known. */
  #objectName(): Spanned | undefined {
    const word = this.#argument(0)
    return word?.known ? word.text.spanned : undefined
  }

  #argument(index: number): Word | undefined {
    const at = this.#invocation.args[index]
    return at === undefined ? undefined : this.#words[at]
  }

  #flags(name: string): readonly DockerFlag[] {
    return this.#flagsByName.get(name) ?? noFlags
  }

  #settings({ row, spelling, matchesValue }: Spelled<CliSpelling>): readonly Setting[] {
    const setting = (value: string | undefined, range: Range): Setting[] => (matchesValue(value) ? [{ row, value, range }] : [])
    if (spelling.argument !== undefined) {
      const word = this.#argument(spelling.argument)
      const value = word?.known ? word.text.value : undefined
      if (spelling.part === 'build') return word && imageBuild(value) !== undefined ? setting(imageBuild(value), rangeOf(word)) : []
      return word ? setting(value, rangeOf(word)).map(found => ({ ...found, editor: new WordEditor(word) })) : []
    }
    if (spelling.flag === undefined) return [{ row, value: 'true', range: this.#commandRange(), sibling: this.#sibling }]
    const flags = this.#flags(spelling.flag)
    if (spelling.absent) return flags.length > 0 || this.#invocation.incomplete || this.#invocation.command === undefined ? [] : [{ row, value: 'absent', range: this.#commandRange(), editor: this.#missingFlagEditor(spelling.flag) }]
    const found = flags.flatMap(flag => this.#flagSettings(flag, spelling, setting).map(one => ({ ...one, editor: new FlagEditor(this.#command.words, flag, this.#isOnly(flag)) })))
    return spelling.flag === 'gateway' ? found.map(gateway => ({ ...gateway, context: this.#addressContext(gateway.value) })) : found
  }

  /** Whether an address lies in a subnet that the command gives. */
  #addressContext(address: string | undefined): Context {
    const subnets = this.#flags('subnet').flatMap(({ value }) => value?.split(',') ?? [undefined])
    if (subnets.length === 0 || address === undefined) return {}
    const answers = subnets.map(subnet => (subnet === undefined ? undefined : isInSubnet(address, subnet) ?? (subnet.includes(':') ? false : undefined)))
    if (answers.includes(true)) return { address: ['inside'] }
    return { address: answers.includes(undefined) || this.#invocation.incomplete ? undefined : ['outside'] }
  }

  /** What the command line says beside a setting. */
  readonly #sibling = (name: string): string | undefined => (name === 'command' ? this.#invocation.command : name === 'network' ? this.#networkName() : undefined)

  /** The first network that a container joins, as errors name it. */
  #networkName(): string | undefined {
    const [first] = this.#flags('network')
    if (!first) return this.#invocation.incomplete ? undefined : 'nat'
    const name = this.#parts(first, 'network').find(part => part.name === 'name')?.value
    return name === 'default' ? 'nat' : name
  }

  #flagSettings(flag: DockerFlag, spelling: CliSpelling, setting: (value: string | undefined, range: Range) => Setting[]): Setting[] {
    if (spelling.part !== undefined) return this.#partSettings(flag, spelling, setting)
    const sibling = (name: string): string | undefined => (name === 'flag' ? spelling.flag : this.#sibling(name))
    if (spelling.key === undefined) return setting(flag.value, this.#flagRange(flag)).map(found => ({ ...found, sibling }))
    // Of `--opt a=$B` the key is known, and the value is not.
    const written = flag.value ?? this.#valueText(flag)?.value.replace(/=.*/s, '=$$')
    return keyed(written, spelling.key, this.#flagRange(flag), setting)
  }

  /** Whether no other flag shows when this one goes: it stands once, or its values add up. */
  #isOnly(flag: DockerFlag): boolean {
    const type = commandGrammar(this.#invocation.command ?? '')?.allFlags.get(flag.name)?.type ?? 'string'
    return !/^(string|bool|bytes|u?int\d*|decimal|float|duration|command|credential-spec|gpu-request)$/.test(type) || !this.#invocation.flags.some(other => other !== flag && other.name === flag.name)
  }

  #missingFlagEditor(name: string): MissingFlagEditor | undefined {
    const last = this.#invocation.commandWords.at(-1)
    return last === undefined ? undefined : new MissingFlagEditor(name, this.#words[last]!, this.#words[last + 1])
  }

  #partSettings(flag: DockerFlag, spelling: CliSpelling, setting: (value: string | undefined, range: Range) => Setting[]): Setting[] {
    const parts = this.#parts(flag, spelling.flag!)
    const partNamed = (name: string): string | undefined => parts.find(part => part.name === name)?.value
    const sibling = (name: string): string | undefined => (name === 'network' ? partNamed('name') : partNamed(name)) ?? this.#sibling(name)
    const mode = partNamed('mode')
    return parts.filter(({ name }) => name === spelling.part)
      .flatMap(({ value, range }) => (spelling.key === undefined ? setting(value, range) : keyed(value, spelling.key, range, setting)))
      .map(found => ({ ...found, whole: flag.value, sibling, ...(mode === undefined ? {} : { context: { ...found.context, mode: [mode] } }) }))
  }

  #valueText({ valueWord, valueStart, valueEnd }: DockerFlag): Text | undefined {
    return valueWord === undefined || valueStart === undefined ? undefined : this.#words[valueWord]!.text.slice(valueStart, valueEnd)
  }

  /** A flag with its value, as written. */
  #flagRange({ word, nameStart, nameEnd, valueWord, valueStart, valueEnd }: DockerFlag): Range {
    const text = this.#words[word]!.text
    const name = text.range(nameStart, nameEnd)
    if (valueWord === undefined || valueStart === undefined) return nameStart === 0 && nameEnd === text.value.length ? text.whole : name
    const valueText = this.#words[valueWord]!.text
    // Quotes around a value belong to it.
    const stop = valueEnd ?? valueText.value.length
    const written = valueText.range(valueStart, stop)
    const value: Range = [valueStart === 0 ? valueText.whole[0] : written[0], stop === valueText.value.length ? Math.max(written[1], valueText.whole[1]) : written[1]]
    return value[1] < name[0] ? name : [nameStart === 0 ? Math.min(name[0], text.whole[0]) : name[0], Math.max(value[1], name[1])]
  }

  /** The parts of a value with an inner syntax. */
  #parts(flag: DockerFlag, name: string): { name: string; value: string | undefined; range: Range }[] {
    const text = this.#valueText(flag)
    if (!text || flag.value === undefined) return []
    return this.#withImplied(name, partsOf(name, text.value)).map(part => ({ name: part.name, value: part.value ?? text.value.slice(part.start, part.end), range: part.start === part.end ? this.#flagRange(flag) : this.#partRange(part, text, flag) }))
  }

  /** What the client adds to a value by itself. */
  #withImplied(name: string, parts: readonly Part[]): readonly Part[] {
    const implied = name.startsWith('publish') && this.#name.startsWith('service ') ? { name: 'mode', value: 'ingress' } : name.startsWith('mount') ? { name: 'type', value: 'volume' } : undefined
    return implied && !parts.some(part => part.name === implied.name) ? [...parts, { ...implied, start: 0, end: 0 }] : parts
  }

  #partRange({ start, end }: Part, text: Text, flag: DockerFlag): Range {
    return start === 0 && end === text.value.length ? this.#flagRange(flag) : text.range(start, end)
  }

  #context(networks: readonly NetworkUse[] | undefined): Context {
    const ofNetworks = networks ? contextOf(networks.map(({ network }) => network)) : {}
    const isolation = this.#flags('isolation').at(-1)
    if (isolation && networks && this.#name !== 'network create') return { ...ofNetworks, isolation: known(isolation.value) }
    if (this.#name === 'volume create') return { driver: known(this.#flags('driver').length > 0 ? this.#flags('driver').at(-1)!.value : 'local') }
    return ofNetworks
  }

  /** The networks that are made or joined; `undefined`: the command is not about networks. */
  #networks(): NetworkUse[] | undefined {
    if (this.#name === 'network create') return [{ network: this.#madeNetwork(), name: this.#objectName()?.value, range: this.#commandRange() }]
    if (this.#name === 'network connect') return [this.#joined(this.#objectName())]
    if (verbs[this.#name] !== 'container.run' && !this.#name.startsWith('service ')) return undefined
    const flags = this.#flags('network')
    if (flags.length > 0) return flags.map(flag => {
      const name = this.#parts(flag, 'network').find(part => part.name === 'name')
      return this.#joined(name?.value === undefined ? undefined : { value: name.value, range: name.range })
    })
    if (this.#invocation.incomplete) return [this.#joined(undefined)]
    // A service without networks is on no network of one host.
    return [{ network: this.#name.startsWith('service ') ? unknownNetwork('unknown') : defaultNetwork, range: this.#commandRange() }]
  }

  #isOn(flag: string): boolean {
    const written = this.#flags(flag).at(-1)
    return written !== undefined && (written.value ?? 'true') === 'true'
  }

  #madeNetwork(): Network {
    const driver = this.#flags('driver').at(-1)
    const subnets = this.#flags('subnet').map(({ value }) => value)
    const internal = this.#flags('internal').at(-1)
    const isSwarm = this.#flags('scope').at(-1)?.value === 'swarm'
    if (this.#isOn('config-only')) return { ...keptNetwork, madeAt: { range: this.#commandRange() } }
    // What it takes from the configuration of another network is not known here.
    if (this.#flags('config-from').length > 0) return { ...unknownNetwork('user-defined'), madeAt: { range: this.#commandRange() } }
    // moby daemon/network.go: an empty driver is nat. The client names `bridge` unless it is told otherwise.
    const byDefault = this.#invocation.incomplete ? undefined : 'bridge'
    return {
      driver: driver ? (driver.value === '' ? 'nat' : driver.value) : byDefault,
      subnet: subnets.length > 0 ? 'with' : this.#invocation.incomplete ? undefined : 'without',
      subnets: this.#invocation.incomplete || subnets.includes(undefined) ? undefined : (subnets as string[]),
      internal: internal ? internal.value ?? 'true' : this.#invocation.incomplete ? undefined : 'false',
      kind: isSwarm ? 'swarm' : 'user-defined',
      madeAt: { range: this.#commandRange() }
    }
  }

  #joined(name: Spanned | undefined): NetworkUse {
    if (name === undefined) return { network: unknownNetwork(undefined), range: this.#commandRange() }
    const { value, range } = name
    if (value === 'nat' || value === 'default') return { network: value === 'nat' ? natNetwork : defaultNetwork, name: 'nat', range }
    if (value === 'none') return { network: noNetwork, name: value, range }
    const made = this.#made.get(value)
    return made ? { network: made, name: value, range } : { network: unknownNetwork('unknown'), name: value, isElsewhere: true, range }
  }

  #platform(): Platform {
    const evidence = [...this.#evidence()]
    const declared = evidence.find(({ says }) => says.startsWith('`--platform'))
    return { os: (declared ?? evidence[0])?.os ?? 'unknown', declared: declared !== undefined, evidence }
  }

  *#evidence(): Generator<Evidence> {
    for (const flag of this.#flags('platform')) {
      const os = /^(windows|linux)(\/|$)/.exec(flag.value ?? '')?.[1]
      if (os === 'windows' || os === 'linux') yield { os, says: `\`--platform ${flag.value}\``, range: this.#flagRange(flag) }
    }
    for (const flag of this.#flags('isolation')) if (flag.value !== '' && flag.value !== 'default') yield { os: 'windows', says: '`--isolation` exists on Windows only', range: this.#flagRange(flag) }
    for (const flag of this.#flags('driver')) if (/^(nat|transparent|l2bridge|l2tunnel|ics)$/.test(flag.value ?? '')) yield { os: 'windows', says: `the network driver \`${flag.value}\`, which exists on Windows only`, range: this.#flagRange(flag) }
    for (const name of ['volume', 'mount']) for (const flag of this.#flags(name)) for (const part of this.#parts(flag, name)) {
      if (part.name !== 'target' && part.name !== 'source') continue
      if (/^(\\\\|\/\/)\.[\\/]pipe[\\/]/i.test(part.value ?? '')) yield { os: 'windows', says: `the named pipe \`${part.value}\``, range: part.range }
      else if (part.name === 'target' && /^[a-z]:[\\/]/i.test(part.value ?? '')) yield { os: 'windows', says: `the path \`${part.value}\` inside the container`, range: part.range }
      else if (part.name === 'target' && /^\/(?!\/)/.test(part.value ?? '')) yield { os: 'linux', says: `the path \`${part.value}\` inside the container`, range: part.range }
    }
    if (verbs[this.#name] !== 'container.run' && this.#name !== 'service create') return
    const image = this.#argument(0)
    const known = image?.known ? imagePlatform(image.text.value) : undefined
    if (image && known && known.os !== 'unknown') yield { os: known.os, says: known.because, range: rangeOf(image) }
    const program = this.#argument(1)
    if (!program?.known) return
    if (/(^|[\\/])(powershell|pwsh|cmd)(\.exe)?$/i.test(program.text.value)) yield { os: 'windows', says: `the program \`${program.text.value}\``, range: rangeOf(program) }
    else if (/^(\/(usr\/)?(local\/)?s?bin\/.*|sh|bash|ash)$/.test(program.text.value)) yield { os: 'linux', says: `the program \`${program.text.value}\``, range: rangeOf(program) }
  }
}

function partsOf(flag: string, value: string): Part[] {
  switch (flag) {
    case 'publish':
    case 'publish-add':
      return isListForm(value) ? listParts(value) : portParts(value)
    case 'volume':
      return bindParts(value)
    case 'mount':
    case 'mount-add':
      return listParts(value, mountKeys)
    case 'network':
    case 'network-add':
      return isListForm(value) ? listParts(value) : [{ name: 'name', start: 0, end: value.length }]
    default:
      return listParts(value)
  }
}

const keyMatcher = (key: string): ((name: string) => boolean) => {
  const matches = matcherOf(key)
  return name => matches(name) === true
}

/** `key=value`: the key decides, a key alone has an empty value. */
function keyed(written: string | undefined, key: string, range: Range, setting: (value: string | undefined, range: Range) => Setting[]): Setting[] {
  if (written === undefined) return []
  const equals = written.indexOf('=')
  const name = equals < 0 ? written : written.slice(0, equals)
  const value = equals < 0 ? '' : written.slice(equals + 1)
  return keyMatcher(key)(name) ? setting(value === '$' ? undefined : value, range) : []
}

const known = (value: string | undefined): readonly string[] | undefined => (value === undefined ? undefined : [value])

/** Entry points, as rows of the matrix name them. */
function viaOf(command: string): string {
  const [group] = command.split(' ')
  if (group === 'container') return 'run'
  // A Windows daemon builds with the classic builder unless it is told otherwise.
  return group === 'image' ? 'build-classic' : group === 'buildx' ? 'build-buildkit' : group ?? ''
}
