import type { Guard, Shell } from '../command.ts'
import type { Platform } from '../intent.ts'
import type { Language, Reading } from '../language.ts'
import { entriesOf, resolve, type YamlEntry, type YamlNode, type YamlScalar } from '../yaml-tree.ts'
import type { EmbeddedScript } from './embedded-script.ts'
import { withHoles } from './hole.ts'

/** Modules that run a command, what reads it, and the systems that have them. */
const modules: Readonly<Record<string, { readonly shell: Shell; readonly os?: 'windows' | 'linux' }>> = {
  win_shell: { shell: 'powershell', os: 'windows' },
  win_command: { shell: 'cmd', os: 'windows' },
  win_powershell: { shell: 'powershell', os: 'windows' },
  shell: { shell: 'bash', os: 'linux' },
  command: { shell: 'bash', os: 'linux' },
  raw: { shell: 'bash' }
}
const moduleName = /^(?:ansible\.(?:windows|builtin|legacy)\.)?(win_shell|win_command|win_powershell|shell|command|raw)$/
const taskLists = new Set(['tasks', 'pre_tasks', 'post_tasks', 'handlers', 'block', 'rescue', 'always'])
const playKeys = new Set([...taskLists, 'hosts', 'roles', 'import_playbook', 'ansible.builtin.import_playbook'])
const deepest = 50
// What is not closed is computed to its end: nothing is looked at twice.
// eslint-disable-next-line regexp/no-super-linear-move -- it cannot fail once it has begun
const template = /\{\{(?:[^]*?\}\}|[^]*)|\{%(?:[^]*?%\}|[^]*)/g

/** Playbooks and lists of tasks: the commands that they run. */
export default {
  id: 'ansible',
  mayBe: path => /\.ya?ml$/i.test(path),
  recognises: (_path, source) => /^[ \t]*-[ \t]/m.test(source) && /docker/i.test(source) && /^[ \t-]*["']?(?:ansible\.\w+\.)?(?:win_)?(?:shell|command|raw|powershell)["']?[ \t]*:/m.test(source),
  async read(file, matrix) {
    const [{ readExpandableDocuments }, { readScripts }] = await Promise.all([import('../yaml-document.ts'), import('./embedded-script.ts')])
    const documents = await readExpandableDocuments(file)
    const lists = documents.flatMap(({ root }) => (isAnsible(root) ? [root] : []))
    if (lists.length === 0) return undefined
    const found: EmbeddedScript[] = []
    for (const list of lists) collect(list, [], found, 0)
    const scripts = found.filter(({ text }) => /docker/i.test(text.value)).map(script => ({ ...script, text: withHoles(script.text, template) }))
    const reading = await readScripts(scripts, matrix)
    return { ...reading, comments: documents.flatMap(({ comments }) => comments) } satisfies Reading
  }
} satisfies Language

/** A list of plays or of tasks, one of which runs something. */
function isAnsible(root: YamlNode | undefined): boolean {
  const list = resolve(root)?.node
  if (list?.kind !== 'list') return false
  return list.items.some(item => {
    const entries = entriesOf(item)
    return entries.some(({ name }) => playKeys.has(name)) || (entries.some(({ name }) => name.startsWith('ansible.') || ['name', 'when', 'register', 'become', 'changed_when'].includes(name)) && entries.some(({ name }) => moduleName.test(name)))
  })
}

/** Collects the scripts of plays and tasks, of blocks in blocks too. */
function collect(node: YamlNode | undefined, guards: readonly Guard[], scripts: EmbeddedScript[], depth: number): void {
  const list = resolve(node)?.node
  if (list?.kind !== 'list' || depth > deepest) return
  for (const item of list.items) {
    const entries = entriesOf(item)
    const own = [...guards, ...entries.filter(({ name }) => name === 'when').flatMap(guardsOf)]
    const isPowerShell = entries.some(({ name, value }) => name === 'args' && textAt(value, 'executable')?.text.value.match(/pwsh|powershell/i))
    for (const entry of entries) {
      if (taskLists.has(entry.name)) collect(entry.value, own, scripts, depth + 1)
      else {
        const name = moduleName.exec(entry.name)?.[1]
        const command = name === undefined ? undefined : (scalarOf(entry.value) ?? textAt(entry.value, 'cmd') ?? textAt(entry.value, 'script') ?? textAt(entry.value, '_raw_params'))
        if (name !== undefined && command) scripts.push({ shell: isPowerShell ? 'powershell' : modules[name]!.shell, text: command.text, guards: own, platform: platformOf(entry, modules[name]!.os) })
      }
    }
  }
}

const scalarOf = (node: YamlNode | undefined): YamlScalar | undefined => {
  const scalar = resolve(node)?.node
  return scalar?.kind === 'scalar' ? scalar : undefined
}

const textAt = (node: YamlNode | undefined, name: string): YamlScalar | undefined => scalarOf(entriesOf(node).find(entry => entry.name === name)?.value)

function platformOf({ name, key }: YamlEntry, os: 'windows' | 'linux' | undefined): Platform | undefined {
  return os && { os, declared: false, evidence: [{ os, says: `\`${name}\`, which ${os === 'windows' ? 'only Windows has' : 'Windows does not have'}`, range: key.range }] }
}

/** `ansible_os_family == 'Windows'` and its kin; each item of a list holds. */
function guardsOf({ value }: YamlEntry): Guard[] {
  const node = resolve(value)?.node
  const conditions = node?.kind === 'list' ? node.items : [node]
  return conditions.flatMap(condition => {
    const scalar = scalarOf(condition)
    if (!scalar) return []
    return scalar.text.value.split(/\band\b/).flatMap(part => guardOf(part, scalar) ?? [])
  })
}

function guardOf(condition: string, { range }: YamlScalar): Guard | undefined {
  if (/\b(or|not|if|else)\b/.test(condition)) return undefined
  const [, compared, system] = /^[\s(]*(?:ansible_facts(?:\.|\[["']))?(?:ansible_)?(?:os_family|system|distribution)(?:["']\])?\s*([!=]=)\s*["']([\w ]+)["'][\s)]*$/.exec(condition) ?? []
  if (system === undefined) return undefined
  const holds = compared === '=='
  if (/^(Windows|Win32NT|Microsoft Windows.*)$/i.test(system)) return { os: 'windows', holds, range }
  if (/^Darwin$/i.test(system)) return { os: 'darwin', holds, range }
  // Not to be Debian proves nothing.
  return holds || system === 'Linux' ? { os: 'linux', holds, range } : undefined
}
