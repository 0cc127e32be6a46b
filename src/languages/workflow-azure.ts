import type { Shell, Word } from '../command.ts'
import type { Range, Text } from '../text.ts'
import { entriesOf, entryOf, resolve, type YamlDocument, type YamlNode } from '../yaml-tree.ts'
import type { Scope } from './workflow-expression.ts'
import { commandStep, impliedWord, isEvidentlyBatch, optionWords, scriptStep, writtenWord, type Job, type JobStep } from './workflow-job.ts'
import { anyMachine, machineOf, machinesWhere, platformOf, systemNamed, type Machine, type ScopeOn, type System } from './workflow-machine.ts'
import { conditionalEntriesOf, isMap, itemsOf, spannedOf, textOf, valueOf, valuesOf, withExpressions } from './workflow-node.ts'

/** Variables by lower-case name. */
type Variables = ReadonlyMap<string, string>

/** Values of `Agent.OS`. */
const agentSystems: Readonly<Record<System, string>> = { windows: 'Windows_NT', linux: 'Linux', darwin: 'Darwin' }

/** `$(Build.BuildId)`: filled in before any shell reads the script, if there is such a variable. */
const macro = /\$\([A-Za-z_][\w.]*\)/g

/** What holds for a job and is said further out. */
interface Surroundings {
  readonly pools: readonly YamlNode[]
  readonly variables: Variables
  /** Containers that are declared at the top, by name. */
  readonly containers: ReadonlyMap<string, YamlNode>
  readonly conditions: readonly YamlNode[]
}

/** The jobs of pipelines of Azure, and of templates. */
export async function azureJobs(file: Text, documents: readonly YamlDocument[]): Promise<Job[]> {
  const jobs: Job[] = []
  for (const { root } of documents) {
    const outer = within({ pools: [], variables: new Map(), containers: containersOf(root), conditions: [] }, root)
    const extended = valueOf(valueOf(root, 'extends'), 'parameters')
    for (const part of [root, extended]) {
      for (const stage of itemsOf(valueOf(part, 'stages'))) jobs.push(...(await jobsOf(file, valueOf(stage, 'jobs'), within(outer, stage))))
      jobs.push(...(await jobsOf(file, valueOf(part, 'jobs'), outer)))
      const steps = entryOf(part, 'steps')
      if (steps) jobs.push(await jobOf(file, { value: 'steps', range: steps.key.range }, part, outer))
    }
  }
  return jobs
}

function within(outer: Surroundings, part: YamlNode | undefined): Surroundings {
  const pools = valuesOf(part, 'pool')
  const condition = valueOf(part, 'condition')
  return {
    ...outer,
    pools: pools.length > 0 ? pools : outer.pools,
    variables: new Map([...outer.variables, ...variablesOf(valueOf(part, 'variables'))]),
    conditions: condition ? [...outer.conditions, condition] : outer.conditions
  }
}

async function jobsOf(file: Text, list: YamlNode | undefined, outer: Surroundings): Promise<Job[]> {
  const jobs: Job[] = []
  for (const job of itemsOf(list)) {
    if (!isMap(job)) continue
    const name = ['job', 'deployment', 'template'].map(key => entryOf(job, key)).find(entry => entry !== undefined)
    if (name) jobs.push(await jobOf(file, { value: spannedOf(name.value)?.value ?? name.name, range: spannedOf(name.value)?.range ?? name.key.range }, job, within(outer, job)))
  }
  return jobs
}

async function jobOf(file: Text, name: Job['name'], job: YamlNode | undefined, surroundings: Surroundings): Promise<Job> {
  const { pools, conditions, containers } = surroundings
  const rows = matrixRows(valueOf(valueOf(job, 'strategy'), 'matrix'), surroundings.variables)
  const agents = rows.flatMap(row => machinesOf(pools, row))
  const machines = conditions.reduce<Machine[]>((left, condition) => machinesWhere(left, spannedOf(condition)), agents)
  const steps: JobStep[] = await containerSteps(file, job, containers, machines)
  for (const step of stepsIn(job)) steps.push(...(await stepsOf(file, step, machines)))
  return { name, platform: platformOf(machines), steps }
}

/** The steps of a job, or of the phases of a deployment, in order. */
function stepsIn(job: YamlNode | undefined): YamlNode[] {
  const phases = conditionalEntriesOf(valueOf(job, 'strategy')).flatMap(strategy => conditionalEntriesOf(strategy.value)).flatMap(phase => itemsOf(valueOf(phase.value, 'steps')))
  return [...['preSteps', 'steps', 'postSteps'].flatMap(key => itemsOf(valueOf(job, key))), ...phases]
}

