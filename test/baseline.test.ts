import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BaselineError, compareWithBaseline, pruneBaseline, readBaseline, staleDiagnostics, writeBaseline, type BaselineFile } from '../src/baseline.ts'
import { mark } from './marked.ts'
import { fileOf } from './report-sample.ts'

const targets = ['ws2019', 'ws2022']
const present = { targets, exists: () => true }

/** Which findings of the files are new, as marks in them; which entries are stale, as text. */
function check(baseline: string, files: readonly BaselineFile[], circumstances: Parameters<typeof compareWithBaseline>[2] = present) {
  const { kept, known, stale } = compareWithBaseline(readBaseline(baseline), files, circumstances)
  return { new: files.map(file => mark(file.text, kept.get(file)!.map(({ range }) => range))), known: [...known.values()].flat().length, stale: stale.map(({ range }) => baseline.slice(...range)) }
}

const project = [fileOf('b.yaml', 'x: ⟦host⟧\n'), fileOf('a.yaml', '- ⟦driver:   macvlan⟧\n- ⟦driver:\n    macvlan⟧\n- ⟦host⟧\n', [{ rule: 'unsupported-network-driver', feature: 'driver' }, { rule: 'unsupported-network-driver', feature: 'driver' }])]

const written = `{
  "version": 1,
  "targets": ["ws2019","ws2022"],
  "entries": [
    {"path":"a.yaml","rule":"no-host-network","feature":"host-network","text":"host"},
    {"path":"a.yaml","rule":"unsupported-network-driver","feature":"driver","text":"driver: macvlan"},
    {"path":"a.yaml","rule":"unsupported-network-driver","feature":"driver","text":"driver: macvlan","ordinal":2},
    {"path":"b.yaml","rule":"no-host-network","feature":"host-network","text":"host"}
  ]
}
`

