import type { Shell, Word } from '../command.ts'
import type { Range, Text } from '../text.ts'
import { entriesOf, entryOf, resolve, type YamlDocument, type YamlNode } from '../yaml-tree.ts'
import { actionCommand } from './workflow-action.ts'
import { evaluateText, type Scope } from './workflow-expression.ts'
import { matrixRows, type MatrixRow } from './workflow-github-matrix.ts'
import { commandStep, impliedWord, isEvidentlyPowerShell, optionWords, scriptStep, writtenWord, type Job, type JobStep } from './workflow-job.ts'
import { anyMachine, machineOf, machinesWhere, platformOf, systemNamed, type Machine, type ScopeOn, type System } from './workflow-machine.ts'
import { itemsOf, spannedOf, textOf } from './workflow-node.ts'

/** Labels of runners with Windows that GitHub hosts. */
const hostedWindows = /^windows-(latest|20(16|19|22|25)|11-arm|2025-vs2026)$/i

/** Names of systems in the context `runner`. */
const runnerSystems: Readonly<Record<System, string>> = { windows: 'Windows', linux: 'Linux', darwin: 'macOS' }

/** The jobs of workflows of GitHub Actions, and of composite actions. */
export async function githubJobs(file: Text, documents: readonly YamlDocument[]): Promise<Job[]> {
  const jobs: Job[] = []
  for (const { root } of documents) {
    const runs = entryOf(root, 'runs')
    if (runs && entryOf(runs.value, 'steps')) {
      const machines = anyMachine(scopeOf({ values: new Map(), complete: false }))
      jobs.push({ name: { value: nameOf(root) ?? 'action', range: runs.key.range }, platform: platformOf(machines), steps: stepsOf(file, entryOf(runs.value, 'steps')?.value, machines, []) })
    }
    for (const { key, name, value } of entriesOf(entryOf(root, 'jobs')?.value)) jobs.push(await jobOf(file, { value: name, range: key.range }, value, root))
  }
  return jobs
}

const nameOf = (root: YamlNode | undefined): string | undefined => spannedOf(entryOf(root, 'name')?.value)?.value

async function jobOf(file: Text, name: Job['name'], job: YamlNode | undefined, root: YamlNode | undefined): Promise<Job> {
  const rows = matrixRows(entryOf(entryOf(job, 'strategy')?.value, 'matrix')?.value)
  const runners = rows.flatMap(row => machinesOf(entryOf(job, 'runs-on')?.value, row))
  const machines = containerMachines(job, machinesWhere(runners, spannedOf(entryOf(job, 'if')?.value)))
  const defaults = [job, root].map(node => entryOf(entryOf(entryOf(node, 'defaults')?.value, 'run')?.value, 'shell')?.value)
  return {
    name,
    platform: platformOf(machines),
    steps: [...(await containerSteps(file, job, machines)), ...stepsOf(file, entryOf(job, 'steps')?.value, machines, defaults)]
  }
}

const scopeOf = ({ values, complete }: MatrixRow): ScopeOn => (system): Scope => path => {
  if (path === 'runner.os') return system && runnerSystems[system]
  if (!path.startsWith('matrix.')) return undefined
  const name = path.slice('matrix.'.length)
  const written = values.get(name)
  // What is not there is empty, unless it may be in something computed.
  if (written === undefined) return complete && !name.split('.').some((_part, index, parts) => values.has(parts.slice(0, index + 1).join('.'))) ? null : undefined
  const text = textOf(written)?.value
  return text === undefined || text.includes('${{') ? undefined : text
}

/** What `runs-on:` asks for, in a row of the matrix. */
function machinesOf(runsOn: YamlNode | undefined, row: MatrixRow): Machine[] {
  const scopeOn = scopeOf(row)
  const node = resolve(runsOn)?.node
  if (!node) return anyMachine(scopeOn)
  const labels = node.kind === 'map' ? [...itemsOf(entryOf(node, 'labels')?.value), ...itemsOf(entryOf(node, 'group')?.value)] : itemsOf(node)
  const written = labels.flatMap(label => matrixList(label, row)).flatMap(label => spannedOf(label) ?? [])
  const range = written[0]?.range ?? node.range
  // Of a label that is not known, what is written around expressions is: `windows-${{ … }}`.
  const choices = written.map(({ value }) => evaluateText(value, scopeOn(undefined)).map(name => String(name ?? value.replace(/\$\{\{[^]*?(?:\}\}|$)/g, '?'))))
  return alternatives(choices).flatMap(names => {
    const system = systemNamed(names.join(' '))
    if (system === undefined) return anyMachine(scopeOn)
    const azure = names.length === 1 && hostedWindows.test(names[0]!)
    return [machineOf(system, placeOf(written.map(each => each.range), range), `the runner \`${names.join(' ').trim()}\``, azure, scopeOn, names.join(' ').trim())]
  })
}

const placeOf = (ranges: readonly Range[], whole: Range): Range => (ranges.length > 0 ? [ranges[0]![0], ranges.at(-1)![1]] : whole)

/** `${{ matrix.runner }}` where the matrix has a list of labels. */
function matrixList(label: YamlNode, { values }: MatrixRow): YamlNode[] {
  const [, path] = /^\s*\$\{\{\s*matrix\.([\w.-]+)\s*\}\}\s*$/i.exec(textOf(label)?.value ?? '') ?? []
  const value = path === undefined ? undefined : resolve(values.get(path.toLowerCase()))?.node
  if (value?.kind === 'list') return itemsOf(value)
  return value?.kind === 'map' ? itemsOf(entryOf(value, 'labels')?.value) : [label]
}

