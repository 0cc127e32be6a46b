import { entriesOf, entryOf, type YamlDocument, type YamlNode } from '../yaml-tree.ts'
import { isMap, itemsOf, valueOf } from './workflow-node.ts'

export type WorkflowSystem = 'github' | 'azure' | 'gitlab' | 'appveyor' | 'circle' | 'bitbucket' | 'drone'

const paths: readonly (readonly [WorkflowSystem, RegExp])[] = [
  ['github', /(^|\/)\.(github|gitea|forgejo)\/workflows\/[^/]+\.ya?ml$|(^|\/)action\.ya?ml$/i],
  ['azure', /(^|\/)\.?(azure|vsts)[-_.]?pipelines?([-_.][^/]*)?\.ya?ml$|(^|\/)\.vsts-ci\.ya?ml$/i],
  ['gitlab', /(^|\/)[^/]*\.?gitlab-ci\.ya?ml$/i],
  ['appveyor', /(^|\/)\.?appveyor[^/]*\.ya?ml$/i],
  ['circle', /(^|\/)\.circleci\/[^/]+\.ya?ml$|(^|\/)circle\.ya?ml$/i],
  ['bitbucket', /(^|\/)bitbucket-pipelines\.ya?ml$/i],
  ['drone', /(^|\/)\.(drone|woodpecker)([-_.][^/]*)?\.ya?ml$|(^|\/)\.woodpecker\/.+\.ya?ml$/i]
]

/** The system whose definition a file is, by its path alone. */
export function systemByPath(path: string): WorkflowSystem | undefined {
  return paths.find(([, pattern]) => pattern.test(path))?.[0]
}

/** The system whose definition a file is: its content must agree with its path, and may do without it. */
export function systemOf(path: string, documents: readonly YamlDocument[]): WorkflowSystem | undefined {
  const roots = documents.map(({ root }) => root)
  const byPath = systemByPath(path)
  if (byPath) return documents.some(({ root, problems }) => shapes[byPath](root) || (!root && problems.length > 0)) ? byPath : undefined
  return (['github', 'azure', 'gitlab'] as const).find(system => roots.some(root => !isForeign(root) && (system === 'gitlab' ? isGitlabTemplate(path, root) : shapes[system](root))))
}

/** Documents of Kubernetes, of templates for clouds, of compose. */
const isForeign = (root: YamlNode | undefined): boolean =>
  ['apiVersion', 'AWSTemplateFormatVersion', 'services', 'hosts', 'kind', 'phases', 'openapi', 'swagger'].some(key => entryOf(root, key) !== undefined)

const has = (root: YamlNode | undefined, ...keys: readonly string[]): boolean => keys.some(key => entryOf(root, key) !== undefined)

const shapes: Readonly<Record<WorkflowSystem, (root: YamlNode | undefined) => boolean>> = {
  github: root => entriesOf(valueOf(root, 'jobs')).some(({ value }) => has(value, 'runs-on', 'uses')) || has(valueOf(root, 'runs'), 'using'),
  azure: isAzure,
  gitlab: root => entriesOf(root).some(({ name, value }) => ['script', 'before_script', 'after_script'].includes(name) || has(value, 'script', 'extends', 'before_script', 'trigger')),
  appveyor: root => entriesOf(root).some(({ name }) => /^(image|init|install|environment|for|version|(before_|after_)?(build|test|deploy)(_script)?|on_(success|failure|finish))$/.test(name)),
  circle: root => has(root, 'jobs', 'commands'),
  bitbucket: root => has(root, 'pipelines'),
  drone: root => has(root, 'steps', 'pipeline')
}

const azureSteps = ['script', 'bash', 'pwsh', 'powershell', 'task', 'checkout', 'template']

/** Pipelines of Azure are lists where other systems have maps. */
function isAzure(root: YamlNode | undefined): boolean {
  const firstItems = (name: string): YamlNode[] => itemsOf(valueOf(root, name)).filter(isMap)
  if (has(root, 'runs-on', 'on', 'version', 'runs')) return false
  return (
    firstItems('stages').some(item => has(item, 'stage', 'template', 'jobs')) ||
    firstItems('jobs').some(item => has(item, 'job', 'deployment', 'template')) ||
    firstItems('steps').some(item => has(item, ...azureSteps)) ||
    (has(root, 'extends') && has(valueOf(root, 'extends'), 'template') && has(root, 'trigger', 'pr', 'resources', 'pool', 'parameters', 'schedules'))
  )
}

/** Files that others include, in a folder of their own. */
const isGitlabTemplate = (path: string, root: YamlNode | undefined): boolean =>
  /(^|\/)\.?gitlab(-ci)?\/.*\.ya?ml$/i.test(path) && shapes.gitlab(root)
