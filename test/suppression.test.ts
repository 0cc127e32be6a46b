import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Diagnostic, TargetVerdict } from '../src/diagnostic.ts'
import { knowledge } from '../src/knowledge.ts'
import { judge } from '../src/linter.ts'
import { applySuppressions, type SuppressionCircumstances } from '../src/suppression.ts'
import { parseTargets } from '../src/target.ts'
import { Text, type Range } from '../src/text.ts'
import { mark, unmark } from './marked.ts'
import { diagnostic } from './report-sample.ts'

const known: SuppressionCircumstances = { rules: ['no-host-network', 'no-ipv6', 'suppression'], features: ['host-network', 'ipv6-network', 'ipv6-subnet'], targets: ['ws2019', 'ws2022'] }
const today = '2026-06-15'

/** Comments of a file in which they begin with one of these marks and end with the line or its mark. */
const commentPattern = /<#[^]*?#>|\/\*[^]*?\*\/|<!--[^]*?-->|\{\/\*[^]*?\*\/\}|(?:#|\/\/|::|\brem\b)[^\n]*/gi

const commentsIn = (source: string): Text[] => [...source.matchAll(commentPattern)].map(({ 0: comment, index }) => Text.file(source).slice(index, index + comment.length))

/** Applies the suppressions of a text in which ⟦ ⟧ stand around findings; `host` and `ipv6` tell which. */
function apply(marked: string, { circumstances = known, diagnostics }: { circumstances?: SuppressionCircumstances; diagnostics?: (ranges: readonly Range[]) => Diagnostic[] } = {}) {
  const { source, ranges } = unmark(marked)
  const all = diagnostics?.(ranges) ?? ranges.map(range => diagnostic(range, source.slice(...range).startsWith('ipv6') ? { rule: 'no-ipv6', feature: source.slice(...range) === 'ipv6s' ? 'ipv6-subnet' : 'ipv6-network' } : {}))
  const { kept, suppressed, problems } = applySuppressions(all, commentsIn(source), source, today, circumstances)
  return { source, kept, suppressed, problems, left: mark(source, kept.map(({ range }) => range)) }
}

