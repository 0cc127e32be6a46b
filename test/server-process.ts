import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { build } from 'esbuild'
import { RawClient } from './server-client.ts'

/** The server as a program of its own, built into a folder that goes with it. */
export class ServerProgram {
  readonly folder = mkdtempSync(join(tmpdir(), 'porthole-lsp-'))
  readonly path = join(this.folder, 'server.mjs')
  readonly #children: ChildProcess[] = []

  async build(): Promise<void> {
    const root = resolve(import.meta.dirname, '..')
    await build({
      stdin: { contents: "import { startServer } from './src/server.ts'\nstartServer()\n", resolveDir: root }, absWorkingDir: root, outdir: this.folder, entryNames: 'server', outExtension: { '.js': '.mjs' },
      bundle: true, splitting: true, format: 'esm', platform: 'node', target: 'node20', mainFields: ['module', 'main'], logLevel: 'error',
      // What the compiler of TypeScript, a script of the old kind, expects around it.
      banner: { js: "import { createRequire as porthole_createRequire } from 'node:module'; import { fileURLToPath as porthole_pathOf } from 'node:url'; const require = porthole_createRequire(import.meta.url), __filename = porthole_pathOf(import.meta.url), __dirname = porthole_pathOf(new URL('.', import.meta.url));" }
    })
  }

  /** Starts it. */
  start(): { readonly client: RawClient; readonly child: ChildProcess; readonly ended: Promise<number | null> } {
    const child = spawn(process.execPath, ['--expose-gc', this.path], { stdio: ['pipe', 'pipe', 'inherit'] })
    this.#children.push(child)
    const ended = new Promise<number | null>(resolve => child.on('exit', code => resolve(code)))
    return { client: new RawClient(child.stdin!, child.stdout!), child, ended }
  }

  remove(): void {
    for (const child of this.#children) child.kill('SIGKILL')
    rmSync(this.folder, { recursive: true, force: true })
  }
}
