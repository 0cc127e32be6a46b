import type { Shell } from '../command.ts'
import type { Text } from '../text.ts'
import { entriesOf, entryOf, type YamlDocument, type YamlNode } from '../yaml-tree.ts'
import { scriptStep, type Job, type JobStep } from './workflow-job.ts'
import { anyMachine, machineOf, machinesNamed, platformOf, type Machine } from './workflow-machine.ts'
import { isMap, itemsOf, spannedOf, textOf } from './workflow-node.ts'

const sections = ['init', 'install', 'before_build', 'build_script', 'after_build', 'before_package', 'before_test', 'test_script', 'after_test', 'before_deploy', 'deploy_script', 'after_deploy', 'on_success', 'on_failure', 'on_finish']

const scopeOn = () => () => undefined

/** The build of a definition of AppVeyor, and those of its `for:` parts. */
export function appveyorJobs(_file: Text, documents: readonly YamlDocument[]): Promise<Job[]> {
  const jobs: Job[] = []
  for (const { root } of documents) {
    const machines = machinesOf(root)
    const build = jobOf(root, 'build', [root?.range[0] ?? 0, root?.range[0] ?? 0], machines)
    if (build) jobs.push(build)
    itemsOf(entryOf(root, 'for')?.value).forEach((part, index) => {
      const only = itemsOf(entryOf(entryOf(part, 'matrix')?.value, 'only')?.value)
      const own = [part, ...only].flatMap(namedMachines)
      const special = jobOf(part, `for ${index + 1}`, part.range, own.length > 0 ? own : machines)
      if (special) jobs.push(special)
    })
  }
  return Promise.resolve(jobs)
}

/** The machines that images name; without any the build runs on Windows. */
function machinesOf(root: YamlNode | undefined): Machine[] {
  const jobs = [...itemsOf(entryOf(entryOf(root, 'environment')?.value, 'matrix')?.value)]
  const named = [entryOf(root, 'environment')?.value, root, ...jobs].flatMap(namedMachines)
  if (named.length > 0) return named
  return root ? [machineOf('windows', [root.range[0], root.range[0]], 'AppVeyor, whose default machine is one with Windows', false, scopeOn)] : anyMachine(scopeOn)
}

function namedMachines(part: YamlNode | undefined): Machine[] {
  const images = [...itemsOf(entryOf(part, 'image')?.value), ...itemsOf(entryOf(part, 'APPVEYOR_BUILD_WORKER_IMAGE')?.value)]
  return images.flatMap(image => {
    const written = spannedOf(image)
    if (!written) return []
    // `Visual Studio 2022` and its kind are machines with Windows.
    return /^(previous |preview )?visual studio|^WMF/i.test(written.value) ? [machineOf('windows', written.range, `the image \`${written.value}\``, false, scopeOn, written.value)] : machinesNamed(written.value, written.range, 'the image', false, scopeOn)
  })
}

function jobOf(part: YamlNode | undefined, name: string, range: Job['name']['range'], machines: readonly Machine[]): Job | undefined {
  const written = entriesOf(part).filter(entry => sections.includes(entry.name))
  if (written.length === 0) return undefined
  const inOrder = [...written].sort((a, b) => sections.indexOf(a.name) - sections.indexOf(b.name))
  return { name: { value: name, range: name === 'build' ? written[0]!.key.range : range }, platform: platformOf(machines), steps: inOrder.flatMap(section => itemsOf(section.value).flatMap(item => stepsOf(item, machines))) }
}

const shells: Readonly<Record<string, Shell>> = { ps: 'powershell', pwsh: 'powershell', cmd: 'cmd', sh: 'bash' }

/** An item: a command for the machine's own shell, or one for a shell that it names. */
function stepsOf(item: YamlNode, machines: readonly Machine[]): JobStep[] {
  const windows = machines.filter(({ system }) => system === 'windows')
  const others = machines.filter(({ system }) => system !== 'windows')
  const step = (text: Text | undefined, shell: Shell): JobStep[] => {
    // `cmd:` is for Windows only, `sh:` for the others.
    const chosen = shell === 'cmd' ? windows : shell === 'bash' ? others : machines
    return text && chosen.length > 0 ? [scriptStep(chosen, text, shell, true)] : []
  }
  if (!isMap(item)) return step(textOf(item), windows.length > 0 ? 'cmd' : 'bash')
  return entriesOf(item).flatMap(({ name, value }) => {
    const shell = Object.hasOwn(shells, name) ? shells[name] : undefined
    return shell ? step(textOf(value), shell) : []
  })
}
