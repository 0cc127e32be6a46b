import { child, entriesAt } from './compose-node.ts'
import { readProject, type ComposeProject, type Files, type Origin, type ProjectMap, type ProjectRequest } from './compose-project.ts'
import type { Diagnostic } from './diagnostic.ts'
import { imagePlatform } from './image.ts'
import type { Subject } from './language.ts'
import { lint, type Knowledge, type LintOptions } from './linter.ts'
import { migrationStep, type MigrationStep } from './migration-step.ts'
import { changedList, writtenItems, type ItemEdit } from './overlay-list.ts'
import { Overlay, type OverlayValue, type Reason } from './overlay.ts'
import { nodeAt, originAt, ProjectDocument, type ProjectPath, type SourceAt } from './project-document.ts'

/** What an overlay does not do for the user. */
export interface Task extends Origin {
  readonly kind:
    /** Windows does not take it, and what to do instead is not sure. */
    | 'open'
    /** The overlay takes it away, and something with it. */
    | 'lost'
    /** An image for Windows is to be found or built. */
    | 'image'
    /** A service that declares Linux. */
    | 'linux'
  /** The service, network or volume. */
  readonly subject: string
  readonly message: string
  readonly instead?: string | undefined
  readonly feature?: string | undefined
}

/** An overlay that makes a project one that Windows takes, as far as that has one meaning. */
export interface Migration {
  /** The files that it is laid over. */
  readonly files: readonly string[]
  readonly overlay: Overlay
  /** How many settings it changes. */
  readonly changes: number
  readonly tasks: readonly Task[]
  readonly gaps: ComposeProject['gaps']
}

/** A project that compose refuses, before or after. */
export class MigrationError extends Error {
  override readonly name = 'MigrationError'
  readonly problems: ComposeProject['problems']

  constructor(message: string, problems: ComposeProject['problems']) {
    super(message)
    this.problems = problems
  }
}

/**
 * What it takes to move a compose project to Windows. What is left is found by
 * laying the overlay over the project and judging both together.
 *
 * @throws {MigrationError}
 */
export async function migrate(request: ProjectRequest, overlayPath: string, knowledge: Knowledge, options: LintOptions): Promise<Migration> {
  const before = readProject({ ...request, profiles: ['*'] })
  const name = before.files[0]
  if (!before.project || name === undefined) throw new MigrationError('Docker Compose refuses the project', before.problems)
  const judge = async (project: ProjectMap, files: Files): Promise<Judged> => judgedProject(project, name, sourceOf(files), knowledge, options)
  const plan = new Plan(before.project, sourceOf(request.files))
  let overlay = new Overlay()
  let project = before.project
  let { findings, subjects } = await judge(project, request.files)
  // What one change brings to light, such as subnets of IPv6 where that is off, the next one mends.
  for (let round = 0; round < maximumRounds && plan.add(findings); round++) {
    const current = (overlay = plan.overlay())
    const files = { read: (path: string) => (path === overlayPath ? current.text : request.files.read(path)) }
    const after = readProject({ ...request, files, profiles: ['*'], composeFiles: [...before.files, overlayPath] })
    if (!after.project) throw new MigrationError('Docker Compose would refuse the project with this overlay, which is a fault of porthole', after.problems)
    project = after.project
    const judged = await judge(project, files)
    subjects = judged.subjects
    findings = judged.findings.map(({ path, diagnostic }) => ({ path: plan.pathBefore(path, after.project!), diagnostic }))
  }
  const open = findings.map(({ path, diagnostic }) => taskOf('open', originAt(before.project!, path), path, diagnostic))
  const tasks = [...open, ...plan.losses, ...platformTasks(project, subjects)]
  return { files: before.files, overlay, changes: plan.changes, tasks: tasks.sort(byPlace(before.files)), gaps: before.gaps }
}

const maximumRounds = 4

/** In the order of the files, then as they are written. */
const byPlace = (files: readonly string[]) => (a: Origin, b: Origin): number => files.indexOf(a.path) - files.indexOf(b.path) || a.range[0] - b.range[0]

const sourceOf = (files: Files): SourceAt => ({ path, range }) => (path === '' ? '' : (files.read(path) ?? '').replace(/^\uFEFF/, '').slice(...range))

/** Something that Windows does not take, by its path in the project. */
interface ProjectFinding {
  readonly path: ProjectPath
  readonly diagnostic: Diagnostic
}

