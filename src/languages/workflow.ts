import type { Command } from '../command.ts'
import type { Intent, Platform } from '../intent.ts'
import type { Language, Problem, Reading } from '../language.ts'
import type { Matrix } from '../matrix.ts'
import { RangeIndex } from '../range-index.ts'
import type { Text } from '../text.ts'
import type { YamlDocument } from '../yaml-tree.ts'
import type { Job, JobStep } from './workflow-job.ts'
import { systemByPath, systemOf, type WorkflowSystem } from './workflow-recognition.ts'

/** How the jobs of each system are read. */
const readers: Readonly<Record<WorkflowSystem, (file: Text, documents: readonly YamlDocument[]) => Promise<Job[]>>> = {
  github: async (...given) => (await import('./workflow-github.ts')).githubJobs(...given),
  azure: async (...given) => (await import('./workflow-azure.ts')).azureJobs(...given),
  gitlab: async (...given) => (await import('./workflow-gitlab.ts')).gitlabJobs(...given),
  appveyor: async (...given) => (await import('./workflow-appveyor.ts')).appveyorJobs(...given),
  circle: async (...given) => (await import('./workflow-circle.ts')).circleJobs(...given),
  bitbucket: async (...given) => (await import('./workflow-other.ts')).bitbucketJobs(...given),
  drone: async (...given) => (await import('./workflow-other.ts')).droneJobs(...given)
}

/** Definitions of CI jobs: the scripts in them, by the shell and the machine that they run on. */
export default {
  id: 'workflow',
  mayBe: path => /\.ya?ml$/i.test(path),
  recognises: (path, source) => /docker|^[ \t]*(container|services|options)[ \t]*:/im.test(source) && (systemByPath(path) !== undefined || /^[ \t]*(-[ \t]+)?["']?(steps|jobs|stages|script|before_script|build_script)["']?[ \t]*:/m.test(source)),
  async read(file, matrix, path) {
    const { readExpandableDocuments } = await import('../yaml-document.ts')
    const documents = await readExpandableDocuments(file)
    const system = systemOf(path, documents)
    if (!system) return undefined
    const jobs = await readers[system](file, documents)
    const readings: Reading[] = []
    for (const job of jobs) readings.push(await jobReading(job, matrix))
    return {
      intents: readings.flatMap(({ intents }) => intents),
      problems: [...(systemByPath(path) ? yamlProblems(documents) : []), ...jobs.flatMap(unreadProblem), ...readings.flatMap(({ problems }) => problems)],
      comments: [...documents.flatMap(({ comments }) => comments), ...readings.flatMap(({ comments }) => comments)],
      subjects: jobs.map(({ name, platform }) => ({ name: name.value, range: name.range, platform })),
      references: readings.flatMap(({ references = [] }) => references),
      projects: readings.flatMap(({ projects = [] }) => projects)
    }
  }
} satisfies Language

const yamlProblems = (documents: readonly YamlDocument[]): Problem[] => documents.flatMap(({ problems }) => problems).map(({ message, range }) => ({
  rule: 'yaml-syntax', severity: 'error', message: `This is not YAML: ${message}`, range, sources: [{ where: 'https://yaml.org/spec/1.2.2/' }]
}))

/** Nothing is passed over in silence. */
const unreadProblem = ({ unread }: Job): Problem[] => (unread ? [{ rule: 'yaml-syntax', severity: 'error', message: 'References repeat parts of this file so often that it is not read further than here', range: unread, sources: [{ where: 'https://docs.gitlab.com/ci/yaml/yaml_optimization/#reference-tags' }] }] : [])

async function jobReading(job: Job, matrix: Matrix): Promise<Reading> {
  const [{ readCommands, unwrapped }, { readRequests }] = await Promise.all([import('./script.ts'), import('./shell-script.ts')])
  const commands: Command[] = []
  const comments: Text[] = []
  for (const { script, command } of job.steps) {
    if (command) commands.push(...(await unwrapped(command)))
    if (!script) continue
    const read = await readCommands(script.shell, script.text)
    commands.push(...read.commands)
    comments.push(...read.comments)
  }
  const { intents, problems, references, projects } = await readRequests(commands, matrix)
  const steps = placedSteps(job)
  return {
    intents: intents.map(intent => onMachine(intent, steps.around(intent.range))),
    // Of a script whose shell is not sure, what looks wrong may be another shell's.
    problems: problems.filter(({ range }) => steps.around(range)?.script?.certain !== false),
    comments,
    subjects: [],
    references,
    projects
  }
}

/** The steps of a job, by where they are written. */
const placedSteps = ({ steps }: Job): RangeIndex<JobStep> => new RangeIndex(steps, ({ script, command }) => script?.text.whole ?? command?.range ?? [0, -1])

/** An intent with what its step's machine proves. */
function onMachine(intent: Intent, step: JobStep | undefined): Intent {
  if (!step) return intent
  const context = step.azure ? { ...intent.context, host: ['azure'] } : intent.context
  return { ...intent, context, platform: joint(intent.platform, step.platform) }
}

/** A machine of Linux runs no containers of Windows, whatever the command says; on Windows the command may know better. */
function joint(own: Platform, machine: Platform): Platform {
  if (machine.os === 'linux' || own.os === 'unknown') return { ...machine, evidence: [...machine.evidence, ...own.evidence] }
  return own.declared || machine.os === 'unknown' || own.os !== machine.os ? own : { ...machine, evidence: [...machine.evidence, ...own.evidence] }
}
