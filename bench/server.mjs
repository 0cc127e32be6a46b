// `npm run bench`: how soon the language server answers a keystroke in a compose file of 2,000 lines, and whether it keeps anything of 10,000 (BENCH_SERVICES=5 BENCH_KEYSTROKES=10000). Prints; asserts nothing.
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'

const keystrokes = Number(process.env.BENCH_KEYSTROKES ?? 500)
const warmUp = 50
/** Of ten lines each. */
const serviceCount = Number(process.env.BENCH_SERVICES ?? 200)
const uri = 'file:///project/compose.yaml'
const server = spawn(process.execPath, [resolve(import.meta.dirname, '../dist/cli/porthole.js'), 'lsp'], { stdio: ['pipe', 'pipe', 'inherit'] })

/** Something is found in every tenth service. */
const services = Array.from({ length: serviceCount }, (_, at) => `  web${at}:\n    image: mcr.microsoft.com/windows/servercore:ltsc2022\n    ports:\n      - "${8000 + at}:80"\n    environment:\n      MODE: "1"\n      LEVEL: \${LEVEL:-2}\n    networks: [front]\n    ${at % 10 === 0 ? 'network_mode: host' : 'restart: always'}\n    hostname: web${at}\n`)
const text = `services:\n${services.join('')}networks:\n  front:\n    driver: nat\n`

const waiting = new Map()
let bytes = Buffer.alloc(0)
server.stdout.on('data', chunk => {
  bytes = Buffer.concat([bytes, chunk])
  for (;;) {
    const end = bytes.indexOf('\r\n\r\n')
    if (end < 0) return
    const length = Number(/\d+/.exec(bytes.toString('latin1', 0, end))[0])
    if (bytes.length < end + 4 + length) return
    const { id, result } = JSON.parse(bytes.toString('utf8', end + 4, end + 4 + length))
    bytes = bytes.subarray(end + 4 + length)
    waiting.get(id)?.(result)
    waiting.delete(id)
  }
})

function send(message) {
  const body = Buffer.from(JSON.stringify({ jsonrpc: '2.0', ...message }))
  server.stdin.write(`Content-Length: ${body.length}\r\n\r\n`)
  server.stdin.write(body)
}

let lastId = 0
const ask = (method, params) => new Promise(done => {
  waiting.set(++lastId, done)
  send({ id: lastId, method, params })
})

/** What the process holds, on Linux. */
function megabytes() {
  try {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${server.pid}/status`, 'utf8'))[1]) / 1024
  } catch {
    return NaN
  }
}

/** Processor time of the server so far in milliseconds, on Linux: what a busy machine does not add to. */
function processorTime() {
  try {
    const [user, system] = readFileSync(`/proc/${server.pid}/stat`, 'utf8').split(') ')[1].split(' ').slice(11, 13).map(Number)
    return (user + system) * 10
  } catch {
    return NaN
  }
}

await ask('initialize', { processId: process.pid, rootUri: null, capabilities: { textDocument: { diagnostic: {} } } })
send({ method: 'initialized', params: {} })
send({ method: 'textDocument/didOpen', params: { textDocument: { uri, languageId: 'yaml', version: 1, text } } })
const times = []
const memory = []
let warmAt = 0
let previousResultId
for (let count = 0; count < keystrokes + warmUp; count++) {
  // Typing in the middle of the file: the name of a host grows and shrinks.
  const line = 10 + 10 * (serviceCount >> 1)
  const grown = count % 2
  if (count === warmUp) warmAt = processorTime()
  const start = performance.now()
  send({ method: 'textDocument/didChange', params: { textDocument: { uri, version: count + 2 }, contentChanges: [{ range: { start: { line, character: 14 }, end: { line, character: 14 + grown } }, text: grown ? '' : 'x' }] } })
  const report = await ask('textDocument/diagnostic', { textDocument: { uri }, previousResultId })
  previousResultId = report.resultId
  if (count >= warmUp) times.push(performance.now() - start)
  if (count % Math.ceil((keystrokes + warmUp) / 10) === 0) memory.push(megabytes())
}
const processor = (processorTime() - warmAt) / keystrokes
const sorted = [...times].sort((a, b) => a - b)
const at = share => sorted[Math.floor((sorted.length - 1) * share)].toFixed(1)
process.stdout.write(`\n${keystrokes} keystrokes in a compose file of ${text.split('\n').length} lines, warm: median ${at(0.5)} ms, 95 % ${at(0.95)} ms; processor time ${processor.toFixed(1)} ms each\nresident memory along the way: ${memory.map(size => size.toFixed(0)).join(' ')} MB\n`)
server.kill()
