import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { explain } from '../src/explain.ts'
import { interopConfiguration, interopOverview, otherRules, otherTools, switchedTools } from '../src/interop.ts'
import { knowledge } from '../src/knowledge.ts'
import { diagnosticsOf } from './linting.ts'

const subjects = { windows: ['api', 'web'], linux: ['db'] }

describe('the table of other rules', () => {
  it.each(otherRules.map(rule => ({ ...rule, title: `${rule.tool} ${rule.called ?? rule.rule}` })))('$title speaks of what there is', ({ tool, feature, where }) => {
    expect(otherTools.map(({ id }) => id)).toContain(tool)
    expect(where).toMatch(/^https:\/\//)
    if (feature === undefined) return
    const rows = knowledge.matrix.rowsOf(feature)
    expect(rows.some(({ support }) => support.some(({ effect }) => effect !== 'supported'))).toBe(true)
    expect(rows.some(({ advice }) => advice?.some(({ by }) => by.startsWith(otherTools.find(({ id }) => id === tool)!.name)))).toBe(true)
  })

  it('has each rule once, and a switch for each tool that can be told', () => {
    expect(new Set(otherRules.map(({ tool, rule }) => `${tool} ${rule}`)).size).toBe(otherRules.length)
    expect(otherTools.filter(({ configuration }) => configuration !== undefined).map(({ id }) => id).sort()).toEqual([...switchedTools].sort())
    expect(otherTools.filter(({ nothing, id }) => nothing !== undefined && otherRules.some(({ tool }) => tool === id))).toEqual([])
  })
})

describe('a configuration', () => {
  it.each(switchedTools)('of %s names every rule', tool => {
    const { stdout } = interopConfiguration(tool, subjects)
    for (const { rule } of otherRules.filter(other => other.tool === tool)) expect(stdout).toContain(rule)
  })

  it.each([
    ['dclint', { rules: { 'no-unbound-port-interfaces': 0 } }],
    ['hadolint', { ignored: ['DL4006'] }],
    ['kics', { 'exclude-queries': otherRules.filter(({ tool }) => tool === 'kics').map(({ rule }) => rule) }]
  ])('of %s is what it reads', (tool, expected) => expect(parse(interopConfiguration(tool, subjects).stdout)).toEqual(expected))

  it('of compose-lint is for services of Windows alone', () => {
    const { rules } = parse(interopConfiguration('compose-lint', subjects).stdout) as { rules: Record<string, { exclude_services: Record<string, string> }> }
    expect(Object.keys(rules)).toEqual(['CL-0003', 'CL-0005', 'CL-0006', 'CL-0007'])
    for (const { exclude_services: services } of Object.values(rules)) expect(Object.keys(services)).toEqual(['api', 'web'])
    expect(parse(interopConfiguration('compose-lint', { windows: [], linux: [] }).stdout)).toEqual({ rules: {} })
  })

  it('says what it takes from Linux, and how that is spared', () => {
    expect(interopConfiguration('dclint', subjects).stderr).toBe('porthole: this is for .dclintrc\nporthole: it switches the rules off for `db` too, which is for Linux; in files for Windows alone: # dclint disable no-unbound-port-interfaces\n')
    expect(interopConfiguration('compose-lint', subjects).stderr).not.toContain('db')
  })

  it('is not needed for all', () => expect(interopConfiguration('trivy', subjects)).toMatchObject({ stdout: '', stderr: expect.stringContaining('nothing to switch off') }))
  it('asks for a tool that it knows', () => expect(() => interopConfiguration('dclit', subjects)).toThrow('did you mean `dclint`?'))
  it('is told of in the overview', () => {
    for (const tool of switchedTools) expect(interopOverview()).toContain(`porthole interop ${tool}`)
  })
})


describe('advice', () => {
  it.each([
    ['security_opt: ["no-new-privileges:true"]', ['compose-lint CL-0003', 'KICS "No New Privileges Not Set"'], ['check_5_3']],
    ['security_opt: ["apparmor:x"]', ['docker-bench-security check_5_2'], ['CL-0003']],
    ['ports: ["127.0.0.1:80:80"]', ['dclint no-unbound-port-interfaces', 'compose-lint CL-0005', 'CIS Docker Benchmark 5.14'], []],
    ['cap_drop: [ALL]', ['compose-lint CL-0006'], []],
    ['cap_drop: [NET_RAW]', ['OWASP Docker Security Cheat Sheet rule #3'], ['CL-0006']],
    ['cap_drop: ["${CAPABILITY}"]', [], ['CL-0006']],
    ['cap_add: [NET_RAW]', [], ['OWASP', 'CL-0006']],
    ['read_only: true', ['Semgrep "writable-filesystem-service"'], []]
  ])('on %s', async (setting, named, others) => {
    const advice = (await diagnosticsOf({ source: `services:\n  web:\n    image: x\n    ${setting}\n` })).flatMap(diagnostic => diagnostic.advice ?? [])
    expect(advice).toEqual(expect.arrayContaining(named))
    for (const other of others) expect(advice.join()).not.toContain(other)
  })

  it('is told by explain', () => {
    expect(explain(['read-only'], Error)).toContain('Asked for by (porthole interop):\n  compose-lint CL-0007\n')
    expect(explain(['unsupported-security-option'], Error)).toContain('  compose-lint CL-0007\n')
  })
})