describe('suppression comments', () => {
  it.each([
    ['nothing said', '⟦host⟧\n', '⟦host⟧\n'],
    ['the next line', '# porthole-disable-next-line\n⟦host⟧\n⟦host⟧', '# porthole-disable-next-line\nhost\n⟦host⟧'],
    ['the next line after comments and blank lines', '# porthole-disable-next-line\n\n  # why\r\n\r\n⟦host⟧\r\n⟦host⟧', '# porthole-disable-next-line\n\n  # why\r\n\r\nhost\r\n⟦host⟧'],
    ['the next line after a block comment', '/* porthole-disable-next-line\n * because\n */\n// more\n⟦host⟧\n⟦host⟧', '/* porthole-disable-next-line\n * because\n */\n// more\nhost\n⟦host⟧'],
    ['two comments for one line', '# porthole-disable-next-line no-ipv6\n# porthole-disable-next-line no-host-network\n⟦host⟧ ⟦ipv6⟧\n', '# porthole-disable-next-line no-ipv6\n# porthole-disable-next-line no-host-network\nhost ipv6\n'],
    ['the line', '⟦host⟧\n⟦host⟧ # porthole-disable-line\n⟦host⟧', '⟦host⟧\nhost # porthole-disable-line\n⟦host⟧'],
    ['the file', '⟦host⟧ ⟦ipv6⟧\n# porthole-disable-file no-ipv6\n⟦ipv6⟧', '⟦host⟧ ipv6\n# porthole-disable-file no-ipv6\nipv6'],
    ['a stretch', '⟦host⟧\n# porthole-disable\n⟦host⟧\n⟦ipv6⟧\n# porthole-enable\n⟦host⟧', '⟦host⟧\n# porthole-disable\nhost\nipv6\n# porthole-enable\n⟦host⟧'],
    ['a stretch without end', '# porthole-disable no-ipv6\n⟦ipv6⟧\n⟦host⟧\n⟦ipv6⟧', '# porthole-disable no-ipv6\nipv6\n⟦host⟧\nipv6'],
    ['a stretch of which a part ends sooner', '# porthole-disable\n⟦ipv6⟧\n# porthole-enable no-ipv6\n⟦ipv6⟧ ⟦host⟧\n# porthole-enable\n⟦host⟧', '# porthole-disable\nipv6\n# porthole-enable no-ipv6\n⟦ipv6⟧ host\n# porthole-enable\n⟦host⟧'],
    ['stretches within stretches', '# porthole-disable no-ipv6\n# porthole-disable no-host-network\n⟦ipv6⟧ ⟦host⟧\n# porthole-enable no-host-network\n⟦ipv6⟧ ⟦host⟧', '# porthole-disable no-ipv6\n# porthole-disable no-host-network\nipv6 host\n# porthole-enable no-host-network\nipv6 ⟦host⟧'],
    ['a feature', '⟦ipv6⟧ ⟦ipv6s⟧ # porthole-disable-line ipv6-subnet', '⟦ipv6⟧ ipv6s # porthole-disable-line ipv6-subnet'],
    ['several, by commas and blanks', '⟦ipv6⟧ ⟦host⟧ # porthole-disable-line ipv6-network, no-host-network -- both', 'ipv6 host # porthole-disable-line ipv6-network, no-host-network -- both'],
    ['PowerShell', '⟦host⟧ <# porthole-disable-line no-host-network #>', 'host <# porthole-disable-line no-host-network #>'],
    ['JavaScript', '⟦host⟧ // porthole-disable-line', 'host // porthole-disable-line'],
    ['a block comment', '/* porthole-disable-next-line host-network */\n⟦host⟧', '/* porthole-disable-next-line host-network */\nhost'],
    ['cmd', '@REM porthole-disable-next-line\r\n@rem more\r\n⟦host⟧', '@REM porthole-disable-next-line\r\n@rem more\r\nhost'],
    ['cmd, the other way', ':: porthole-disable-next-line\n⟦host⟧', ':: porthole-disable-next-line\nhost'],
    ['Markdown', '<!-- porthole-disable-next-line host-network -- for -- Linux -->\n⟦host⟧', '<!-- porthole-disable-next-line host-network -- for -- Linux -->\nhost'],
    ['MDX', '{/* porthole-disable-next-line */}\n⟦host⟧', '{/* porthole-disable-next-line */}\nhost'],
    ['until today', '⟦host⟧ # porthole-disable-line until=2026-06-15', 'host # porthole-disable-line until=2026-06-15'],
    ['a colon', '⟦host⟧ # porthole-disable-line: no-host-network', 'host # porthole-disable-line: no-host-network'],
    ['prose that mentions it', '⟦host⟧ # see porthole-disable-line', '⟦host⟧ # see porthole-disable-line'],
    ['prose that begins with our name', '⟦host⟧ # porthole-baseline.json knows it', '⟦host⟧ # porthole-baseline.json knows it']
  ])('%s', (_, source, expected) => {
    const { left, problems } = apply(source)
    expect(left).toBe(expected)
    expect(problems).toEqual([])
  })

  it('gives the reason', () => {
    const { suppressed } = apply('⟦host⟧ # porthole-disable-line until=2027-01-01 no-host-network --  Linux only \n⟦host⟧ # porthole-disable-line\n⟦host⟧ <!-- porthole-disable-line --because --reason -->')
    expect(suppressed.map(({ reason }) => reason)).toEqual(['Linux only', undefined])
    expect(apply('⟦host⟧ <!-- porthole-disable-line -- why -->').suppressed[0]!.reason).toBe('why')
  })

  it('finds the line of a comment within a script within a file', () => {
    const source = 'run: "x # porthole-disable-line\\nhost"\nhost'
    const file = Text.file(source)
    const start = source.indexOf('x')
    const script = file.decode([[source.slice(start, start + 25), start, start + 25]], [start - 1, source.indexOf('\n')])
    const comment = script.slice(2)
    const first = source.indexOf('host')
    const last = source.lastIndexOf('host')
    const { kept } = applySuppressions([diagnostic([first, first + 4]), diagnostic([last, last + 4])], [comment, comment], source, today, known)
    expect(kept.map(({ range }) => range[0])).toEqual([last])
  })
})

