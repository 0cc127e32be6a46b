// Builds dist/ and what is derived from the sources: `node build.mjs`, or `node build.mjs --generate` for the latter alone.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { build, transform } from 'esbuild'
import { parse } from 'yaml'
import { compileComposeSchema, composeValidatorTypes } from './schemas/compose.compile.mjs'

const read = path => readFileSync(path, 'utf8')
const names = (folder, extension) => readdirSync(folder).filter(name => name.endsWith(extension)).sort()

/** Writes only what changes, so that nothing that watches the file starts for nothing. */
function write(path, text) {
  try {
    if (read(path) === text) return
  } catch {}
  writeFileSync(path, text)
}

export function generate() {
  mkdirSync('src/generated', { recursive: true })
  const rows = names('rules/matrix', '.yaml').flatMap(name => parse(read(`rules/matrix/${name}`)))
  write('rules/matrix.json', `[\n${rows.map(row => JSON.stringify(row)).join(',\n')}\n]\n`)
  const ids = names('rules', '.ts').map(name => name.slice(0, -3)).filter(id => id !== 'index')
  const variable = id => id.replace(/-(\w)/g, (_, letter) => letter.toUpperCase())
  write('rules/index.ts', `// Generated from the files of this folder by \`npm run generate\`.\n${ids.map(id => `import ${variable(id)} from './${id}.ts'\n`).join('')}\nexport default [\n${ids.map(id => `  ${variable(id)}`).join(',\n')}\n]\n`)
  const pages = Object.fromEntries(names('rules', '.md').filter(name => name !== 'README.md').map(name => [name.slice(0, -3), read(`rules/${name}`)]))
  write('src/generated/compose-validator.js', compileComposeSchema())
  write('src/generated/compose-validator.d.ts', composeValidatorTypes())
  write('src/generated/rule-pages.ts', `// Generated from rules/*.md by \`npm run generate\`.\nconst pages: Readonly<Record<string, string>> = ${JSON.stringify(pages, null, 2)}\n\nexport default pages\n`)
}

/**
 * The command line: a small core and chunks that are loaded when they are
 * needed. It is bundled as modules first, because only these can share chunks,
 * and then made CommonJS, which Node starts 5 to 10 ms sooner.
 */
async function buildCommandLine() {
  const { outputFiles } = await build({ entryPoints: { porthole: 'src/bin.ts' }, outdir: 'dist/cli', bundle: true, splitting: true, format: 'esm', platform: 'node', target: 'node20', write: false, legalComments: 'none', treeShaking: true, mainFields: ['module', 'main'], banner: { js: "import { createRequire as porthole_createRequire } from 'node:module'; const require = globalThis.require ?? porthole_createRequire(import.meta.url);" }, logLevel: 'warning' })
  mkdirSync('dist/cli', { recursive: true })
  writeFileSync('dist/cli/package.json', '{ "type": "commonjs" }\n')
  for (const { path, text } of outputFiles) {
    const source = text.replace(/^import \{ createRequire as porthole_createRequire .*$/m, '')
    const { code } = await transform(source, { format: 'cjs', platform: 'node', target: 'node20', minifyWhitespace: true, supported: { 'dynamic-import': false } })
    writeFileSync(path, path.endsWith('/porthole.js') ? `#!/usr/bin/env node\n${code}` : code)
  }
}

async function buildLibrary() {
  await build({ entryPoints: ['src/index.ts', 'src/docker-cli.ts'], outdir: 'dist', bundle: true, splitting: true, format: 'esm', platform: 'neutral', target: 'es2022', mainFields: ['module', 'main'], conditions: ['browser'], chunkNames: 'chunks/[name]-[hash]', logLevel: 'warning' })
}

if (import.meta.filename === process.argv[1]) {
  generate()
  if (!process.argv.includes('--generate')) {
    rmSync('dist', { recursive: true, force: true })
    await buildCommandLine()
    await buildLibrary()
  }
}
