// Boils schemas/compose.schema.json down to a table that tells whether a value is right, and no more: a hundredth of the
// code that also says what is wrong. Written by the build to src/generated/compose-outline.ts.
import { readFileSync } from 'node:fs'

const EXTENSIONS = '^x-'
const understood = new Set(['type', 'properties', 'patternProperties', 'additionalProperties', 'items', 'pattern', 'enum', 'minimum', 'required', 'uniqueItems', '$schema', 'title', 'definitions'])

class Table {
  entries = [{}]
  #numbers = new Map([['{}', 0]])
  #schema

  constructor(schema) {
    this.#schema = schema
  }

  number(schema) {
    const entry = this.#entry(schema.$ref ? this.#schema.definitions[schema.$ref.slice('#/definitions/'.length)] : schema)
    const key = JSON.stringify(entry)
    if (!this.#numbers.has(key)) this.#numbers.set(key, this.entries.push(entry) - 1)
    return this.#numbers.get(key)
  }

  #entry({ type, properties, patternProperties, additionalProperties, items, pattern, enum: values, minimum, required, uniqueItems, ...rest }) {
    for (const keyword of Object.keys(rest)) if (!understood.has(keyword)) throw new Error(`the outline of the compose schema does not know \`${keyword}\``)
    const patterns = Object.entries(patternProperties ?? {}).filter(([name]) => name !== EXTENSIONS)
    if (patterns.length > 1) throw new Error('the outline of the compose schema knows one pattern of names')
    return {
      ...(type && { types: [type].flat() }),
      ...(properties && { keys: Object.fromEntries(Object.entries(properties).map(([name, below]) => [name, this.number(below)])) }),
      ...(patterns[0] && { named: [patterns[0][0], this.number(patterns[0][1])] }),
      // `-1`: there are no other keys.
      ...(additionalProperties !== undefined && { other: additionalProperties === false ? -1 : this.number(additionalProperties) }),
      ...(items && { items: this.number(items) }),
      ...(pattern && { pattern }),
      ...(values && { values }),
      ...(minimum !== undefined && { minimum }),
      ...(required && { required }),
      ...(uniqueItems && { unique: true })
    }
  }
}

/** @returns {string} the source of a module with `outline`, whose last entry is that of a file */
export function outlineComposeSchema() {
  const schema = JSON.parse(readFileSync(new URL('compose.schema.json', import.meta.url), 'utf8'))
  const table = new Table(schema)
  table.number(schema)
  return `// Made of schemas/compose.schema.json by \`npm run generate\`.\nimport type { Outline } from '../languages/compose-outline.ts'\n\nexport const outline: readonly Outline[] = (JSON.parse(${JSON.stringify(JSON.stringify(table.entries))}) as (Omit<Outline, 'keys'> & { keys?: Record<string, number> })[]).map(({ keys, ...rest }) => (keys ? { ...rest, keys: new Map(Object.entries(keys)) } : rest))\n`
}
