// `npm run bench`: what porthole costs, against an empty Node and against merely reading the files, all in one run.
// `npm run bench -- --peers` measures other programs on the same files too. Prints a table; asserts nothing.
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { bashScript, composeFile, dockerfile, javascriptScript, powershellScript, randomNumbers } from './generate.mjs'
import { installPeers } from './peer.mjs'

const rounds = Number(process.env.BENCH_ROUNDS ?? 5)
const program = resolve(import.meta.dirname, '../dist/cli/porthole.js')
const meter = resolve(import.meta.dirname, 'meter.cjs')
const folder = mkdtempSync(join(tmpdir(), 'porthole-bench-'))

/** A whole process: processor time (user and system) and time in milliseconds, and where it is Node the peak of its memory in MB. */
function measure([command, ...args]) {
  const memory = join(folder, 'memory')
  rmSync(memory, { force: true })
  const metered = command === process.execPath ? [command, '--require', meter, ...args] : [command, ...args]
  const { stdout } = spawnSync('bash', ['-c', `TIMEFORMAT='%U %S %R'; { time "$0" "$@" >/dev/null 2>&1 </dev/null; } 2>&1`, ...metered], { cwd: folder, encoding: 'utf8', env: { ...process.env, METER: memory } })
  const [user, system, real] = stdout.trim().split(' ').map(Number)
  return { cpu: (user + system) * 1000, wall: real * 1000, memory: peakIn(memory) }
}

function peakIn(file) {
  try {
    return Number(readFileSync(file, 'utf8')) / 1024
  } catch {
    return undefined
  }
}

const makers = {
  compose: [['compose', 'yaml', composeFile]],
  docker: [['Dockerfile', '', dockerfile]],
  powershell: [['build', 'ps1', powershellScript]],
  bash: [['build', 'sh', bashScript]],
  javascript: [['build', 'mjs', javascriptScript]],
  mixed: [['compose', 'yaml', composeFile], ['Dockerfile', '', dockerfile], ['build', 'ps1', powershellScript], ['build', 'sh', bashScript]]
}

/** Make files in a hundred folders, and return their paths. */
function files(name, kind, count) {
  const random = randomNumbers(count)
  return Array.from({ length: count }, (_, file) => {
    const [base, extension, make] = makers[kind][file % makers[kind].length]
    const path = join(folder, name, `app${file % 100}`)
    mkdirSync(path, { recursive: true })
    const full = join(path, extension === '' ? `${base}.${file}` : `${base}${file}.${extension}`)
    writeFileSync(full, make(random))
    return full
  })
}

const node = process.execPath
const lint = (name, ...options) => [node, program, name, '--format', 'compact', '--concurrency', 'off', ...options]
const read = name => [node, 'read.cjs', name]
writeFileSync(join(folder, 'empty.cjs'), '')
writeFileSync(join(folder, 'read.cjs'), "const fs = require('fs'), path = require('path'); let n = 0; const walk = d => { for (const e of fs.readdirSync(d, { withFileTypes: true })) { const p = path.join(d, e.name); if (e.isDirectory()) walk(p); else n += fs.readFileSync(p, 'utf8').length } }; walk(process.argv[2])")

const cases = [
  { name: 'an empty Node', command: [node, 'empty.cjs'] },
  { name: 'porthole --version', command: [node, program, '--version'] }
]
for (const kind of ['compose', 'docker', 'powershell', 'bash', 'javascript']) {
  files(`one-${kind}`, kind, 1)
  cases.push({ name: `1 file, ${kind}`, command: lint(`one-${kind}`) })
}
for (const [kind, count] of [['compose', 1000], ['compose', 10_000], ['mixed', 10_000]]) {
  files(`${kind}-${count}`, kind, count)
  const name = `${kind}-${count}`
  const over = `reading ${count} files, ${kind}`
  cases.push({ name: over, command: read(name) }, { name: `${count} files, ${kind}`, command: lint(name), over })
  if (count < 10_000) continue
  cases.push({ name: '  in threads', command: lint(name, '--concurrency', 'auto'), over }, { name: '  cached', command: lint(name, '--cache', '--cache-location', `${name}.cache`), over })
}
if (process.argv.includes('--peers')) addPeers()

function addPeers() {
  const dockerfiles = files('docker-500', 'docker', 500)
  const scripts = files('bash-500', 'bash', 500)
  files('compose-500', 'compose', 500)
  files('javascript-500', 'javascript', 500)
  const folders = { many: join(folder, 'compose-10000'), compose: join(folder, 'compose-500'), docker: join(folder, 'docker-500'), javascript: join(folder, 'javascript-500'), dockerfiles, scripts }
  const all = installPeers(folder, folders, resolve(import.meta.dirname, '../schemas/compose.schema.json'))
  const peersOf = (input, over) => all.filter(peer => peer.input === input).map(({ name, command }) => ({ name: `  ${name}`, command, over }))
  cases.splice(cases.findIndex(({ name }) => name === '10000 files, compose') + 1, 0, ...peersOf('many', '10000 files, compose'))
  for (const input of ['compose', 'docker', 'bash', 'javascript']) {
    const own = `500 files, ${input}`
    cases.push({ name: own, command: lint(`${input}-500`) }, ...peersOf(input, own))
  }
}

for (const each of cases) each.results = []
// What is measured of a cache is the second run.
for (const { name, command } of cases) if (name === '  cached') measure(command)
// One after the other and all again, so that what else the machine does falls on all alike.
for (let round = 0; round < rounds; round++) for (const { command, results } of cases) results.push(measure(command))
rmSync(folder, { recursive: true, force: true })

const sorted = ({ results }, key) => results.map(result => result[key]).filter(value => value !== undefined).sort((a, b) => a - b)
const median = values => values[values.length >> 1]
const cpu = name => median(sorted(cases.find(each => each.name === name), 'cpu'))
process.stdout.write(`Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, ${rounds} rounds\n\n`)
process.stdout.write(`${'processor time in ms'.padEnd(32)} ${['min', 'median', 'max', 'wall', 'MB'].map(title => title.padStart(7)).join('')}\n`)
for (const each of cases) {
  const times = sorted(each, 'cpu')
  const numbers = [times[0], median(times), times.at(-1), median(sorted(each, 'wall')), median(sorted(each, 'memory'))]
  const ratio = each.over ? `${(median(times) / cpu(each.over)).toFixed(1)} × ${each.over}` : `${(median(times) / cpu('an empty Node')).toFixed(2)} × an empty Node`
  process.stdout.write(`${each.name.padEnd(32)} ${numbers.map(value => (value === undefined ? '' : value.toFixed(0)).padStart(7)).join('')}   ${ratio}\n`)
}