interface Judged {
  readonly findings: readonly ProjectFinding[]
  readonly subjects: readonly Subject[]
}

async function judgedProject(project: ProjectMap, name: string, sourceAt: SourceAt, knowledge: Knowledge, options: LintOptions): Promise<Judged> {
  const document = new ProjectDocument(project, sourceAt)
  const { diagnostics, subjects } = await lint(name, document.text, knowledge, options, { environment: new Map(), language: 'compose' })
  const findings = diagnostics
    .filter(({ effect, verdicts }) => verdicts.length > 0 && ['rejected', 'broken', 'ignored'].includes(effect))
    .map(diagnostic => ({ path: document.pathAt(diagnostic.range[0]), diagnostic }))
  return { findings, subjects }
}

/** What an overlay changes, and what is lost with it. */
class Plan {
  readonly losses: Task[] = []
  changes = 0
  readonly #project: ProjectMap
  readonly #sourceAt: SourceAt
  readonly #keys = new Map<string, { readonly path: readonly string[]; readonly value: OverlayValue; readonly reasons: Reason[] }>()
  readonly #lists = new Map<string, { readonly path: readonly string[]; readonly edits: Map<number, ItemEdit[]>; readonly reasons: Reason[] }>()
  /** Which items of lists those that take their place were. */
  readonly #indexes = new Map<string, readonly number[]>()
  readonly #added = new Set<string>()

  constructor(project: ProjectMap, sourceAt: SourceAt) {
    this.#project = project
    this.#sourceAt = sourceAt
  }

  /** Whether there was anything new to be mended among findings. */
  add(findings: readonly ProjectFinding[]): boolean {
    const before = this.changes
    for (const finding of findings) this.#add(finding)
    return this.changes > before
  }