/** Every choice of one of each. */
function alternatives(choices: readonly (readonly string[])[]): string[][] {
  return choices.reduce<string[][]>((all, values) => all.flatMap(chosen => values.map(value => [...chosen, value])).slice(0, 16), [[]])
}

/** Jobs in containers, and with services, run on Linux only: the runner refuses them elsewhere. */
function containerMachines(job: YamlNode | undefined, machines: readonly Machine[]): Machine[] {
  const container = entryOf(job, 'container') ?? entryOf(job, 'services')
  if (!container?.value || !machines.some(({ system }) => system === 'linux')) return [...machines]
  return machines.filter(({ system }) => system === 'linux').map(machine => (machine.evidence ? machine : { ...machine, evidence: { os: 'linux', says: `\`${container.name}:\`, which only runners with Linux take`, range: container.key.range } }))
}

/** `docker create`, as the runner calls it for the job's container and its services. */
async function containerSteps(file: Text, job: YamlNode | undefined, machines: readonly Machine[]): Promise<JobStep[]> {
  const container = entryOf(job, 'container')
  const definitions = [...(container ? [container] : []), ...entriesOf(entryOf(job, 'services')?.value)]
  const steps: JobStep[] = []
  for (const { key, value } of definitions) {
    const node = resolve(value)?.node
    const image = textOf(node?.kind === 'map' ? entryOf(node, 'image')?.value : node)
    if (!node || !image) continue
    const options = textOf(entryOf(node, 'options')?.value)
    const words = [
      impliedWord(file, 'docker', key.range), impliedWord(file, 'create', key.range),
      ...repeated(file, 'publish', entryOf(node, 'ports')?.value), ...repeated(file, 'volume', entryOf(node, 'volumes')?.value),
      ...(options ? await optionWords(options) : []), writtenWord(image)
    ]
    steps.push(commandStep(machines, { words, range: [key.range[0], node.range[1]], guards: [] }))
  }
  return steps
}

/** `--name value` for each item of a list. */
function repeated(file: Text, name: string, list: YamlNode | undefined): Word[] {
  return itemsOf(list).flatMap(item => {
    const text = textOf(item)
    return text ? [impliedWord(file, `--${name}`, text.whole), writtenWord(text)] : []
  })
}

/** What steps run: scripts, and commands that actions compose. */
function stepsOf(file: Text, steps: YamlNode | undefined, machines: readonly Machine[], defaults: readonly (YamlNode | undefined)[]): JobStep[] {
  const shellIn = (step: YamlNode): Text | undefined => [entryOf(step, 'shell')?.value, ...defaults].map(textOf).find(text => text !== undefined)
  const runs = itemsOf(steps).map(step => ({ step, script: textOf(entryOf(step, 'run')?.value), written: shellIn(step) }))
  // Where the machine is not known, what the scripts for its own shell look like tells which one it is.
  const guessed = runs.some(({ script, written }) => script && !written && isEvidentlyPowerShell(script.value)) ? 'powershell' : 'bash'
  return runs.flatMap(({ step, script, written }) => {
    const chosen = machinesWhere(machines, spannedOf(entryOf(step, 'if')?.value))
    if (!script) {
      const command = actionCommand(file, step)
      return command ? [commandStep(chosen, command)] : []
    }
    const read = shellOf(written, chosen, guessed)
    if (!read) return []
    const { shell, certain, system } = read
    return [scriptStep(systemIn(chosen, system, written), script, shell, certain)]
  })
}

interface StepShell {
  readonly shell: Shell
  readonly certain: boolean
  /** The system that has this shell, if only one has. */
  readonly system?: System
}

/** A shell that one system has decides where nothing else does. */
function systemIn(machines: readonly Machine[], system: System | undefined, written: Text | undefined): readonly Machine[] {
  const those = machines.filter(machine => machine.system === system)
  if (!system || !written || those.length === 0) return machines
  return those.map(machine => (machine.evidence ? machine : { ...machine, evidence: { os: system === 'windows' ? 'windows' : 'linux', says: `the shell \`${written.value}\``, range: written.whole } }))
}

/** The shell that a step names, or the default one of its machine: what matters is how Windows reads it. */
function shellOf(written: Text | undefined, machines: readonly Machine[], guessed: Shell): StepShell | undefined {
  const windows = machines.find(({ system }) => system === 'windows')
  const machine = windows ?? machines[0]
  if (!machine) return undefined
  if (written) {
    const values = evaluateText(written.value, machine.scope)
    return values.length === 1 && typeof values[0] === 'string' ? shellNamed(values[0]) : undefined
  }
  if (!windows) return { shell: 'bash', certain: true }
  // Of a machine that is only a possibility the default shell is one too.
  return windows.evidence ? { shell: 'powershell', certain: machines.every(({ system }) => system === 'windows') } : { shell: guessed, certain: false }
}

/** What a value of `shell:` runs. */
function shellNamed(value: string): StepShell | undefined {
  const name = value.trim().split(/\s+/)[0]!.replace(/^.*[\\/]/, '').replace(/\.exe$/i, '').toLowerCase()
  // Windows PowerShell and cmd are on runners with Windows only.
  if (name === 'powershell') return { shell: 'powershell', certain: true, system: 'windows' }
  if (name === 'cmd') return { shell: 'cmd', certain: true, system: 'windows' }
  if (name === 'pwsh') return { shell: 'powershell', certain: true }
  if (name === 'bash' || name === 'sh' || name === 'zsh') return { shell: 'bash', certain: true }
  return /^(msys2|cygwin)$/.test(name) ? { shell: 'bash', certain: true, system: 'windows' } : undefined
}