describe('the baseline', () => {
  it('has an entry a line, in order, whatever the order of the files', () => {
    expect(writeBaseline(project, targets)).toBe(written)
    expect(writeBaseline(project.toReversed(), targets)).toBe(written)
    expect(writeBaseline([], targets)).toBe('{\n  "version": 1,\n  "targets": ["ws2019","ws2022"],\n  "entries": []\n}\n')
  })

  it('knows what it was written for', () => {
    expect(check(written, project)).toEqual({ new: project.map(({ text }) => text), known: 4, stale: [] })
    expect(pruneBaseline(readBaseline(written), project, present)).toBe(written)
  })

  it.each([
    ['one more', '- ⟦host⟧\n- ⟦host⟧\n', '- host\n- ⟦host⟧\n', 0],
    ['another text', '- ⟦"host"⟧\n', '- ⟦"host"⟧\n', 1],
    ['none', 'x: y\n', 'x: y\n', 1],
    ['other white space around it', '\r\n\t-   ⟦host⟧', '\r\n\t-   host', 0]
  ])('tells what is new and what is gone: %s', (_, marked, expected, gone) => {
    const baseline = writeBaseline([fileOf('a.yaml', '- ⟦host⟧\n')], targets)
    const result = check(baseline, [fileOf('a.yaml', marked)])
    expect(result.new).toEqual([expected])
    expect(result.stale).toHaveLength(gone)
  })

  it('tells a finding of another rule, feature or file apart', () => {
    const baseline = writeBaseline([fileOf('a.yaml', '⟦host⟧')], targets)
    for (const other of [fileOf('b.yaml', '⟦host⟧'), fileOf('a.yaml', '⟦host⟧', [{ rule: 'no-ipv6' }]), fileOf('a.yaml', '⟦host⟧', [{ feature: 'other' }])]) expect(check(baseline, [other]).known).toBe(0)
    expect(check(baseline, [fileOf('a.yaml', '⟦host⟧', [{ severity: 'info', message: 'In other words.', effect: 'differs', verdicts: [] }])]).known).toBe(1)
  })

  it('reports stale entries at their places, and prunes them', () => {
    const files = [fileOf('a.yaml', '- ⟦host⟧\n'), fileOf('b.yaml', '')]
    const { stale } = compareWithBaseline(readBaseline(written), files, present)
    const marked = mark(written, staleDiagnostics(stale).map(({ range }) => range))
    expect(marked.split('\n').filter(line => line.includes('⟦'))).toEqual([
      '    ⟦{"path":"a.yaml","rule":"unsupported-network-driver","feature":"driver","text":"driver: macvlan"}⟧,',
      '    ⟦{"path":"a.yaml","rule":"unsupported-network-driver","feature":"driver","text":"driver: macvlan","ordinal":2}⟧,',
      '    ⟦{"path":"b.yaml","rule":"no-host-network","feature":"host-network","text":"host"}⟧'
    ])
    expect(staleDiagnostics(stale)[0]).toMatchObject({ rule: 'baseline', severity: 'warning', message: 'This finding of `unsupported-network-driver` in a.yaml is no longer there.' })
    expect(pruneBaseline(readBaseline(written), files, present)).toBe(writeBaseline([files[0]!], targets))
  })

  it('says nothing of what a run has not looked at', () => {
    const empty = fileOf('a.yaml', '')
    const leaving = (reason: 'undecided' | 'declared-linux'): BaselineFile => ({ ...empty, leftOut: [{ reason, subject: 'web', diagnostics: 1 }] })
    const baseline = writeBaseline([fileOf('a.yaml', '⟦host⟧')], targets)
    const stale = (files: readonly BaselineFile[], circumstances = present): number => check(baseline, files, circumstances).stale.length
    expect(stale([empty])).toBe(1)
    expect(stale([empty], { ...present, targets: [...targets, 'ws2025'] })).toBe(1)
    expect(stale([])).toBe(0)
    expect(stale([empty], { ...present, targets: ['ws2022'] })).toBe(0)
    expect(stale([leaving('undecided')])).toBe(0)
    expect(stale([leaving('declared-linux')])).toBe(1)
    expect(stale([], { targets: [], exists: () => false })).toBe(1)
  })

  it('shortens long texts and still tells them apart', () => {
    const file = (end: string): BaselineFile => fileOf('a.yaml', `⟦${'😀'.repeat(5000)}${end}⟧`)
    const baseline = writeBaseline([file('a')], targets)
    expect(baseline.length).toBeLessThan(400)
    expect(check(baseline, [file('a')]).known).toBe(1)
    expect(check(baseline, [file('b')]).known).toBe(0)
  })

  it.each([
    ['', 'there is no value'],
    ['[]', 'a baseline must be an object'],
    ['{"version": 2}', 'unknown version of a baseline: this porthole reads version 1'],
    ['{"version": 1, "targets": [1], "entries": []}', '`targets` must be a list of targets'],
    ['{"version": 1, "targets": []}', '`entries` must be a list'],
    ['{"version": 1, "targets": [], "entries": [], "more": 1}', 'unknown key `more`'],
    ['{"version": 1, "targets": [], "entries": [⟦{"path": "a"}⟧]}', 'an entry must have the texts `path`, `rule`, `feature` and `text`'],
    ['{"version": 1, "targets": [], "entries": [{"path":"{[]}","rule":"","feature":"","text":"\\"}"}, ⟦{"path":"","rule":"","feature":"","text":"","ordinal":0}⟧]}', '`ordinal` must be a whole number from 1 on'],
    ['{\n<<<<<<< HEAD\n"version": 1\n=======\n>>>>>>> x\n}', 'has a merge conflict'],
    ['{"version": 1,⟦}⟧', 'here must be a key in double quotes']
  ])('refuses %j', (marked, message) => {
    const source = marked.replace(/[⟦⟧]/g, '')
    let error: unknown
    try {
      readBaseline(source)
    } catch (thrown) {
      error = thrown
    }
    expect(error).toBeInstanceOf(BaselineError)
    expect((error as BaselineError).message).toBe(message)
    if (marked.includes('⟦')) expect(mark(source, [(error as BaselineError).range])).toBe(marked)
  })

  it('knows its findings again wherever lines are inserted that have none', () => {
    const line = fc.constantFrom('- ⟦host⟧', '- ⟦driver:  x⟧', 'a: b', '', '# é😀')
    const blank = fc.constantFrom('', '# why', 'c: d')
    fc.assert(fc.property(fc.array(line, { maxLength: 12 }), fc.array(fc.tuple(fc.nat(12), blank), { maxLength: 8 }), fc.boolean(), (lines, insertions, windows) => {
      const baseline = writeBaseline([fileOf('a.yaml', lines.join('\n'))], targets)
      const grown: string[] = [...lines]
      for (const [at, text] of insertions) grown.splice(at, 0, text)
      const file = fileOf('a.yaml', grown.join(windows ? '\r\n' : '\n'))
      expect(check(baseline, [file])).toEqual({ new: [file.text], known: file.diagnostics.length, stale: [] })
      expect(writeBaseline([file], targets)).toBe(baseline)
    }))
  })

  it('reads back what it writes', () => {
    fc.assert(fc.property(fc.array(fc.record({ path: fc.string(), text: fc.string({ unit: 'binary' }) }), { maxLength: 6 }), list => {
      const files = list.map(({ path, text }) => ({ ...fileOf(path, ''), text, diagnostics: fileOf(path, '⟦x⟧').diagnostics.map(diagnostic => ({ ...diagnostic, range: [0, text.length] as const })) }))
      const result = check(writeBaseline(files, targets), files)
      expect(result.known).toBe(files.length)
      expect(result.stale).toEqual([])
    }))
  })
})