/** `variables:` as a map, or as a list of names and values. */
function variablesOf(node: YamlNode | undefined): [string, string][] {
  if (resolve(node)?.node.kind === 'map') return entriesOf(node).flatMap(({ name, value }): [string, string][] => {
    const text = textOf(value)?.value
    return text === undefined ? [] : [[name.toLowerCase(), text]]
  })
  // A variable that conditions set in several ways has no value that we know.
  const all = itemsOf(node).flatMap((item): [string, string][] => {
    const name = textOf(valueOf(item, 'name'))?.value
    const value = textOf(valueOf(item, 'value'))?.value
    return name === undefined || value === undefined ? [] : [[name.toLowerCase(), value]]
  })
  return all.filter(([name, value]) => all.every(other => other[0] !== name || other[1] === value))
}

/** One row for each leg of a matrix, with the variables of that leg. */
function matrixRows(matrix: YamlNode | undefined, variables: Variables): Variables[] {
  const legs = conditionalEntriesOf(matrix).slice(0, 64)
  return legs.length === 0 ? [variables] : legs.map(({ value }) => new Map([...variables, ...variablesOf(value)]))
}

const scopeOf = (variables: Variables): ScopeOn => (system): Scope => path => {
  const name = path.replace(/^variables\./, '')
  if (name === 'agent.os') return system && agentSystems[system]
  const value = path.startsWith('variables.') ? variables.get(name) : undefined
  return value === undefined || /\$[({[]/.test(value) ? undefined : value
}

/** The agents of pools; where conditions choose one, each of them. */
function machinesOf(pools: readonly YamlNode[], variables: Variables): Machine[] {
  const scopeOn = scopeOf(variables)
  if (pools.length === 0) return anyMachine(scopeOn)
  return pools.flatMap(pool => poolMachines(pool, variables, scopeOn))
}

function poolMachines(pool: YamlNode, variables: Variables, scopeOn: ScopeOn): Machine[] {
  const images = valuesOf(pool, 'vmImage')
  if (images.length > 0) return images.flatMap(image => named(image, variables, 'the image of the agent', true, scopeOn))
  const signs = [...valuesOf(pool, 'os'), ...valuesOf(pool, 'demands').flatMap(demands => itemsOf(demands)), ...valuesOf(pool, 'image'), ...valuesOf(pool, 'name'), ...(isMap(pool) ? [] : [pool])]
  const found = signs.map(sign => named(sign, variables, 'the pool', false, scopeOn)).filter(machines => machines.length === 1).map(([machine]) => machine!)
  const systems = new Set(found.map(({ system }) => system))
  return systems.size === 1 ? [found[0]!] : anyMachine(scopeOn)
}

/** The machine whose system a text names, its variables put in. */
function named(node: YamlNode, variables: Variables, what: string, hosted: boolean, scopeOn: ScopeOn): Machine[] {
  const written = spannedOf(node)
  if (!written) return anyMachine(scopeOn)
  const name = written.value.replace(/\$\(([\w.-]+)\)|\$\{\{\s*variables\.([\w.-]+)\s*\}\}/g, (whole, macroName?: string, variable?: string) => variables.get((macroName ?? variable ?? '').toLowerCase()) ?? whole)
  // What is left to compute may name a system that it is not.
  const known = name.replace(/\$\([^)]*(?:\)|$)|\$\{\{[^]*?(?:\}\}|$)|\$\[[^\]]*(?:\]|$)/g, ' ')
  const system = systemNamed(known)
  return system === undefined ? anyMachine(scopeOn) : [machineOf(system, written.range, `${what} \`${name}\``, hosted, scopeOn, name)]
}

/** What a step runs. */
async function stepsOf(file: Text, step: YamlNode, all: readonly Machine[]): Promise<JobStep[]> {
  const machines = machinesWhere(all, spannedOf(valueOf(step, 'condition')))
  if (machines.length === 0) return []
  const run = (node: YamlNode | undefined, shell: StepShell | undefined): JobStep[] => {
    const text = textOf(node)
    return text && shell ? [scriptStep(machines, withExpressions(text, macro), shell.shell, shell.certain)] : []
  }
  for (const key of ['script', 'bash', 'pwsh', 'powershell'] as const) {
    const script = valueOf(step, key)
    if (script) return run(script, shellOf(key, machines, textOf(script)))
  }
  const task = textOf(valueOf(step, 'task'))
  const inputs = valueOf(step, 'inputs')
  const [, name] = /^(\w+)@\d+$/.exec(task?.value.trim() ?? '') ?? []
  switch (name?.toLowerCase()) {
    case 'cmdline': return run(valueOf(inputs, 'script'), shellOf('script', machines, textOf(valueOf(inputs, 'script'))))
    case 'bash': return run(valueOf(inputs, 'script'), shellOf('bash', machines))
    case 'powershell': return run(valueOf(inputs, 'script'), shellOf('powershell', machines))
    case 'azurecli': return run(valueOf(inputs, 'inlineScript'), scriptTypes[textOf(valueOf(inputs, 'scriptType'))?.value.toLowerCase() ?? ''])
    case 'azurepowershell': return run(valueOf(inputs, 'inline'), shellOf('powershell', machines))
    case 'docker': return dockerTask(file, task!, inputs, machines)
    default: return []
  }
}

interface StepShell {
  readonly shell: Shell
  readonly certain: boolean
}

const scriptTypes: Readonly<Record<string, StepShell>> = {
  bash: { shell: 'bash', certain: true }, batch: { shell: 'cmd', certain: true }, ps: { shell: 'powershell', certain: true }, pscore: { shell: 'powershell', certain: true }
}

/** `script:` is read by the command line of the agent's system, the others by the shell they name. */
function shellOf(key: 'script' | 'bash' | 'pwsh' | 'powershell', machines: readonly Machine[], script?: Text): StepShell {
  if (key !== 'script') return { shell: key === 'bash' ? 'bash' : 'powershell', certain: true }
  const windows = machines.filter(({ system }) => system === 'windows')
  if (windows.some(({ evidence }) => evidence)) return { shell: 'cmd', certain: windows.length === machines.length }
  return { shell: windows.length > 0 && script && isEvidentlyBatch(script.value) ? 'cmd' : 'bash', certain: windows.length === 0 }
}

/** The command that the task Docker@2 composes. */
async function dockerTask(file: Text, task: Text, inputs: YamlNode | undefined, machines: readonly Machine[]): Promise<JobStep[]> {
  const command = textOf(valueOf(inputs, 'command'))
  const name = command?.value.trim().toLowerCase()
  // `buildAndPush` takes no arguments.
  if (!command || !name || !/^[a-z]+$/.test(name) || name === 'buildandpush') return []
  const given = textOf(valueOf(inputs, 'arguments'))
  const words = [
    impliedWord(file, 'docker', command.whole), impliedWord(file, name, command.whole),
    ...(given ? await optionWords(withExpressions(given, macro)) : []),
    ...(name === 'build' ? [impliedWord(file, '.', command.whole)] : [])
  ]
  return [commandStep(machines, { words, range: spanOf([task, command, ...(given ? [given] : [])].map(({ whole }) => whole)), guards: [] })]
}

const spanOf = (ranges: readonly Range[]): Range => [Math.min(...ranges.map(([start]) => start)), Math.max(...ranges.map(([, end]) => end))]

function containersOf(root: YamlNode | undefined): ReadonlyMap<string, YamlNode> {
  return new Map(itemsOf(valueOf(valueOf(root, 'resources'), 'containers')).flatMap((item): [string, YamlNode][] => {
    const name = textOf(valueOf(item, 'container'))?.value
    return name === undefined ? [] : [[name, item]]
  }))
}

/** `docker create`, as the agent calls it for the containers that a job names. */
async function containerSteps(file: Text, job: YamlNode | undefined, containers: ReadonlyMap<string, YamlNode>, machines: readonly Machine[]): Promise<JobStep[]> {
  const steps: JobStep[] = []
  for (const node of [...valuesOf(job, 'container'), ...conditionalEntriesOf(valueOf(job, 'services')).flatMap(({ value }) => value ?? [])]) {
    const container = isMap(node) ? node : containers.get(textOf(node)?.value ?? '')
    const image = textOf(valueOf(container, 'image'))
    const options = textOf(valueOf(container, 'options'))
    if (!image || !options) continue
    const words: Word[] = [impliedWord(file, 'docker', image.whole), impliedWord(file, 'create', image.whole), ...(await optionWords(withExpressions(options, macro))), writtenWord(image)]
    steps.push(commandStep(machines, { words, range: spanOf([image.whole, options.whole]), guards: [] }))
  }
  return steps
}
