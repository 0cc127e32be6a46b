import { spawnSync } from 'node:child_process'
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { EOL, tmpdir } from 'node:os'
import { dirname, isAbsolute, join, resolve } from 'node:path'

// The action of action.yml: runs the command line beside it with what the inputs ask for, and hands on what it found.
// Inputs, outputs and commands as @actions/core has them.

const input = (name: string): string => (process.env[`INPUT_${name.toUpperCase()}`] ?? '').trim()

/** An input with an entry on each line. */
const lines = (name: string): string[] => input(name).split('\n').map(line => line.trim()).filter(line => line !== '')

/** An input that is true or false, in the spellings of YAML 1.2. */
function flag(name: string): boolean {
  const value = input(name)
  if (/^(?:true|True|TRUE)$/.test(value)) return true
  if (/^(?:false|False|FALSE)$/.test(value)) return false
  throw new Error(`the input \`${name}\` is true or false, not \`${value}\``)
}

/**
 * A path of an input. Reports name files from the workspace on, wherever the
 * action is told to work: there GitHub looks for them.
 */
const placed = (path: string): string => (isAbsolute(path) ? path : join(input('working-directory'), path))

const option = (name: string, value: string): string[] => (value === '' ? [] : [`--${name}=${value}`])

function setOutput(name: string, value: string | number): void {
  const path = process.env.GITHUB_OUTPUT
  if (path) appendFileSync(path, `${name}=${value}${EOL}`)
}

const annotate = (message: string): unknown =>
  process.stdout.write(`::error title=porthole::${message.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')}${EOL}`)

/** The command line that the inputs ask for. */
function commandLine(json: string, markdown: string): string[] {
  const [config, sarif] = [input('config'), input('sarif-file')]
  const paths = lines('paths')
  return [
    ...lines('targets').flatMap(targets => option('target', targets)),
    ...option('platform', input('platform')),
    ...option('config', config && placed(config)),
    ...option('fail-on', input('fail-on')),
    ...option('format', input('format')),
    `--format=json=${json}`,
    `--format=markdown=${markdown}`,
    ...(sarif === '' ? [] : [`--format=sarif=${placed(sarif)}`]),
    ...lines('args'),
    '--',
    ...(paths.length > 0 ? paths : ['.']).map(placed)
  ]
}

/** Hand on what was found. */
function publish(json: string, markdown: string, wantsSummary: boolean): void {
  const { summary } = JSON.parse(readFileSync(json, 'utf8')) as { summary: { errors: number; warnings: number; infos: number } }
  setOutput('errors', summary.errors)
  setOutput('warnings', summary.warnings)
  setOutput('infos', summary.infos)
  if (input('sarif-file') !== '') setOutput('sarif-file', resolve(placed(input('sarif-file'))))
  const path = process.env.GITHUB_STEP_SUMMARY
  if (path && wantsSummary) appendFileSync(path, readFileSync(markdown, 'utf8'))
}

function run(): number {
  const wantsSummary = flag('summary')
  const folder = mkdtempSync(join(process.env.RUNNER_TEMP || tmpdir(), 'porthole-'))
  const [json, markdown] = [join(folder, 'report.json'), join(folder, 'report.md')]
  try {
    const program = join(dirname(process.argv[1]!), 'porthole.js')
    const { status, stderr, error } = spawnSync(process.execPath, [program, ...commandLine(json, markdown)], { stdio: ['ignore', 'inherit', 'pipe'], encoding: 'utf8' })
    if (error) throw error
    process.stderr.write(stderr)
    if (existsSync(json)) publish(json, markdown, wantsSummary)
    else annotate(stderr.trim())
    return status ?? 2
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

try {
  process.exitCode = run()
} catch (error) {
  annotate((error as Error).message)
  process.exitCode = 2
}
