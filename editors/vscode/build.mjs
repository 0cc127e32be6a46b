// Builds dist/: the extension and the language server, for the desktop and for the web. Run `npm ci` here and in the root folder before.
import { copyFileSync, rmSync } from 'node:fs'
import { resolve } from 'node:path'
import { build } from '../../node_modules/esbuild/lib/main.js'
import { generate, parsedJson } from '../../build.mjs'
import { typescriptParser } from '../../typescript-parser.mjs'

const root = resolve(import.meta.dirname, '../..')
process.chdir(root)
const out = 'editors/vscode/dist'
const common = { absWorkingDir: root, bundle: true, minify: true, legalComments: 'none', logLevel: 'warning', external: ['vscode'], plugins: [parsedJson] }
const client = { ...common, format: 'cjs', target: 'es2022' }

/** The parser of TypeScript is four times as large as everything else, and a page loads its server as one file. */
const withoutJavaScript = {
  name: 'without-javascript',
  setup: ({ onLoad }) => onLoad({ filter: /[/\\]javascript-program\.ts$/ }, () => ({ contents: 'export const readProgram = () => undefined', loader: 'js' }))
}

/** What the compiler of TypeScript, a script of the old kind, expects around it. */
const commonJs = "import { createRequire as porthole_createRequire } from 'node:module'; import { fileURLToPath as porthole_pathOf } from 'node:url'; const require = porthole_createRequire(import.meta.url), __filename = porthole_pathOf(import.meta.url), __dirname = porthole_pathOf(new URL('.', import.meta.url));"

generate()
rmSync(out, { recursive: true, force: true })
await build({ ...client, entryPoints: ['editors/vscode/src/extension.ts'], outdir: out, platform: 'node', mainFields: ['module', 'main'] })
await build({ ...client, entryPoints: ['editors/vscode/src/web/extension.ts'], outdir: `${out}/web`, platform: 'browser', conditions: ['browser'] })
await build({ ...common, stdin: { contents: "import { startServer } from './src/server.ts'\nstartServer()\n", resolveDir: root }, entryNames: 'server', outdir: `${out}/server`, outExtension: { '.js': '.mjs' }, splitting: true, format: 'esm', platform: 'node', target: 'node20', mainFields: ['module', 'main'], plugins: [parsedJson, typescriptParser], banner: { js: commonJs } })
await build({ ...common, entryPoints: ['editors/vscode/src/web/server.ts'], outdir: `${out}/web`, format: 'iife', platform: 'browser', conditions: ['browser'], target: 'es2022', plugins: [parsedJson, withoutJavaScript] })
copyFileSync('schemas/config.schema.json', `${out}/config.schema.json`)
copyFileSync('LICENSE', 'editors/vscode/LICENSE')
