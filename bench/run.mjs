// `npm run bench`: what porthole costs, against an empty Node, in one run. Prints a table; asserts nothing.
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { composeFile, randomNumbers } from './generate.mjs'

const rounds = Number(process.env.BENCH_ROUNDS ?? 11)
const program = resolve(import.meta.dirname, '../dist/cli/porthole.js')
const folder = mkdtempSync(join(tmpdir(), 'porthole-bench-'))

/** Processor time (user and system) of a whole process, in milliseconds. */
function measure(args) {
  const { stdout } = spawnSync('/usr/bin/env', ['bash', '-c', `TIMEFORMAT='%U %S'; { time "$0" "$@" >/dev/null 2>&1; } 2>&1`, process.execPath, ...args], { cwd: folder, encoding: 'utf8' })
  const [user, system] = stdout.trim().split(' ').map(Number)
  return (user + system) * 1000
}

const median = values => [...values].sort((a, b) => a - b)[values.length >> 1]

function files(name, count) {
  const random = randomNumbers(count)
  for (let file = 0; file < count; file++) {
    const path = join(folder, name, `app${file % 100}`)
    mkdirSync(path, { recursive: true })
    writeFileSync(join(path, `compose${file}.yaml`), composeFile(random))
  }
}

writeFileSync(join(folder, 'empty.cjs'), '')
writeFileSync(join(folder, 'read.cjs'), "const fs = require('fs'), path = require('path'); let n = 0; const walk = d => { for (const e of fs.readdirSync(d, { withFileTypes: true })) { const p = path.join(d, e.name); if (e.isDirectory()) walk(p); else n += fs.readFileSync(p, 'utf8').length } }; walk(process.argv[2])")
files('one', 1)
files('hundreds', 300)
files('thousands', 3000)

const cases = {
  'an empty Node': ['empty.cjs'],
  'porthole --version': [program, '--version'],
  'one compose file': [program, 'one'],
  'reading 300 files': ['read.cjs', 'hundreds'],
  '300 compose files': [program, 'hundreds'],
  'reading 3000 files': ['read.cjs', 'thousands'],
  '3000 compose files': [program, 'thousands', '--format', 'compact']
}
const results = Object.fromEntries(Object.keys(cases).map(name => [name, []]))
for (let round = 0; round < rounds; round++) for (const [name, args] of Object.entries(cases)) results[name].push(measure(args))
const floor = median(results['an empty Node'])
process.stdout.write(`Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, median of ${rounds}, processor time of the whole process\n\n`)
for (const [name, values] of Object.entries(results)) process.stdout.write(`${name.padEnd(22)} ${median(values).toFixed(0).padStart(6)} ms   ${(median(values) / floor).toFixed(2)} × an empty Node\n`)
rmSync(folder, { recursive: true, force: true })