  #add({ path, diagnostic }: ProjectFinding): void {
    const key = `${diagnostic.feature} ${pathKey(path)}`
    const node = nodeAt(this.#project, path)
    const name = path.findLast(segment => typeof segment === 'string')
    const step = migrationStep(diagnostic.feature, name ?? '', node?.kind === 'scalar' ? String(node.value) : undefined)
    if (!step || !node || node.isImplied || this.#added.has(key)) return
    this.#added.add(key)
    this.changes++
    if (step.isLoss) this.losses.push(taskOf('lost', originAt(this.#project, path), path, diagnostic))
    const index = path.findIndex(segment => typeof segment === 'number')
    if (index < 0) this.#changeKey(path as readonly string[], step, diagnostic)
    else this.#changeItem(path as readonly string[], index, step, diagnostic)
  }

  #changeKey(path: readonly string[], { does }: MigrationStep, reason: Reason): void {
    const key = pathKey(path)
    const reasons = [...(this.#keys.get(key)?.reasons ?? []), reason]
    this.#keys.set(key, { path, reasons, value: typeof does === 'object' ? { kind: 'scalar', value: does.set } : { kind: 'reset', isList: false } })
  }

  #changeItem(path: readonly (string | number)[], index: number, { does }: MigrationStep, reason: Reason): void {
    const list = path.slice(0, index) as readonly string[]
    const known = this.#lists.get(pathKey(list)) ?? { path: list, edits: new Map<number, ItemEdit[]>(), reasons: [] }
    const item = path[index] as number
    const below = path.slice(index + 1) as readonly string[]
    known.edits.set(item, [...(known.edits.get(item) ?? []), itemEdit(below, does)])
    known.reasons.push(reason)
    this.#lists.set(pathKey(list), known)
  }

  overlay(): Overlay {
    const overlay = new Overlay()
    const changes = [...this.#wholeKeys(), ...[...this.#lists.values()].map(list => this.#listChange(list))]
    for (const { path, value, reasons } of changes.sort((a, b) => this.#order(a.path, b.path))) overlay.set(path, value, reasons)
    return overlay
  }

  /** Of a map of which nothing is left, the map itself: its pairs may be written as a list. */
  #wholeKeys(): { readonly path: readonly string[]; readonly value: OverlayValue; readonly reasons: readonly Reason[] }[] {
    const byParent = new Map<string, (typeof changes)[number][]>()
    const changes = [...this.#keys.values()]
    for (const change of changes) byParent.set(pathKey(change.path.slice(0, -1)), [...(byParent.get(pathKey(change.path.slice(0, -1))) ?? []), change])
    return [...byParent.values()].flatMap(group => {
      const parent = group[0]!.path.slice(0, -1)
      const node = nodeAt(this.#project, parent)
      const isSettings = parent.length > 2 && !(parent.length === 4 && parent[2] === 'networks')
      const isWhole = isSettings && group.every(({ value }) => value.kind === 'reset') && node?.kind === 'map' && node.entries.size === group.length
      return isWhole ? [{ path: parent, value: { kind: 'reset', isList: false } as const, reasons: group.flatMap(({ reasons }) => reasons) }] : group
    })
  }

  #listChange({ path, edits, reasons }: { readonly path: readonly string[]; readonly edits: ReadonlyMap<number, readonly ItemEdit[]>; readonly reasons: readonly Reason[] }): { path: readonly string[]; value: OverlayValue; reasons: readonly Reason[] } {
    const list = nodeAt(this.#project, path)
    if (list?.kind !== 'list') throw new TypeError(`no list at ${path.join('.')}`)
    const { value, indexes } = changedList(list, path.at(-1)!, edits, this.#sourceAt)
    this.#indexes.set(pathKey(path), indexes)
    return { path, value, reasons }
  }

  /** As they follow each other in the project. */
  #order(a: readonly string[], b: readonly string[]): number {
    const [first, second] = [a, b].map(path => path.map((name, depth) => {
      const above = nodeAt(this.#project, path.slice(0, depth))
      return above?.kind === 'map' ? [...above.entries.keys()].indexOf(name) : 0
    }))
    const at = first!.findIndex((place, depth) => place !== second![depth])
    return at < 0 ? 0 : first![at]! - (second![at] ?? -1)
  }

  /** The path in the files below of something in the project with the overlay. */
  pathBefore(path: ProjectPath, project: ProjectMap): ProjectPath {
    const at = path.findIndex(segment => typeof segment === 'number')
    const indexes = at < 0 ? undefined : this.#indexes.get(pathKey(path.slice(0, at)))
    const list = nodeAt(project, path.slice(0, at))
    if (!indexes || list?.kind !== 'list') return path
    const index = indexes[writtenItems(list).findIndex(group => group.includes(path[at] as number))]
    return index === undefined ? path.slice(0, at) : [...path.slice(0, at), index, ...path.slice(at + 1)]
  }
}

const pathKey = (path: ProjectPath): string => JSON.stringify(path)

const enginePipe = '\\\\.\\pipe\\docker_engine:\\\\.\\pipe\\docker_engine'

function itemEdit(path: readonly string[], does: MigrationStep['does']): ItemEdit {
  switch (does) {
    case 'remove': return { path, does }
    case 'remove-item': return { path: [], does: 'remove' }
    case 'mount-pipe': return { path: [], does: { set: () => enginePipe } }
    // Where variables are in it, slashes may be theirs.
    case 'add-drive': return { path, does: { set: written => `C:${written.includes('$') ? written : written.replaceAll('/', '\\')}` } }
    default: return { path, does: { set: () => does.set } }
  }
}

function taskOf(kind: Task['kind'], { path, range }: Origin, at: ProjectPath, { message, instead, feature }: Diagnostic): Task {
  return { kind, path, range, subject: String(at[1] ?? ''), message, instead, feature }
}

/** Images that are not evidently for Windows, and services that are not to be. */
function platformTasks(project: ProjectMap, subjects: readonly Subject[]): Task[] {
  const linux = new Set(subjects.filter(({ platform }) => platform.declared && platform.os === 'linux').map(({ name }) => name))
  return entriesAt(project, 'services').flatMap(([name, { key, value }]): Task[] => {
    if (linux.has(name)) return [{ kind: 'linux', ...key, subject: name, message: 'The service declares that it is for Linux; it is left as it is.' }]
    const image = child(value, 'image')
    if (image?.kind !== 'scalar' || typeof image.value !== 'string' || child(value, 'build')) return []
    const platform = imagePlatform(image.value)
    if (platform?.os === 'windows') return []
    const because = platform === undefined ? 'whether there is one for Windows is not known' : platform.because
    return [{ kind: 'image', ...image.origin, subject: name, message: `The image \`${image.value}\`: ${because}.` }]
  })
}