describe('targets of suppressions', () => {
  const refused: TargetVerdict = { target: 'ws2019', effect: 'rejected', evidence: ['executed'] }
  const ignored: TargetVerdict = { target: 'ws2022', effect: 'ignored', evidence: ['source'] }
  const supported: TargetVerdict = { target: 'ws2025', effect: 'supported', evidence: [] }
  const verdicts = [refused, ignored, supported]

  it.each([
    ['ws2019', { severity: 'warning', effect: 'ignored', targets: ['ws2022', 'ws2025'] }],
    ['ltsc2019', { severity: 'warning', effect: 'ignored', targets: ['ws2022', 'ws2025'] }],
    ['ws2022', { severity: 'error', effect: 'rejected', targets: ['ws2019', 'ws2025'] }],
    ['ws2019,ws2022', undefined],
    ['WS2019 ws2022', undefined],
    ['ws2025', { severity: 'error', effect: 'rejected', targets: ['ws2019', 'ws2022', 'ws2025'] }],
    ['engine@28', { severity: 'error', effect: 'rejected', targets: ['ws2019', 'ws2022', 'ws2025'] }]
  ])('[%s]', (targets, expected) => {
    const { kept, suppressed } = apply(`⟦host⟧ # porthole-disable-line [${targets}]`, { diagnostics: ([range]) => [diagnostic(range!, { verdicts })] })
    expect(kept.map(({ severity, effect, verdicts: left }) => ({ severity, effect, targets: left.map(({ target }) => target) }))[0]).toEqual(expected)
    expect(suppressed).toHaveLength(expected ? 0 : 1)
  })

  it('adds up comments, and takes facets into account', () => {
    const label = (target: string): TargetVerdict => ({ target, effect: 'rejected', evidence: ['executed'] })
    const of = (comment: string): string[] => apply(`# porthole-disable-next-line ${comment}\n⟦host⟧ # porthole-disable-line [ws2022]`, { diagnostics: ([range]) => [diagnostic(range!, { verdicts: ['ws2019,engine@20.10', 'ws2019,engine@28', 'ws2022,engine@28'].map(label) })] }).kept.flatMap(({ verdicts: left }) => left.map(({ target }) => target))
    expect(of('[ws2019]')).toEqual([])
    expect(of('[ws2019,engine@28]')).toEqual(['ws2019,engine@20.10'])
    expect(of('[engine@20.10,engine@28]')).toEqual([])
    expect(of('[host=azure]')).toEqual(['ws2019,engine@20.10', 'ws2019,engine@28'])
  })

  it('leaves faults that are the same everywhere alone', () => {
    const { kept } = apply('⟦host⟧ # porthole-disable-line [ws2019]', { diagnostics: ([range]) => [diagnostic(range!, { verdicts: [] })] })
    expect(kept).toHaveLength(1)
  })

  it('says what the matrix says of the targets that are left', () => {
    const other = { ...ignored, message: 'It is ignored.' }
    const { kept } = apply('⟦host⟧ # porthole-disable-line [ws2019]', { diagnostics: ([range]) => [diagnostic(range!, { verdicts: [refused, other] })] })
    expect(kept[0]!.message).toBe('It is ignored.')
  })

  it('recognises lost protection and what is only inferred', () => {
    const left = (verdict: TargetVerdict) => apply('⟦host⟧ # porthole-disable-line [ws2019]', { diagnostics: ([range]) => [diagnostic(range!, { verdicts: [refused, verdict] })] }).kept[0]!.severity
    expect(left({ ...ignored, unsafe: true })).toBe('error')
    expect(left({ ...ignored, evidence: ['inferred'] })).toBe('info')
  })
})

