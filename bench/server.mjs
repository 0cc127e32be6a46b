// `npm run bench`: how soon the language server answers a keystroke in a compose file of 2,000 lines, and whether it keeps anything of 10,000 (BENCH_SERVICES=5 BENCH_KEYSTROKES=10000). It asks for diagnostics after each, which the server does not delay. Prints; asserts nothing.
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { loadavg } from 'node:os'
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

/** A line in the middle of the file, behind which is typed. */
const line = 10 + 10 * (serviceCount >> 1)
const column = text.split('\n')[line].length
const change = (start, end, written) => ({ range: { start: { line, character: start }, end: { line, character: end } }, text: written })

/** A key and its value are typed in a line of their own, and taken back: until the colon stands, the file is unsound. */
const newLine = '\n    stop_signal: "SIGTERM"'
const typing = [...newLine].map((character, at) => (at === 0 ? change(column, column, character) : { range: { start: { line: line + 1, character: at - 1 }, end: { line: line + 1, character: at - 1 } }, text: character }))
const takenBack = { range: { start: { line, character: column }, end: { line: line + 1, character: newLine.length - 1 } }, text: '' }

const ways = [
  { name: 'a value grows and shrinks', edits: [change(column, column, 'x'), change(column, column + 1, '')] },
  { name: 'a line is typed and taken back', edits: [...typing, takenBack] },
  { name: 'the same, in a file with a comment that suppresses', edits: [...typing, takenBack], comment: '# porthole-disable-file no-ipv6 -- a comment\n' }
]

await ask('initialize', { processId: process.pid, rootUri: null, capabilities: { textDocument: { diagnostic: {} } } })
send({ method: 'initialized', params: {} })
let version = 0
const memory = []
process.stdout.write(`\n${keystrokes} keystrokes in a compose file of ${text.split('\n').length} lines, warm; load ${loadavg()[0].toFixed(1)}\n`)
for (const { name, edits, comment = '' } of ways) {
  // The comment stands at the end, and the lines where they were.
  send({ method: 'textDocument/didOpen', params: { textDocument: { uri, languageId: 'yaml', version: ++version, text: text + comment } } })
  const times = []
  let warmAt = 0
  let previousResultId
  for (let count = 0; count < keystrokes + warmUp; count++) {
    if (count === warmUp) warmAt = processorTime()
    const start = performance.now()
    send({ method: 'textDocument/didChange', params: { textDocument: { uri, version: ++version }, contentChanges: [edits[count % edits.length]] } })
    previousResultId = (await ask('textDocument/diagnostic', { textDocument: { uri }, previousResultId })).resultId
    if (count >= warmUp) times.push(performance.now() - start)
    if (count % Math.ceil((keystrokes + warmUp) / 4) === 0) memory.push(megabytes())
  }
  const processor = (processorTime() - warmAt) / keystrokes
  const sorted = times.sort((a, b) => a - b)
  const at = share => `${sorted[Math.floor((sorted.length - 1) * share)].toFixed(1)} ms`
  process.stdout.write(`${name}: median ${at(0.5)}, 95 % ${at(0.95)}, at most ${at(1)}; processor time ${processor.toFixed(1)} ms each\n`)
  send({ method: 'textDocument/didClose', params: { textDocument: { uri } } })
}
process.stdout.write(`resident memory along the way: ${memory.map(size => size.toFixed(0)).join(' ')} MB\n`)
server.kill()
