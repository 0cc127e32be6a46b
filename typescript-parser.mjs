// What parsing scripts takes of the compiler of TypeScript: neither its checker nor its emitter nor its language service.
import { readdirSync, readFileSync } from 'node:fs'
import { build } from 'esbuild'

const compiler = 'node_modules/typescript/lib/typescript.js'

/** Who calls the compiler, of what is bundled. */
const callers = ['@typescript-eslint/parser', '@typescript-eslint/typescript-estree', '@typescript-eslint/scope-manager', '@typescript-eslint/visitor-keys', '@typescript-eslint/types', '@typescript-eslint/project-service', '@typescript-eslint/tsconfig-utils', 'ts-api-utils']

/** What a parser without type information never calls, and what leads to most of the rest. */
const uncalled = ['createProgram', 'createWatchCompilerHost', 'createWatchProgram', 'createAbstractBuilder', 'createCompilerHost']
const emptied = ['createTypeChecker', 'createProgram', 'createLanguageService', 'createPrinter', 'getTransformers', 'createResolutionCache']

/** The compiler does not say that it was a module, and is its own default. */
const asItWas = 'module.exports = { ...module.exports }'

/** The compiler as far as it parses, as a script of the old kind. It is made a module, of which what nobody names falls away. */
export async function buildTypeScriptParser() {
  const { outputFiles: [file], metafile } = await build({ metafile: true, stdin: { contents: asModule(readFileSync(compiler, 'utf8')), resolveDir: '.', sourcefile: compiler }, bundle: true, format: 'cjs', platform: 'node', target: 'node20', minify: true, legalComments: 'none', footer: { js: asItWas }, write: false, logLevel: 'warning' })
  return { text: file.text, metafile }
}

/** Has the compiler replaced in a bundle. */
export const typescriptParser = {
  name: 'typescript-parser',
  setup: ({ onLoad }) => onLoad({ filter: /[/\\]typescript[/\\]lib[/\\]typescript\.js$/ }, async () => ({ contents: (await buildTypeScriptParser()).text, loader: 'js' }))
}

/** Has the compiler loaded from a file beside the bundle: as a function in a bundle, Node would read it twice. */
export const typescriptParserFile = {
  name: 'typescript-parser-file',
  setup: ({ onResolve }) => onResolve({ filter: /^typescript(?:\/lib\/\w+)?$/ }, () => ({ path: './typescript.js', external: true }))
}

function asModule(source) {
  const [, inside] = parted(source, 'var ts = {}; ((module) => {\n"use strict";')
  const [before, exports] = parted(inside, '__export(typescript_exports, {')
  const [names, rest] = parted(exports, '});\nmodule.exports = __toCommonJS(typescript_exports);')
  const [after] = parted(rest, '\n// Annotate the CommonJS export names')
  const locals = new Map([...names.matchAll(/(\w+): \(\) => (\w+)/g)].map(([, name, local]) => [name, local]))
  const wanted = [...calledNames()].filter(name => locals.has(name) && !uncalled.includes(name))
  // What these calls do is of use to the language service alone.
  const code = emptied.reduce(withEmptied, before + after).replace(/^(?:__export|registerCodeFix|registerRefactor)\(/gm, '/* @__PURE__ */ $&')
  return `${code}\nexport { ${wanted.map(name => `${locals.get(name)} as ${name}`).join(', ')} }\n`
}

/** What stands before and behind a text. */
function parted(source, by) {
  const at = source.indexOf(by)
  if (at < 0) throw new Error(`${by} is not where it was: look at typescript-parser.mjs`)
  return [source.slice(0, at), source.slice(at + by.length)]
}

function withEmptied(source, name) {
  const start = source.indexOf(`\nfunction ${name}(`)
  const end = source.indexOf('\n}\n', start)
  if (start < 0 || end < start) throw new Error(`${name} is not where it was: look at typescript-parser.mjs`)
  return `${source.slice(0, start)}\nfunction ${name}() { throw new Error('${name} is left out') }${source.slice(end + 2)}`
}

/** Every name that stands behind `ts.` or what it is imported as. */
function calledNames() {
  const scripts = callers.flatMap(name => readdirSync(`node_modules/${name}`, { recursive: true }).filter(path => /\.c?js$/.test(path)).map(path => readFileSync(`node_modules/${name}/${path}`, 'utf8')))
  return new Set(scripts.flatMap(script => [...script.matchAll(/\b(?:ts\d*|(?:import_)?typescript_?\d*)(?:\.default)?\.(\w+)/g)].map(([, name]) => name)))
}
