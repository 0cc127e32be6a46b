import { main } from './cli.ts'

// Whoever reads our output may stop reading; a full disk is another matter.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0)
  process.stderr.write(`porthole: cannot write to standard output: ${error.message}\n`)
  process.exit(2)
})
// Without standard error there is nobody left to tell.
process.stderr.on('error', () => {})

main(process.argv.slice(2)).then(
  status => (process.exitCode = status),
  (error: unknown) => {
    process.stderr.write(`porthole: internal error: ${error instanceof Error ? error.stack : String(error)}\n`)
    process.exitCode = 2
  }
)
