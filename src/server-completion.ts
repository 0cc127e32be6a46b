import { CompletionItemKind, type CompletionItem } from 'vscode-languageserver'
import type { Context } from './intent.ts'
import { faultRules, ownRules } from './known-name.ts'
import { knowledge } from './knowledge.ts'
import type { Row } from './matrix.ts'
import { completionPlaceAt, type CompletionPlace } from './server-completion-place.ts'
import type { ServerDocument } from './server-document.ts'
import { pathOf } from './server-uri.ts'
import { parsePath } from './spelling.ts'
import { windowsVersions, type Target } from './target.ts'

/** What may be written at an offset of a document. */
export function completionsAt(offset: number, document: ServerDocument, isCompose: boolean, targets: readonly Target[]): CompletionItem[] {
  const place = completionPlaceAt(document.text, offset, pathOf(document.uri), isCompose)
  if (!place) return []
  const range = document.rangeOf([place.start, offset])
  return proposalsFor(place, targets).map(({ label, detail, note, text = label, kind }, index) => ({
    label, kind: kind ?? CompletionItemKind.EnumMember, filterText: label, sortText: String(index).padStart(4, '0'),
    ...(detail === undefined ? {} : { detail }), ...(note === undefined ? {} : { documentation: note }), textEdit: { range, newText: text }
  }))
}

interface Proposal {
  readonly label: string
  readonly detail?: string | undefined
  readonly note?: string | undefined
  /** What is written, if not the label. */
  readonly text?: string
  readonly kind?: CompletionItemKind
}

function proposalsFor(place: CompletionPlace, targets: readonly Target[]): readonly Proposal[] {
  switch (place.of) {
    case 'driver':
      return values('network-driver', 'network', targets)
    case 'network':
      return values('network-mode-default-none-nat', 'run', targets)
    case 'driver-option':
      return driverOptions(place.driver, targets).map(({ key, row }) => ({ label: key, text: `${key}${place.separator}`, detail: row.title, kind: CompletionItemKind.Property }))
    case 'target':
      return [...windowsVersions.map(({ id, name, build }) => ({ label: id, detail: `${name} (build ${build})` })), ...facets]
    case 'name':
      return names()
    case 'directive':
      return directives
    case 'platform':
      return [{ label: 'windows', detail: 'Judge everything but what declares Linux' }, { label: 'auto', detail: 'Judge only what is evidently for Windows' }]
  }
}

const facets: readonly Proposal[] = [
  { label: 'host=azure', detail: 'On Azure virtual machines' }, { label: 'host=other', detail: 'Anywhere else' },
  { label: 'isolation=process', detail: 'Containers share the kernel of the host' }, { label: 'isolation=hyperv', detail: 'Each container in a virtual machine' },
  { label: 'engine@', detail: 'With this Docker Engine, such as engine@28' }
]

const directives: readonly Proposal[] = [
  { label: 'porthole-disable-next-line', detail: 'Suppress in the line below' }, { label: 'porthole-disable-line', detail: 'Suppress in this line' }, { label: 'porthole-disable-file', detail: 'Suppress in all of the file' },
  { label: 'porthole-disable', detail: 'Suppress from here on' }, { label: 'porthole-enable', detail: 'Suppress no longer' }
]

/** Rules and features, as suppressions and configurations name them. */
function names(): Proposal[] {
  const { rules, matrix } = knowledge
  const features = new Map(matrix.rows.map(({ feature, title }) => [feature, title]))
  return [...[...rules, ...faultRules, ...ownRules].map(({ id, title }) => ({ label: id, detail: title, kind: CompletionItemKind.Class })), ...[...features].map(([feature, title]) => ({ label: feature, detail: title, kind: CompletionItemKind.Field }))]
}

/** The values of a feature that work on one of the targets at least when they come by an entry point, with what the matrix notes on them. */
function values(feature: string, via: string, targets: readonly Target[]): Proposal[] {
  const [row] = knowledge.matrix.rowsOf(feature)
  const names = row?.spelled.compose?.[0]?.value?.split('|') ?? []
  return names.flatMap(value => {
    const verdicts = targets.map(target => knowledge.matrix.verdict(row!, { row: row!, value, range: [0, 0] }, { via: [via] }, target))
    const works = verdicts.find(({ effect }) => effect === 'supported')
    return works ? [{ label: value, note: works.support?.note }] : []
  })
}

/** Options that a network driver reads on one of the targets at least; of any driver if none is known. */
function driverOptions(driver: string | undefined, targets: readonly Target[]): { key: string; row: Row }[] {
  const drivers = driver === undefined ? driverNames() : [driver]
  return plainOptions().filter(({ row }) => drivers.some(name => targets.some(target => reads(name, row, target))))
}

const driverNames = (): string[] => knowledge.matrix.rowsOf('network-driver')[0]?.spelled.compose?.[0]?.value?.split('|') ?? []

function reads(driver: string, row: Row, target: Target): boolean {
  const context: Context = { driver: [driver], via: ['network'], network: ['user-defined'], internal: ['false'], subnet: undefined }
  const { effect } = knowledge.matrix.verdict(row, { row, value: undefined, range: [0, 0] }, context, target)
  return effect === 'supported' || effect === 'differs'
}

/** Driver options that the matrix speaks of by their full names, whatever their values. */
function plainOptions(): { key: string; row: Row }[] {
  return knowledge.matrix.rows.flatMap(row => (row.spelled.compose ?? []).flatMap(({ path }) => {
    const [section, , key, option, ...more] = parsePath(path)
    return section === 'networks' && key === 'driver_opts' && option !== undefined && more.length === 0 && !/[*<]/.test(option) && row.feature.startsWith('windowsshim-') ? [{ key: option, row }] : []
  }))
}