describe('problems of suppressions', () => {
  /** Marks stand around the problem; there are no findings, but `host` where it is written. */
  function problemsOf(marked: string, circumstances = known) {
    const { source, ranges } = unmark(marked)
    const found = [...source.matchAll(/^host/gm)].map(({ index }) => diagnostic([index, index + 4]))
    const { kept, problems } = applySuppressions(found, commentsIn(source), source, today, circumstances)
    return { kept, messages: problems.map(({ message }) => message), places: mark(source, problems.map(({ range }) => range)), expected: mark(source, ranges), problems }
  }

  it.each([
    ['# ⟦porthole-disable-line⟧\n', 'This comment suppresses nothing.', 0],
    ['# ⟦porthole-disable-next-line no-ipv6⟧ -- why\nhost', 'This comment suppresses nothing.', 1],
    ['host # porthole-disable-line ⟦no-ipv6⟧, no-host-network', '`no-ipv6` is not found here: there is nothing to suppress.', 0],
    ['# ⟦porthole-disable-next-line⟧', 'This comment suppresses nothing.', 0],
    ['# ⟦porthole-disable-file no-ipv6⟧\nhost', 'This comment suppresses nothing.', 1],
    ['# ⟦porthole-disable⟧\n# porthole-enable\nhost', 'This comment suppresses nothing.', 1],
    ['# ⟦porthole-enable⟧\nhost', 'Nothing is disabled here that could be enabled.', 1],
    ['host # ⟦porthole-disable-line until=2026-06-14⟧ -- why', 'This suppression has expired: it held until 2026-06-14.', 1],
    ['host # porthole-disable-line ⟦until=2026-02-30⟧', '`2026-02-30` is no date; write it as `2027-01-31`.', 1],
    ['host # porthole-disable-line ⟦till=2027-02-01⟧', 'There is no option `till`; the only one is `until`, such as `until=2027-01-31`.', 1],
    ['host # porthole-disable-line ⟦no-host-netwerk⟧', 'There is no rule or feature `no-host-netwerk`; did you mean `no-host-network`?', 1],
    ['host # porthole-disable-line host-network ⟦because⟧', 'There is no rule or feature `because`.', 0],
    ['host # porthole-disable-line ⟦[ws2091]⟧', 'Unknown target `ws2091`; did you mean `ws2019`?', 1],
    ['host # porthole-disable-line ⟦[]⟧', 'No target stands in these brackets.', 1],
    ['host # ⟦porthole-disable-lines⟧', 'There is no `porthole-disable-lines`; did you mean `porthole-disable-line`?', 1],
    ['host # ⟦porthole-ignore⟧ no-host-network', 'There is no `porthole-ignore`; did you mean `porthole-disable-line`?', 1],
    ['host # ⟦porthole-disable-nextline⟧', 'There is no `porthole-disable-nextline`; did you mean `porthole-disable-next-line`?', 1],
    ['/* ⟦porthole-disable-next-line⟧ */ host', 'This comment suppresses nothing.', 0],
    ['# porthole-disable\nhost\n# ⟦porthole-enable [ws2019]⟧', '`porthole-enable` takes neither targets nor a date.', 0]
  ])('%j', (marked, message, kept) => {
    const result = problemsOf(marked)
    expect(result.places).toBe(result.expected)
    expect(result.messages).toEqual([message])
    expect(result.kept).toHaveLength(kept)
    expect(result.problems[0]).toMatchObject({ rule: 'suppression', severity: 'warning' })
  })

  it.each([
    ['targets that were not judged', '# porthole-disable-line [ws2025]', known],
    ['findings that were left out', '# porthole-disable-line', { ...known, complete: false }],
    ['rules that were not judged', '# porthole-disable-line no-ipv6', { ...known, unjudged: new Set(['no-ipv6']) }]
  ])('says nothing of %s', (_, source, circumstances) => {
    expect(problemsOf(source, circumstances).problems).toEqual([])
  })
})

describe('suppressions in the files of', () => {
  const names: SuppressionCircumstances = { rules: knowledge.rules.map(({ id }) => id), features: knowledge.matrix.rows.map(({ feature }) => feature), targets: ['ws2022'] }
  const compose = (line: string, remark = '', after = ''): string => `services:\n  web:\n    image: x\n${remark}    ${line}${after}\n`

  it.each([
    ['compose', 'compose.yaml', compose('network_mode: host', '    # porthole-disable-next-line no-host-network -- why\n')],
    ['compose, at the end of the line', 'compose.yaml', compose('network_mode: host', '', ' # porthole-disable-line')],
    ['compose, in flow', 'compose.yaml', 'services: {\n  web: {image: x,\n    # porthole-disable-next-line\n    network_mode: host\n  }\n}\n'],
    ['compose, with Windows line ends', 'compose.yaml', compose('network_mode: host', '    # porthole-disable-next-line no-host-network\n').replaceAll('\n', '\r\n')],
    ['bash', 'a.sh', '# porthole-disable-next-line no-host-network\n\n# more\ndocker run --network host x\n'],
    ['bash, in a function', 'a.sh', 'f() {\n  docker run --network host x # porthole-disable-line\n}\n'],
    ['PowerShell', 'a.ps1', '<# porthole-disable-next-line no-host-network #>\ndocker run --network host x\n'],
    ['PowerShell, at the end of the line', 'a.ps1', 'docker run --network host x # porthole-disable-line\n'],
    ['PowerShell, in a block', 'a.ps1', 'if ($x) {\n  # porthole-disable-next-line\n  docker run --network host x\n}\n'],
    ['cmd', 'a.cmd', '@echo off\r\nREM porthole-disable-next-line\r\ndocker run --network host x\r\n'],
    ['cmd, by label', 'a.cmd', ':: porthole-disable-next-line\ndocker run --network host x\n'],
    ['cmd, at the end of the line', 'a.cmd', 'docker run --network host x & rem porthole-disable-line\n'],
    ['Docker', 'Dockerfile', 'FROM mcr.microsoft.com/windows/servercore:ltsc2022\n# porthole-disable-next-line\nRUN --network=host echo a\n'],
    ['Docker, in a continued instruction', 'Dockerfile', 'FROM mcr.microsoft.com/windows/servercore:ltsc2022\nRUN echo a && \\\n  # porthole-disable-next-line\n  docker run --network host x\n']
  ])('%s', async (_, path, source) => {
    const file = Text.file(source)
    const language = knowledge.languages.find(candidate => candidate.mayBe(path) && candidate.recognises(path, source))!
    const reading = await language.read(file, knowledge.matrix, path, { environment: new Map() })
    const { diagnostics } = judge(reading!, knowledge, { targets: parseTargets(['ws2022']), platform: 'windows' })
    expect(diagnostics.length).toBeGreaterThan(0)
    const { kept, problems } = applySuppressions(diagnostics, reading!.comments, source, today, names)
    expect(kept).toEqual([])
    expect(problems).toEqual([])
  })
})

