// Compiles schemas/compose.schema.json to the JavaScript that checks compose files: ajv's own code, made ahead of time,
// because making it takes ajv a third of a second. Written by the build to src/generated/compose-validator.js.
import { readFileSync } from 'node:fs'
import { Ajv } from 'ajv'
import standaloneModule from 'ajv/dist/standalone/index.js'
import { transformSync } from 'esbuild'

const standaloneCode = standaloneModule.default

/** `x-` keys are let through wherever they stand: the reader leaves them out, so nothing needs to look for them. */
const EXTENSIONS = '^x-'

/**
 * The schema in the form of which ajv makes the least code: what is more than a type is a definition, equal ones are one,
 * and keys of equal schemas are one pattern.
 */
class Lowering {
  definitions = {}
  #names = new Map()
  #shapes = new Map()
  #schema

  constructor(schema) {
    this.#schema = schema
  }

  get root() {
    const { definitions, $schema, title, ...root } = this.#schema
    return this.#lowered(root)
  }

  /** What is below each definition, by name: enough to find what a path of the document is. */
  get shapes() {
    return Object.fromEntries(this.#shapes)
  }

  #lowered(schema) {
    const { properties, patternProperties, additionalProperties, items, ...own } = this.#resolved(schema)
    const patterns = Object.entries(patternProperties ?? {}).filter(([pattern]) => pattern !== EXTENSIONS)
    const lowered = { ...own, ...this.#grouped(properties) }
    for (const [pattern, below] of patterns) (lowered.patternProperties ??= {})[pattern] = this.#reference(below)
    if (additionalProperties !== undefined) lowered.additionalProperties = additionalProperties && this.#reference(additionalProperties)
    if (items) lowered.items = this.#reference(items)
    return lowered
  }

  #resolved(schema) {
    return schema.$ref ? this.#schema.definitions[schema.$ref.slice('#/definitions/'.length)] : schema
  }

  #grouped(properties) {
    if (!properties) return {}
    const groups = new Map()
    for (const [name, schema] of Object.entries(properties)) {
      const below = JSON.stringify(this.#reference(schema))
      groups.set(below, [...(groups.get(below) ?? []), name])
    }
    const grouped = {}
    for (const [below, names] of groups) {
      if (names.length === 1) (grouped.properties ??= {})[names[0]] = JSON.parse(below)
      else (grouped.patternProperties ??= {})[`^(?:${names.join('|')})$`] = JSON.parse(below)
    }
    return grouped
  }

  #reference(schema) {
    const lowered = this.#lowered(schema)
    if (Object.keys(lowered).length === 1) return lowered
    const name = this.#nameOf(lowered)
    if (!this.#shapes.has(name)) this.#shapes.set(name, this.shapeOf(schema))
    return { $ref: `#/definitions/${name}` }
  }

  #nameOf(lowered) {
    const text = JSON.stringify(lowered)
    if (!this.#names.has(text)) {
      this.#names.set(text, `s${this.#names.size}`)
      this.definitions[this.#names.get(text)] = lowered
    }
    return this.#names.get(text)
  }

  shapeOf(schema) {
    const { properties, patternProperties, additionalProperties, items } = this.#resolved(schema)
    const any = additionalProperties || Object.entries(patternProperties ?? {}).find(([pattern]) => pattern !== EXTENSIONS)?.[1]
    const name = below => this.#reference(below).$ref?.slice('#/definitions/'.length) ?? ''
    return {
      ...(properties && { keys: Object.fromEntries(Object.entries(properties).map(([key, below]) => [key, name(below)])) }),
      ...(any && { any: name(any) }),
      ...(items && { items: name(items) })
    }
  }
}

/**
 * No keyword of the schema asks what is around a value, so that nothing has to be handed down but its path. And errors
 * are added to those found before, instead of all being copied each time.
 */
function lean(code) {
  const lean = code
    .replaceAll(/,parentData:[^,{}]+,parentDataProperty:[^,{}]+,rootData\}/g, '}')
    .replaceAll(/, parentData, parentDataProperty, rootData=data\}=\{\}/g, '}={}')
    .replaceAll(/vErrors === null \? (validate\d+)\.errors : vErrors\.concat\(\1\.errors\)/g, 'joined(vErrors, $1.errors)')
  if (/parentData|rootData|concat/.test(lean)) throw new Error('ajv writes its calls in another way than before')
  return `${lean}\n${joined}`
}

function joined(errors, more) {
  if (errors === null) return more
  for (const error of more) errors.push(error)
  return errors
}

/** @returns {string} the source of an ES module with `validate` and `shapes` */
export function compileComposeSchema() {
  const schema = JSON.parse(readFileSync(new URL('compose.schema.json', import.meta.url), 'utf8'))
  const lowering = new Lowering(schema)
  const root = lowering.root
  const shapes = { '': {}, ...lowering.shapes, root: lowering.shapeOf(schema) }
  const ajv = new Ajv({ allErrors: true, messages: false, inlineRefs: false, strict: true, strictTypes: false, allowUnionTypes: true, allowMatchingProperties: true, strictRequired: false, code: { source: true, esm: true, optimize: 2 } })
  const code = lean(standaloneCode(ajv, ajv.compile({ ...root, definitions: lowering.definitions })))
  if (/\brequire\(/.test(code)) throw new Error('the validator is to need nothing at run time')
  // Minified for what that leaves out (schemas that nothing reads), not for the length of its lines.
  const module = `${code}\nexport const shapes = ${JSON.stringify(shapes)}\n`
  return `// Made of schemas/compose.schema.json by \`npm run generate\`.\n${transformSync(module, { format: 'esm', target: 'es2022', minify: true, treeShaking: true }).code}`
}

/** @returns {string} the declarations of that module, to be written beside it as compose-validator.d.ts */
export const composeValidatorTypes = () => readFileSync(new URL('compose-validator.d.ts', import.meta.url), 'utf8')
