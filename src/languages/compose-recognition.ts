import { entriesOf, entryOf, resolve, type YamlDocument, type YamlNode } from '../yaml-tree.ts'

const composeName = /(^|[/._-])(docker-)?compose([._-][^/]*)?\.ya?ml$/i
export const isYamlName = (path: string): boolean => /\.ya?ml$/i.test(path)

/** A key at the start of a line or of a flow map, in any quotes. */
const topLevelServices = /(^|[{,][ \t]*)["']?services["']?[ \t]*:/m
const serviceKey = /(^[ \t]+|[{,][ \t]*)["']?(image|build|extends|provider)["']?[ \t]*:/m

/** Whether a YAML file may be a compose file; a look at its characters, before anything is parsed. */
export function mayBeCompose(path: string, source: string): boolean {
  if (composeName.test(path)) return true
  return isYamlName(path) && (topLevelServices.test(source) ? serviceKey.test(source) : /(^|\/)fig\.ya?ml$/i.test(path))
}

/** Keys at the top of files that have `services:` too, or look like it, and are none of ours. */
const foreignKeys = ['AWSTemplateFormatVersion', 'Resources', 'swagger', 'openapi', 'apiVersion', 'jobs', 'pipeline', 'pipelines', 'steps', 'stages', 'pool', 'script', 'recipe', 'hosts', 'parameters', 'orbs', 'workflows']

/** Whether a document is a compose file, by its name and its content; one that cannot be read at all is what its characters look like. */
export function looksLikeCompose(path: string, documents: readonly YamlDocument[]): boolean {
  const roots = documents.map(({ root }) => root)
  if (documents.some(({ problems }) => problems.length > 0) && roots.every(root => root === undefined)) return true
  const names = new Set(roots.flatMap(root => entriesOf(root).map(({ name }) => name)))
  if (foreignKeys.some(key => names.has(key))) return false
  if (composeName.test(path)) return roots.every(root => resolve(root)?.node.kind !== 'list')
  return roots.some(root => entriesOf(servicesOf(root)).some(({ value }) => isService(value)))
}

/** The services of a document: under `services:`, or at the top as in version 1. */
export function servicesOf(root: YamlNode | undefined): YamlNode | undefined {
  const entries = entriesOf(root)
  const services = entries.find(({ name }) => name === 'services')
  if (services) return services.value
  const isFirstVersion = !entries.some(({ name }) => ['version', 'networks', 'volumes', 'include', 'configs', 'secrets', 'name'].includes(name)) && entries.some(({ value }) => isService(value))
  return isFirstVersion ? root : undefined
}

const isService = (value: YamlNode | undefined): boolean => ['image', 'build', 'extends', 'provider'].some(key => entryOf(value, key) !== undefined)
