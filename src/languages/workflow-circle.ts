import type { Shell } from '../command.ts'
import type { Text } from '../text.ts'
import { entriesOf, entryOf, resolve, type YamlDocument, type YamlEntry, type YamlNode } from '../yaml-tree.ts'
import { isEvidentlyPowerShell, scriptStep, type Job, type JobStep } from './workflow-job.ts'
import { anyMachine, machineOf, machinesNamed, platformOf, type Machine } from './workflow-machine.ts'
import { isMap, itemsOf, spannedOf, textOf, withExpressions } from './workflow-node.ts'

/** `<< parameters.name >>`: filled in before any shell reads the script. */
const parameter = /<<\s*[\w.-]+\s*>>/g

const scopeOn = () => () => undefined

/** The jobs and the reusable commands of a configuration of CircleCI. */
export function circleJobs(_file: Text, documents: readonly YamlDocument[]): Promise<Job[]> {
  return Promise.resolve(documents.flatMap(({ root }) => {
    const executors = new Map(entriesOf(entryOf(root, 'executors')?.value).map(({ name, value }) => [name, value]))
    const jobs = entriesOf(entryOf(root, 'jobs')?.value).map(entry => jobOf(entry, machinesOf(entry.value, executors, 3), shellIn(entry.value, executors)))
    const commands = entriesOf(entryOf(root, 'commands')?.value).map(entry => jobOf(entry, anyMachine(scopeOn), undefined))
    return [...jobs, ...commands]
  }))
}

function jobOf({ key, name, value }: YamlEntry, machines: readonly Machine[], shell: string | undefined): Job {
  return { name: { value: name, range: key.range }, platform: platformOf(machines), steps: stepsIn(entryOf(value, 'steps')?.value, machines, shell, 10) }
}

function stepsIn(steps: YamlNode | undefined, machines: readonly Machine[], shell: string | undefined, depth: number): JobStep[] {
  if (depth === 0) return []
  return itemsOf(steps).flatMap(step => {
    const run = entryOf(step, 'run')?.value
    const inner = ['when', 'unless'].flatMap(key => stepsIn(entryOf(entryOf(step, key)?.value, 'steps')?.value, machines, shell, depth - 1))
    const text = textOf(isMap(run) ? entryOf(run, 'command')?.value : run)
    if (!text) return inner
    return [...inner, ...stepOf(text, machines, textOf(entryOf(run, 'shell')?.value)?.value ?? shell)]
  })
}

function stepOf(text: Text, machines: readonly Machine[], written: string | undefined): JobStep[] {
  const isWindows = machines.every(({ system }) => system === 'windows')
  const shell = written === undefined ? (isWindows && isEvidentlyPowerShell(text.value) ? 'powershell' : 'bash') : shellNamed(written)
  return shell ? [scriptStep(machines, withExpressions(text, parameter), shell, written !== undefined || !isWindows)] : []
}

function shellNamed(written: string): Shell | undefined {
  const name = written.trim().split(/\s+/)[0]!.replace(/^.*[\\/]/, '').replace(/\.exe$/i, '').toLowerCase()
  if (name === 'powershell' || name === 'pwsh') return 'powershell'
  return name === 'cmd' ? 'cmd' : /^(ba|z|da)?sh$/.test(name) ? 'bash' : undefined
}

type Executors = ReadonlyMap<string, YamlNode | undefined>

/** The name of the executor that a job asks for. */
function executorName(job: YamlNode | undefined): { readonly value: string; readonly range: Job['name']['range'] } | undefined {
  const executor = entryOf(job, 'executor')?.value
  return spannedOf(isMap(executor) ? entryOf(executor, 'name')?.value : executor)
}

/** The machines of a job, or of the executor that it names. */
function machinesOf(job: YamlNode | undefined, executors: Executors, depth: number): Machine[] {
  const name = executorName(job)
  if (name && depth > 0) {
    const own = executors.get(name.value)
    if (own) return machinesOf(own, executors, depth - 1)
    // Executors of an orb: `win/default`, `windows/server-2022`.
    return machinesNamed(name.value, name.range, 'the executor', false, scopeOn)
  }
  const resource = spannedOf(entryOf(job, 'resource_class')?.value)
  const machine = entryOf(job, 'machine')
  const image = spannedOf(entryOf(machine?.value, 'image')?.value)
  for (const written of [image, resource]) {
    const named = written ? machinesNamed(written.value, written.range, 'the machine', false, scopeOn) : []
    if (named.length === 1) return named
  }
  const docker = entryOf(job, 'docker') ?? entryOf(job, 'macos')
  if (docker) return [machineOf('linux', docker.key.range, `the executor \`${docker.name}\``, false, scopeOn)]
  // `machine: true` has Linux.
  if (machine && resolve(machine.value)?.node.kind === 'scalar') return [machineOf('linux', machine.key.range, 'the executor `machine`', false, scopeOn)]
  return anyMachine(scopeOn)
}

/** The shell that a job, its executor or the orb of its executor sets. */
function shellIn(job: YamlNode | undefined, executors: Executors): string | undefined {
  const own = textOf(entryOf(job, 'shell')?.value)?.value
  if (own !== undefined) return own
  const executor = entryOf(job, 'executor')?.value
  const given = textOf(entryOf(executor, 'shell')?.value)?.value
  const name = executorName(job)?.value
  if (given !== undefined || name === undefined) return given
  const definition = executors.get(name)
  if (definition) return textOf(entryOf(definition, 'shell')?.value)?.value
  return /^win(dows)?\//.test(name) ? 'powershell.exe' : undefined
}
