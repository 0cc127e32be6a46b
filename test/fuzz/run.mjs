// `npm run fuzz -- --minutes 10 --reader bash --seed 7`; without a reader, all of them share the time.
import { rmSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { buildCounting } from './counting.mjs'

const program = await buildCounting('main.ts')
try {
  const { main } = await import(pathToFileURL(program).href)
  process.exitCode = await main(process.argv.slice(2), import.meta.dirname)
} finally {
  rmSync(program, { force: true })
}
