import type { Command, Shell } from '../command.ts'
import type { Intent } from '../intent.ts'
import type { Language, Problem, Reading, Reference, Subject } from '../language.ts'
import type { Matrix } from '../matrix.ts'
import type { Network } from '../network.ts'
import type { Spanned, Text } from '../text.ts'
import { programSettings } from './program.ts'
import { mayRunOnWindows, readCommands, unwrapped } from './script.ts'

const extensions: Readonly<Record<Shell, RegExp>> = { bash: /\.(sh|bash|zsh|ksh)$/i, powershell: /\.(ps1|psm1)$/i, cmd: /\.(cmd|bat)$/i }

/** Statements of Go's templates and of Jinja: what a shell reads is made of such a file first. */
const templateStatement = /\{\{-?\s*(?:\/\*|(?:if|else|end|range|with|define|template|block)\b)|\{%-?\s*(?:if|elif|else|endif|for|endfor|set|macro|block)\b/

/** A script file of a shell: the commands in it that call Docker. */
export function shellScript(shell: Shell): Language {
  return {
    id: shell,
    mayBe: path => extensions[shell].test(path),
    // A script that does not name Docker calls it by a name that nobody can know.
    recognises: (_path, source) => /docker/i.test(source),
    async read(file, matrix) {
      const { commands, problems, comments } = await readCommands(shell, file)
      const reading = await readRequests(commands, matrix, shell === 'cmd' ? 'windows' : 'unknown')
      const faults = templateStatement.test(file.value) ? [] : problems
      return { ...reading, problems: [...faults.map(({ message, range }) => syntaxProblem(shell, message, range)), ...reading.problems], comments }
    }
  }
}

/**
 * What commands ask of Docker, in order: a network that one makes is known to
 * those after it. On a Windows host, programs that Windows lacks are looked for too.
 */
export async function readRequests(commands: readonly Command[], matrix: Matrix, host: Intent['platform']['os'] = 'unknown'): Promise<Reading> {
  const { composeFilesOf, dockerRequest } = await import('../docker-intent.ts')
  const made = new Map<string, Network>()
  const intents: Intent[] = []
  const problems: Problem[] = []
  const references: Reference[] = []
  const projects: Spanned[][] = []
  const written: Command[] = []
  for (const command of commands) {
    if (!mayRunOnWindows(command)) continue
    if (command.output) written.push(command)
    const files = composeFilesOf(command)
    references.push(...files)
    if (files.length > 1) projects.push(files)
    if (host === 'windows') intents.push(...programIntent([command], { os: 'windows', declared: false, evidence: [] }, matrix))
    const request = dockerRequest(command, matrix, made)
    if (!request) continue
    const { intent, refusal, inner } = request
    intents.push(intent)
    if (inner) intents.push(...programIntent(await unwrapped(inner), intent.platform, matrix))
    if (refusal) problems.push({ rule: 'docker-usage', severity: 'error', message: `The Docker client refuses this command: ${refusal.message.split('\n')[0]!.replace(/^docker: /, '')}`, range: refusal.range, sources: [{ where: 'https://docs.docker.com/reference/cli/docker/' }] })
    if (intent.verb === 'network.create' && intent.name && intent.networks) made.set(intent.name.value, intent.networks[0]!.network)
  }
  if (written.length > 0) intents.push(...(await (await import('./daemon-file.ts')).writtenDaemonIntents(written, matrix)))
  return { intents, problems, comments: [], subjects: intents.filter(({ verb }) => verb !== 'program.run').map(subjectOf), references, projects }
}

/** Programs that commands run, as an intent of their own. */
export function programIntent(commands: readonly Command[], platform: Intent['platform'], matrix: Matrix): Intent[] {
  const settings = commands.flatMap(command => programSettings(command, matrix))
  return settings.length > 0 ? [{ verb: 'program.run', settings, context: {}, platform, range: settings[0]!.range }] : []
}

const subjectOf = ({ name, verb, range, platform }: Intent): Subject => ({ name: name?.value ?? verb, range, platform })

const syntaxProblem = (shell: Shell, message: string, range: Text['whole']): Problem => ({
  rule: 'script-syntax', severity: 'warning', message: `Part of this script could not be read: ${message}`, range, sources: [{ where: syntaxReferences[shell] }]
})

const syntaxReferences: Readonly<Record<Shell, string>> = {
  bash: 'https://www.gnu.org/software/bash/manual/bash.html',
  powershell: 'https://learn.microsoft.com/en-us/powershell/scripting/lang-spec/chapter-02',
  cmd: 'https://learn.microsoft.com/en-us/windows-server/administration/windows-commands/cmd'
}
