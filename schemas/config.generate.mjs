// Makes schemas/config.schema.json, the JSON Schema of porthole's own configuration, in which editors look names up.
import { readFileSync } from 'node:fs'

const read = name => readFileSync(new URL(`../${name}`, import.meta.url), 'utf8')
const string = text => text.replaceAll("\\'", "'")

/** Rules that are not about Windows: each stands with its title in a list. */
const otherRules = () => ['src/rule-description.ts', 'src/known-name.ts'].flatMap(name => [...read(name).matchAll(/\{ id: '([a-z-]+)', title: '((?:[^'\\]|\\.)*)' \}/g)].map(([, id, title]) => ({ id, title: string(title) })))

/** Names of Windows versions with their titles, the other names of each included. */
const windowsVersions = () =>
  [...read('src/target.ts').matchAll(/^ {2}(?:server|client)\('([^']+)', '([^']+)', \d+(?:, \[([^\]]*)\])?\)/gm)].flatMap(([, id, title, others = '']) => [id, ...[...others.matchAll(/'([^']+)'/g)].map(([, name]) => name)].map(name => ({ name, title })))

const titleOf = id => string(/title: '((?:[^'\\]|\\.)*)'/.exec(read(`rules/${id}.ts`))?.[1] ?? id)

/** The schema as text, for the ids of the rules in rules/ and the rows of the matrix. */
export function configSchema(ruleIds, rows) {
  const versions = windowsVersions()
  const others = otherRules()
  if (versions.length === 0 || others.length === 0) throw new Error('no Windows versions or no rules found in the sources')
  const titles = new Map([...ruleIds.map(id => ({ id, title: titleOf(id) })), ...others].map(({ id, title }) => [id, title]))
  for (const { feature, title } of rows) if (!titles.has(feature)) titles.set(feature, title)
  const names = versions.map(({ name }) => name.replace('.', '\\.')).join('|')
  const facets = 'engine@\\d{1,3}(\\.\\d{1,3}){0,2}|host=(azure|other)|isolation=(process|hyperv)'
  const part = `(${names}|${facets})`
  const schema = {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Configuration of porthole',
    description: 'porthole.config.json, porthole.config.yaml, or the key `porthole` of package.json',
    type: ['object', 'null'],
    additionalProperties: false,
    properties: {
      $schema: { type: 'string' },
      extends: { description: 'Configurations that this one adds to, as paths relative to it; later ones outweigh earlier ones', type: 'array', items: { $ref: '#/definitions/text' } },
      targets: { $ref: '#/definitions/targets' },
      platform: { $ref: '#/definitions/platform' },
      failOn: { description: 'The least severity that makes a run fail', enum: ['error', 'warning', 'info'], default: 'warning' },
      ignore: { description: 'Files that are not linted', $ref: '#/definitions/patterns' },
      rules: { $ref: '#/definitions/rules' },
      overrides: { description: 'What differs for some files; later ones outweigh earlier ones', type: 'array', items: { $ref: '#/definitions/override' } }
    },
    definitions: {
      text: { type: 'string', pattern: '\\S' },
      targets: {
        description: 'The Windows versions, engines, hosts and isolations to judge for, as --target takes them',
        type: 'array',
        minItems: 1,
        items: {
          anyOf: [
            { enum: versions.map(({ name }) => name) },
            { type: 'integer', enum: versions.filter(({ name }) => /^\d+$/.test(name)).map(({ name }) => Number(name)) },
            { type: 'string', pattern: `^\\s*${caseless(part)}\\s*(,\\s*${caseless(part)}\\s*)*$` }
          ]
        }
      },
      platform: { description: 'windows: everything is judged but what declares Linux; auto: only what is evidently for Windows', enum: ['windows', 'auto'], default: 'windows' },
      patterns: { description: 'Patterns as in .gitignore, from the folder of the configuration on', type: 'array', items: { $ref: '#/definitions/text' } },
      severity: { enum: ['error', 'warning', 'info', 'off'] },
      setting: {
        anyOf: [
          { $ref: '#/definitions/severity' },
          { description: 'A severity and options', type: 'array', items: [{ $ref: '#/definitions/severity' }, { type: 'object' }], minItems: 1, additionalItems: false }
        ]
      },
      rules: {
        description: 'What findings are, by rule or by feature; a feature outweighs its rule',
        type: 'object',
        additionalProperties: false,
        properties: Object.fromEntries([...titles].sort(([a], [b]) => (a < b ? -1 : 1)).map(([id, title]) => [id, { description: title, $ref: '#/definitions/setting' }]))
      },
      override: {
        type: 'object',
        additionalProperties: false,
        required: ['files'],
        properties: { files: { description: 'The files that it is for', $ref: '#/definitions/patterns' }, targets: { $ref: '#/definitions/targets' }, platform: { $ref: '#/definitions/platform' }, rules: { $ref: '#/definitions/rules' } }
      }
    }
  }
  return `${JSON.stringify(schema, null, 2)}\n`
}

/** A pattern that takes letters in any case, for JSON Schema knows no flags. */
function caseless(pattern) {
  return pattern.replace(/\\.|[a-z]/g, character => (character.length > 1 ? character : `[${character}${character.toUpperCase()}]`))
}
