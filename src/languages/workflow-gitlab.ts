import { imagePlatform } from '../image.ts'
import type { Range, Text } from '../text.ts'
import { entriesOf, entryOf, resolve, type YamlDocument, type YamlEntry, type YamlList, type YamlNode } from '../yaml-tree.ts'
import { isEvidentlyPowerShell, scriptStep, type Job } from './workflow-job.ts'
import { anyMachine, machineOf, machinesNamed, platformOf, type Machine } from './workflow-machine.ts'
import { isMap, itemsOf, sessionsOf, spannedOf, textOf, withExpressions } from './workflow-node.ts'

/** How long chains of `extends` and references are followed. */
const maximumDepth = 11

/** How many lines of scripts are read that references bring, and one for each character: they may lead to each other. */
const maximumLines = 10_000

/** Keys at the top that are no jobs. */
const keywords = new Set(['default', 'include', 'stages', 'variables', 'workflow', 'image', 'services', 'before_script', 'after_script', 'cache', 'spec', 'types', 'pages_variables'])

/** `$[[ inputs.name ]]`: filled in when the file is included. */
const input = /\$\[\[[^[\]$\n]*\]\]/g

const scopeOn = () => () => undefined

/** The jobs of definitions of GitLab, hidden ones too: others may extend them. */
export function gitlabJobs(file: Text, documents: readonly YamlDocument[]): Promise<Job[]> {
  const tops = new Map(documents.flatMap(({ root }) => entriesOf(root)).map(entry => [entry.name, entry]))
  const budget = { lines: maximumLines + file.value.length }
  const jobs = [...tops.values()].filter(({ name, value }) => !keywords.has(name) && isMap(value))
  return Promise.resolve(jobs.map(job => new JobReader(file, tops, budget).read(job)))
}

class JobReader {
  readonly #file: Text
  readonly #tops: ReadonlyMap<string, YamlEntry>
  readonly #budget: { lines: number }
  /** Lists that are being read: one that leads back to itself is refused by GitLab. */
  readonly #open = new Set<YamlNode>()
  #unread: Range | undefined

  constructor(file: Text, tops: ReadonlyMap<string, YamlEntry>, budget: { lines: number }) {
    this.#file = file
    this.#tops = tops
    this.#budget = budget
  }

  read({ key, name, value: job }: YamlEntry): Job {
    const machines = this.#machines(job)
    // What only others extend runs on their machines, and is read with them.
    const sections = name.startsWith('.') ? [] : [['before_script', 'script'], ['after_script']]
    const steps = sections.flatMap(keys => this.#steps(keys.flatMap(each => this.#lines(this.#value(job, each), maximumDepth)), job, machines))
    return { name: { value: name, range: key.range }, platform: platformOf(machines), steps, ...(this.#unread ? { unread: this.#unread } : {}) }
  }

  /** A key of a job, of what it extends (the last wins), or the default. */
  #value(job: YamlNode | undefined, key: string): YamlNode | undefined {
    return this.#inherited(job, key, maximumDepth) ?? (key === 'script' || key === 'extends' ? undefined : entryOf(this.#tops.get('default')?.value, key)?.value ?? (key === 'tags' ? undefined : this.#tops.get(key)?.value))
  }

  /** `seen` are the names of jobs that have been asked already. */
  #inherited(job: YamlNode | undefined, key: string, depth: number, seen = new Set<string>()): YamlNode | undefined {
    const own = entryOf(job, key)
    if (own) return own.value
    if (depth === 0) return undefined
    for (const parent of itemsOf(entryOf(job, 'extends')?.value).reverse()) {
      const name = textOf(parent)?.value
      if (name === undefined || seen.has(name)) continue
      seen.add(name)
      const value = this.#inherited(this.#tops.get(name)?.value, key, depth - 1, seen)
      if (value) return value
    }
    return undefined
  }

  /** The lines of a script, those that `!reference [job, key]` brings included. */
  #lines(node: YamlNode | undefined, depth: number): Text[] {
    const resolved = resolve(node)?.node
    if (!resolved || depth === 0 || this.#open.has(resolved)) return []
    if (this.#budget.lines-- <= 0) {
      this.#unread ??= resolved.range
      return []
    }
    if (resolved.kind !== 'list') return [textOf(resolved)].filter(text => text !== undefined)
    this.#open.add(resolved)
    const lines = this.#linesOf(resolved, depth)
    this.#open.delete(resolved)
    return lines
  }

  #linesOf(resolved: YamlList, depth: number): Text[] {
    if (resolved.tag?.value !== '!reference') return resolved.items.flatMap(item => this.#lines(item, depth - 1))
    const [first, ...path] = resolved.items.map(item => textOf(item)?.value ?? '')
    let target = this.#tops.get(first ?? '')?.value
    for (const name of path) target = this.#inherited(target, name, depth - 1)
    return this.#lines(target, depth - 1)
  }

  #steps(lines: readonly Text[], job: YamlNode | undefined, machines: readonly Machine[]): Job['steps'] {
    const source = lines.map(({ value }) => value).join('\n')
    const isWindows = machines.every(({ system }) => system === 'windows')
    const isLinux = machines.every(({ system }) => system !== 'windows')
    const isPowerShell = isWindows || (!isLinux && !this.#value(job, 'image') && isEvidentlyPowerShell(source))
    return sessionsOf(this.#file, lines).map(text => scriptStep(machines, withExpressions(text, input), isPowerShell ? 'powershell' : 'bash', isLinux))
  }

  /** Which system tags, then the image, tell. */
  #machines(job: YamlNode | undefined): Machine[] {
    for (const tag of itemsOf(this.#value(job, 'tags'))) {
      const written = spannedOf(tag)
      const named = written && !written.value.includes('$') ? machinesNamed(written.value, written.range, 'the tag', false, scopeOn) : []
      if (named.length === 1) return named
    }
    const image = this.#value(job, 'image')
    const name = spannedOf(isMap(image) ? entryOf(image, 'name')?.value : image)
    const known = name && !name.value.includes('$') ? imagePlatform(name.value) : undefined
    if (name && known && known.os !== 'unknown') return [machineOf(known.os, name.range, known.because, false, scopeOn)]
    // The daemon of Docker in Docker is one of Linux, and so is its usual client's image.
    for (const service of [...itemsOf(this.#value(job, 'services')), ...itemsOf(image)]) {
      const written = spannedOf(isMap(service) ? entryOf(service, 'name')?.value : service)
      if (written && /(^|\/)docker(:|$)(?!.*windows)|dind/.test(written.value)) return [machineOf('linux', written.range, `the image \`${written.value}\``, false, scopeOn)]
    }
    return anyMachine(scopeOn)
  }
}
