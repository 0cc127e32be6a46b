import type { Diagnostic } from '../src/diagnostic.ts'
import type { FormatOptions, LintedFile, Report } from '../src/formatter.ts'
import { parseTargets } from '../src/target.ts'
import { unmark } from './marked.ts'

export const options: FormatOptions = { color: false, show: 'info', width: 120 }

/** A diagnostic on an offset range, with what a test wants to be special about it. */
export const diagnostic = (range: Diagnostic['range'], special: Partial<Diagnostic> = {}): Diagnostic => ({
  rule: 'no-host-network',
  feature: 'host-network',
  severity: 'error',
  effect: 'rejected',
  verdicts: [
    { target: 'ws2019', effect: 'rejected', stage: 'start', error: 'network host not found', evidence: ['executed'] },
    { target: 'ws2022', effect: 'rejected', stage: 'start', error: 'network host not found', evidence: ['executed'] }
  ],
  message: 'Windows containers cannot use the host\'s network.',
  sources: [{ where: 'https://docs.docker.com/engine/network/drivers/host/' }],
  range,
  related: [],
  ...special
})

/** A file in which ⟦ ⟧ stand around what each diagnostic is about. */
export function fileOf(path: string, marked: string, specials: readonly Partial<Diagnostic>[] = []): LintedFile {
  const { source: text, ranges } = unmark(marked)
  return { path, text, language: 'compose', diagnostics: ranges.map((range, at) => diagnostic(range, specials[at])), leftOut: [] }
}

export const reportOf = (files: readonly LintedFile[], errors: Report['errors'] = []): Report =>
  ({ version: '1.2.3', targets: parseTargets(['ws2019,ws2022']), files, errors })

/** What breaks formats: every character that one of them gives a meaning. */
export const hostileTexts: readonly string[] = [
  '100% of it', '%25 %0A %AZP25', 'a,b:c', 'a::b', '::error file=x::y', '"double" and \'single\'', 'two\nlines', 'carriage\r\nreturn', 'tab\there',
  'Grüße, 漢字', '😀 astral 𝒳', ']]>', '<a href="x">&amp;</a>', '|pipe|', '[brackets](1)', '##vso[task.setvariable variable=x]y', "##teamcity[message text='x']",
  '; semi ]', '`code` and *stars* and _lines_', '$& $1 $$', '\\back\\slash', '@somebody #1 www.example.org https://example.org', '\u2028 and \x85', '{0} {{x}}'
]

export const hostilePaths: readonly string[] = [
  'a b/compose.yaml', 'd%,e:f/compose.yaml', 'Grüße/漢字.yaml', '😀.yaml', "it's \"quoted\".yaml", 'C:/Users/a b/compose.yaml', 'back\\slash.yaml', 'a|b[c];d.yaml', 'x]]>.yaml', '../outside.yaml', '#hash?query.yaml', 'new\nline.yaml', '--flag=x.yaml', '<b>.yaml', '/abs/olute.yaml'
]

/** A report in which every hostile path meets a hostile text. */
export const hostileReport: Report = reportOf(
  [
    ...hostilePaths.map((path, at) => fileOf(path, `é😀 ⟦network_mode: host⟧ # ${at}\n⟦two:\n  lines⟧\n`, [
      { message: hostileTexts[at]!, instead: hostileTexts[(at + 15) % hostileTexts.length]!, related: [{ message: 'used here', range: [0, 3] }, { message: hostileTexts[at]!, path: 'elsewhere.yaml', range: [0, 1] }] },
      { message: hostileTexts[(at + 9) % hostileTexts.length]!, severity: at % 2 === 0 ? 'warning' : 'info', effect: 'ignored', verdicts: [{ target: 'ws2019', effect: 'ignored', evidence: ['source'] }, { target: 'ws2022', effect: 'supported', evidence: [] }], fix: { title: 'Remove it', safe: at % 2 === 0, edits: [{ range: [4, 6], text: '' }, { range: [8, 9], text: 'ü' }] } }
    ])),
    fileOf('unsafe.yaml', '⟦internal: true⟧\n⟦driver: x⟧', [{ rule: 'unsupported-network-option', feature: 'internal', verdicts: [{ target: 'ws2022', effect: 'ignored', unsafe: true, evidence: ['executed'] }] }, { rule: 'unsupported-network-option' }]),
    fileOf('clean.yaml', 'services: {}\n'),
    { ...fileOf('README.md', 'nothing\n'), language: undefined }
  ],
  [{ path: 'un%read,able:.yaml', message: 'permission\ndenied; ]' }, { message: 'no Docker configuration found' }]
)
