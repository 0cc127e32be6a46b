import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { ServerProgram } from './server-process.ts'

/** How many keystrokes; 2,000 and more show whether memory grows. */
const keystrokes = Number(process.env['SERVER_KEYSTROKES'] ?? 60)
const uri = 'file:///project/compose.yaml'
const program = new ServerProgram()

beforeAll(() => program.build(), 60_000)
afterAll(() => program.remove())

/** A compose file of 2,000 lines in which something is found in every tenth service. */
function largeFile(): string {
  const services = Array.from({ length: 200 }, (_, at) => `  web${at}:\n    image: mcr.microsoft.com/windows/servercore:ltsc2022\n    ports:\n      - "${8000 + at}:80"\n    environment:\n      MODE: "1"\n      LEVEL: \${LEVEL:-2}\n    networks: [front]\n    ${at % 10 === 0 ? 'network_mode: host' : 'restart: always'}\n    hostname: web${at}\n`)
  return `services:\n${services.join('')}networks:\n  front:\n    driver: nat\n`
}

it(`answers ${keystrokes} keystrokes in a compose file of 2,000 lines, and keeps nothing of them`, async () => {
  const { client, child } = program.start()
  await client.initialize({ textDocument: { diagnostic: {} } })
  const text = largeFile()
  client.open(uri, text)
  const line = text.split('\n').length - 1
  const times: number[] = []
  const memory: number[] = []
  let resultId: string | undefined
  for (let version = 2; version < keystrokes + 2; version++) {
    const start = performance.now()
    client.change(uri, version, { range: { start: { line, character: 0 }, end: { line, character: version === 2 ? 0 : 1 } }, text: version % 2 === 0 ? '#' : ' ' })
    const report = await client.request('textDocument/diagnostic', { textDocument: { uri }, previousResultId: resultId })
    times.push(performance.now() - start)
    client.received.length = 0
    resultId = report.resultId
    if (version % 50 === 0) memory.push(residentMegabytes(child.pid!))
  }
  const sorted = times.slice(Math.min(20, times.length / 2)).sort((a, b) => a - b)
  const at = (share: number): string => sorted[Math.floor((sorted.length - 1) * share)]!.toFixed(1)
  console.log(`${keystrokes} keystrokes: median ${at(0.5)} ms, 95 % ${at(0.95)} ms; memory ${memory.map(size => size.toFixed(0)).join(' ')} MB`) // eslint-disable-line no-console
  // The machine may be busy; what must not happen is something worse than work in proportion.
  expect(sorted[Math.floor(sorted.length / 2)]!).toBeLessThan(500)
  if (keystrokes >= 1000) expect(memory.at(-1)! - memory[Math.floor(memory.length / 2)]!).toBeLessThan(40)
  child.kill()
}, 60_000 + keystrokes * 500)

const residentMegabytes = (pid: number): number => Number(/VmRSS:\s+(\d+)/.exec(readStatus(pid))?.[1] ?? 0) / 1024

/** What Linux tells of a process; elsewhere nothing. */
function readStatus(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/status`, 'utf8')
  } catch {
    return ''
  }
}
