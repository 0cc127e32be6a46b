import { main } from './cli.ts'

// Whoever reads our output may stop reading.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  process.exit(0)
})

main(process.argv.slice(2)).then(
  status => (process.exitCode = status),
  (error: unknown) => {
    process.stderr.write(`porthole: internal error: ${error instanceof Error ? error.stack : String(error)}\n`)
    process.exitCode = 2
  }
)
