import type { Text } from '../text.ts'
import { entriesOf, entryOf, resolve, type YamlDocument, type YamlNode } from '../yaml-tree.ts'
import { scriptStep, type Job, type JobStep } from './workflow-job.ts'
import { machineOf, platformOf, systemNamed, type Machine } from './workflow-machine.ts'
import { isMap, itemsOf, sessionsOf, spannedOf, textOf } from './workflow-node.ts'

const scopeOn = () => () => undefined

/** How deep pipelines are searched for steps. */
const maximumDepth = 20

/** The steps of pipelines of Bitbucket. */
export function bitbucketJobs(file: Text, documents: readonly YamlDocument[]): Promise<Job[]> {
  const jobs: Job[] = []
  const search = (node: YamlNode | undefined, depth: number): void => {
    const resolved = resolve(node)?.node
    if (!resolved || resolved.kind === 'scalar' || depth === 0) return
    if (resolved.kind === 'list') return resolved.items.forEach(item => search(item, depth - 1))
    for (const { key, name, value } of entriesOf(resolved)) {
      if (name !== 'step') search(value, depth - 1)
      else {
        const title = spannedOf(entryOf(value, 'name')?.value) ?? { value: name, range: key.range }
        const machines = bitbucketMachines(value, key.range)
        const steps = ['script', 'after-script'].flatMap(each => commandSteps(file, entryOf(value, each)?.value, machines))
        jobs.push({ name: title, platform: platformOf(machines), steps })
      }
    }
  }
  for (const { root } of documents) search(entryOf(root, 'pipelines')?.value, maximumDepth)
  return Promise.resolve(jobs)
}

/** Steps run in containers of Linux, but on runners with Windows that are one's own. */
function bitbucketMachines(step: YamlNode | undefined, range: Job['name']['range']): Machine[] {
  for (const label of itemsOf(entryOf(step, 'runs-on')?.value)) {
    const written = spannedOf(label)
    const system = written && systemNamed(written.value)
    if (written && system) return [machineOf(system, written.range, `the runner \`${written.value}\``, false, scopeOn, written.value)]
  }
  return [machineOf('linux', range, 'Bitbucket Pipelines, whose steps run on Linux', false, scopeOn)]
}

/** The pipelines of Drone and of Woodpecker: PowerShell on Windows, a shell of Linux elsewhere. */
export function droneJobs(file: Text, documents: readonly YamlDocument[]): Promise<Job[]> {
  return Promise.resolve(documents.flatMap(({ root }): Job[] => {
    const steps = entryOf(root, 'steps') ?? entryOf(root, 'pipeline')
    if (!steps) return []
    const machines = droneMachines(root, steps.key.range)
    const each = isMap(steps.value) ? entriesOf(steps.value).map(({ value }) => value) : itemsOf(steps.value)
    const name = spannedOf(entryOf(root, 'name')?.value) ?? { value: steps.name, range: steps.key.range }
    return [{ name, platform: platformOf(machines), steps: each.flatMap(step => commandSteps(file, entryOf(step, 'commands')?.value, machines)) }]
  }))
}

function droneMachines(root: YamlNode | undefined, range: Job['name']['range']): Machine[] {
  const platform = entryOf(root, 'platform')?.value
  const written = [isMap(platform) ? entryOf(platform, 'os')?.value : platform, entryOf(entryOf(root, 'labels')?.value, 'platform')?.value].map(spannedOf).find(each => each !== undefined)
  const system = written && systemNamed(written.value)
  return system ? [machineOf(system, written.range, `the platform \`${written.value}\``, false, scopeOn)] : [machineOf('linux', range, 'no platform: the default is Linux', false, scopeOn)]
}

/** The lines of a script, which one shell reads. */
function commandSteps(file: Text, lines: YamlNode | undefined, machines: readonly Machine[]): JobStep[] {
  const shell = machines.every(({ system }) => system === 'windows') ? 'powershell' : 'bash'
  const texts = itemsOf(lines).flatMap(item => textOf(item) ?? [])
  return sessionsOf(file, texts).map(text => scriptStep(machines, text, shell, true))
}
