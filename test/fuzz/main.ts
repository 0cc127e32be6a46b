import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { campaign, seedsOf, type Failure } from './campaign.ts'
import { readers, unreachedRows } from './reader.ts'
import { countBuiltins } from './work.ts'

/** `npm run fuzz -- --minutes 10 --reader bash --seed 7`: a long search for a text that a reader cannot take. */
export async function main(args: string[], folder: string): Promise<number> {
  const { values } = parseArgs({ args, options: { minutes: { type: 'string', default: '1' }, reader: { type: 'string', multiple: true }, seed: { type: 'string', default: String(Date.now() % 2 ** 31) } } })
  const chosen = readers.filter(({ id }) => values.reader === undefined || values.reader.includes(id))
  if (chosen.length === 0) throw new Error(`there is no such reader; there are ${readers.map(({ id }) => id).join(', ')}`)
  countBuiltins()
  const milliseconds = (Number(values.minutes) * 60_000) / chosen.length
  process.stdout.write(`seed ${values.seed}, ${(milliseconds / 1000).toFixed(0)} s for each reader\n`)
  const unreached = await unreachedRows(reader => seedsOf(reader, join(folder, 'seed')))
  if (unreached.length > 0) process.stdout.write(`no seed reaches the fixes of ${unreached.map(({ feature }) => feature).join(', ')}\n`)
  let failures = 0
  for (const reader of chosen) {
    const { inputs, findings, failure } = await campaign(reader, seedsOf(reader, join(folder, 'seed')), { seed: Number(values.seed), inputs: Infinity, milliseconds })
    process.stdout.write(`${reader.id.padEnd(16)} ${String(inputs).padStart(8)} inputs ${String(findings).padStart(9)} findings${failure ? `  ${failure.property}: ${failure.reason}\n  ${keep(failure, failures)}` : ''}\n`)
    if (failure) failures++
  }
  return failures > 0 ? 1 : 0
}

/** Writes what failed to a file, and returns its path. */
function keep({ reader, property, source }: Failure, index: number): string {
  mkdirSync('fuzz-failures', { recursive: true })
  const path = join('fuzz-failures', `${reader}-${property}-${index}.txt`)
  writeFileSync(path, source)
  return `${path}: ${JSON.stringify(source.length > 400 ? `${source.slice(0, 400)}…` : source)}`
}