describe('any file', () => {
  const line = fc.constantFrom('host', 'ipv6', 'ipv6 host', '', '  ', 'x', '# porthole-disable-line', 'host # porthole-disable-line no-host-network', '# porthole-disable-next-line', '# porthole-disable-next-line no-ipv6 [ws2019]', '/* porthole-disable-next-line */ host', '# why')

  it('hides no finding of a line that no comment speaks of', () => {
    fc.assert(fc.property(fc.array(line, { maxLength: 14 }), fc.constantFrom('\n', '\r\n', '\r'), (lines, newline) => {
      const source = lines.join(newline)
      const marked = source.replace(/(?<![-\w])(host|ipv6)(?![-\w])/g, '⟦$1⟧')
      const { kept } = apply(marked)
      const isContent = (text: string): boolean => text.replace(/#.*|\/\*.*?\*\//, '').trim() !== ''
      // What each line may hide, said in another way.
      const meant = new Set<number>()
      lines.forEach((text, at) => {
        if (/# porthole-disable-line/.test(text)) meant.add(at)
        const next = lines.findIndex((other, index) => index > at && isContent(other))
        if (/porthole-disable-next-line/.test(text) && next >= 0) meant.add(next)
      })
      const places = kept.map(({ range }) => range[0])
      let offset = 0
      lines.forEach((text, at) => {
        for (const { index } of text.matchAll(/(?<![-\w])(host|ipv6)(?![-\w])/g)) if (!meant.has(at)) expect(places).toContain(offset + index)
        offset += text.length + newline.length
      })
    }), { numRuns: 300 })
  })

  it('is read whatever stands in its comments, and every place is in it', () => {
    const piece = fc.constantFrom('porthole-disable-line', 'porthole-', 'porthole-enable', 'porthole-disable', '[', ']', '[ws2019', ' -- ', ',', 'until=', 'until=2027-01-01', '*/', '<#', '#', 'rem ', '\n', ' ', '\t', 'no-ipv6', '=', ':', 'constructor', '__proto__', 'é😀', '\r', '-')
    fc.assert(fc.property(fc.array(piece, { maxLength: 30 }), pieces => {
      const source = `host # ${pieces.join('')}`
      const file = Text.file(source)
      const { kept, suppressed, problems } = applySuppressions([diagnostic([0, 4])], [file.slice(5), file.slice(5), file], source, today, known)
      expect(kept.length + suppressed.length).toBe(1)
      for (const { range: [start, end] } of problems) expect(0 <= start && start <= end && end <= source.length).toBe(true)
    }), { numRuns: 500 })
  })

  it('is read in time that grows with it', () => {
    const source = `${' '.repeat(200_000)}\n${'# porthole-disable-next-line no-ipv6\n'.repeat(20_000)}${'host\n'.repeat(20_000)}`
    const found = [...source.matchAll(/host/g)].map(({ index }) => diagnostic([index, index + 4]))
    const started = performance.now()
    applySuppressions(found, [...commentsIn(source), Text.file(source).slice(0, 200_000)], source, today, known)
    expect(performance.now() - started).toBeLessThan(3000)
  })
})
