import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { build } from 'esbuild'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { typescriptParser } from '../typescript-parser.mjs'
import { randomNumbers } from '../bench/generate.mjs'
import { parseScript, type Node } from '../src/languages/javascript-syntax.ts'
import { Text } from '../src/text.ts'

const root = resolve(import.meta.dirname, '..')
const folder = mkdtempSync(join(tmpdir(), 'porthole-parser-'))
let reduced: typeof parseScript

beforeAll(async () => {
  const outfile = join(folder, 'syntax.cjs')
  await build({ entryPoints: [join(root, 'src/languages/javascript-syntax.ts')], absWorkingDir: root, outfile, bundle: true, format: 'cjs', platform: 'node', target: 'node20', plugins: [typescriptParser], logLevel: 'error' })
  reduced = (createRequire(import.meta.url)(outfile) as { parseScript: typeof parseScript }).parseScript
}, 60_000)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** All that is told of a script. */
function described(parse: typeof parseScript, source: string, path: string): string {
  const syntax = parse(Text.file(source), path)
  if ('offset' in syntax) return JSON.stringify(syntax)
  const meant: unknown[] = []
  const visit = (node: Node): void => {
    if (node.type === 'Identifier') meant.push(syntax.variableOf(node)?.defs.map(({ type, node: { range } }) => [type, range]))
    syntax.childrenOf(node).forEach(visit)
  }
  visit(syntax.program)
  const tree = JSON.stringify(syntax.program, (key, value: unknown) => (key === 'parent' ? undefined : typeof value === 'bigint' || value instanceof RegExp ? String(value) : value))
  return JSON.stringify([tree, syntax.comments.map(({ value, whole }) => [value, whole]), meant])
}

const scripts = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(path => /\.[cm]?[jt]sx?$/.test(path) && !/node_modules|dist|generated|\.d\.ts$/.test(path)).sort()

const notation = [
  '<a b={c}>{...d}&nbsp;</a>', 'let a: A<B> = <C>d', 'enum A { b = 1 }', 'namespace A.B {}', '@a class B { @c() d!: string; #e?; static {} accessor f = 1 }', 'abstract class A<in out T> extends B implements C { constructor(private readonly a = 1) { super() } }', 'type A = { [K in keyof B as `x${K}`]?: C[K] } extends infer D ? D : never',
  'import a, { type b as c } from "d" with { type: "json" }', 'export * as a from "b"', 'import a = require("b")', 'export = a', 'declare module "a" { export default b }', 'a?.[b]?.(c!) ?? d satisfies E as const', 'for await (const a of b) {}', 'using a = b', '/a(?<b>c)/dv', '1_000n + 0x1F', '`a${b}\\u{1F600}c`', 'tag`\\unicode`', 'async function* a() { yield* await b }', 'label: while (1) continue label', '#!/usr/bin/env node\na', '<!-- a', 'a\n/** @type {B} */\n// c', 'with (a) b', 'let a; let a', 'return', 'a => { "use strict"; 010 }', 'class { get a() {} set a(b) {} }', 'function a<T>(this: B, c?: d, ...e): c is f;', 'asserts a is b', 'import.meta; new.target; import("a")', 'var a = {b, c() {}, get d() { return 1 }, ["e"]: 1, ...f}', 'if (a) b; else c', 'switch (a) { case 1: default: }', 'try { } catch { } finally { }', 'a ||= b **= c', 'delete a[b], void 0, typeof c', 'export default class extends a {}', '\uFEFFa', 'a\u2028b', ''
]

it('makes the same of our own scripts as the whole compiler', { timeout: 120_000 }, () => {
  expect(scripts.length).toBeGreaterThan(300)
  for (const path of scripts) {
    const source = readFileSync(join(root, path), 'utf8')
    expect(described(reduced, source, path) === described(parseScript, source, path), path).toBe(true)
  }
})

it.each(notation)('makes the same of %j', source => {
  for (const path of ['a.ts', 'a.tsx', 'a.js', 'a.mjs']) expect(described(reduced, source, path)).toBe(described(parseScript, source, path))
})

it('makes the same of scripts after any change', { timeout: 120_000 }, () => {
  const random = randomNumbers(3)
  const sources = [...notation, ...scripts.slice(0, 60).map(path => readFileSync(join(root, path), 'utf8').slice(0, 3_000))]
  let faults = 0
  for (let round = 0; round < 600; round++) {
    const source = sources[random(sources.length)]!
    const at = random(source.length + 1)
    const text = source.slice(0, at) + [' ', '{', ')', '`', '"', '/', '<', 'async ', '#', '@', '\n'][random(11)]! + source.slice(at + random(3))
    const expected = described(parseScript, text, 'a.tsx')
    if (expected.startsWith('{')) faults++
    expect(described(reduced, text, 'a.tsx') === expected, text).toBe(true)
  }
  expect(faults).toBeGreaterThan(100)
  expect(faults).toBeLessThan(590)
})
