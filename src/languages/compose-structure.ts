import { shapes, validate, type Shape, type ValidationError } from '../generated/compose-validator.js'
import type { Problem } from '../language.ts'
import { didYouMean } from '../suggestion.ts'
import type { Range, Text } from '../text.ts'
import type { YamlNode, YamlScalar } from '../yaml-tree.ts'
import { faultOf, type FaultyPlace } from './compose-fault.ts'
import { plainDocument, type Plain } from './compose-plain.ts'

const specification = 'https://github.com/compose-spec/compose-spec/blob/main/'

/** How many faults of a file are told; where there are more, that is said. */
const maximumProblems = 500

/**
 * What current Docker Compose refuses in the structure of a compose file: keys
 * that do not exist, values of another type, keys that are missing.
 *
 * A key of any version of the format is accepted, and so is what is only known
 * when compose runs. In a file that may be laid over another one, what is
 * missing or empty may be in that other file.
 */
export function structureProblems(file: Text, root: YamlNode | undefined, path = ''): Problem[] {
  if (!root) return isEmpty(file) && !isOverride(path) ? [problem('Docker Compose refuses the file with "empty compose file"', file.range(0, 0), [])] : []
  const { root: plain, nonTextKeys, repeatedKeys } = plainDocument(root)
  if (plain.node?.kind !== 'map') return plain.isOpaque ? [] : [problem('Docker Compose refuses the file with "top-level object must be a mapping"', root.range, [])]
  const isFirst = isFirstVersion(plain)
  if (!isFirst && !isOfCompose(plain)) return []
  const document = new Structure(plain, isFirst, isOverride(path))
  return onePerPlace(inTurn(repeatedKeys.map(key => () => repeatedKey(key)), nonTextKeys.map(key => () => nonTextKey(key)), document.problems()))
}

/** Problems that are made when somebody asks for them: there may be very many. */
type Pending = () => Problem | undefined

function* inTurn(...lists: readonly (readonly Pending[])[]): Generator<Problem> {
  for (const list of lists) for (const make of list) {
    const made = make()
    if (made) yield made
  }
}

/** Nothing but comments, blanks and marks of documents. */
const isEmpty = (file: Text): boolean => file.value.split('\n').every(line => /^\ufeff?(?:%[^]*|(?:---|\.\.\.)?\s*(?:#[^]*)?)$/.test(line))

/** Whether a file is by its name meant to be laid over another. */
const isOverride = (path: string): boolean => /override[^/]*$/i.test(path)

/** Whether services stand at the top, and no key of later versions does. */
function isFirstVersion({ children }: Plain): boolean {
  const services = [...children.values()].map(({ plain }) => plain)
  if (services.length === 0 || hasTopLevelKey(children)) return false
  if (services.some(isWhole)) return true
  return services.every(({ node }) => node?.kind === 'map') && services.some(service => [...service.children.keys()].some(key => Object.hasOwn(serviceShape?.keys ?? {}, key)))
}

const hasTopLevelKey = (children: Plain['children']): boolean => [...children.keys()].some(name => Object.hasOwn(shapes['root']?.keys ?? {}, name))

/** Whether a document is meant to be a compose file: by a key at the top, which may be misspelled. */
const isOfCompose = ({ children }: Plain): boolean => children.size === 0 || hasTopLevelKey(children) || [...children.keys()].some(name => didYouMean(name, ['services']) !== undefined)

const shapeAt = (...path: readonly string[]): Shape | undefined => path.reduce<Shape | undefined>((shape, key) => shape && shapes[shape.keys?.[key] ?? shape.any ?? ''], shapes['root'])
const serviceShape = shapeAt('services', '*')

/** Whether a place is in a service that `extends` another, where the rest may be. */
const isExtension = ({ shape, plain, parent }: FaultyPlace): boolean => (shape === serviceShape ? plain.children.has('extends') : parent !== undefined && isExtension(parent))

/** Keys of services of version 1 alone. */
const firstVersionKeys = new Set(['dockerfile', 'log_driver', 'log_opt', 'net'])

class Structure {
  readonly #root: Plain
  readonly #isFirstVersion: boolean
  readonly #isPart: boolean

  constructor(root: Plain, isFirstVersion: boolean, isOverride: boolean) {
    this.#root = isFirstVersion ? withServices(root) : root
    this.#isFirstVersion = isFirstVersion
    this.#isPart = isOverride || hasIncompleteService(this.#root)
  }

  problems(): Pending[] {
    if (validate(this.#root.value)) return []
    const errors = validate.errors ?? []
    validate.errors = null
    return errors.map(error => () => this.#problem(error))
  }

  #problem(error: ValidationError): Problem | undefined {
    const place = this.#placeOf(error.instancePath)
    if (!place || this.#isAllowed(error, place)) return undefined
    const fault = faultOf(error, place)
    const path = this.#isFirstVersion ? ['services', ...place.path] : place.path
    return fault?.range && problem(fault.message, fault.range, path, fault.instead)
  }

  /** Whether compose accepts it all the same, or may. */
  #isAllowed({ keyword, params }: ValidationError, place: FaultyPlace): boolean {
    const isEmpty = keyword === 'type' && place.plain.value === null
    if (keyword === 'required' || isEmpty) return this.#isPart || isExtension(place)
    return keyword === 'additionalProperties' && this.#isFirstVersion && place.shape === serviceShape && firstVersionKeys.has(String(params['additionalProperty']))
  }

  #placeOf(instancePath: string): FaultyPlace | undefined {
    let place: FaultyPlace = { path: [], plain: this.#root, shape: shapes['root']!, key: undefined, parent: undefined, shapes }
    for (const segment of segmentsOf(instancePath)) {
      const child = place.plain.children.get(segment)
      if (!child) return undefined
      const { keys, any, items } = place.shape
      const below = child.key === undefined && Array.isArray(place.plain.value) ? items : keys && Object.hasOwn(keys, segment) ? keys[segment] : any
      const isWritten = place.parent !== undefined || !this.#isFirstVersion
      place = { path: isWritten ? [...place.path, segment] : [], plain: child.plain, shape: shapes[below ?? ''] ?? {}, key: child.key?.range ?? place.key, parent: place, shapes }
    }
    return place
  }
}

const segmentsOf = (pointer: string): string[] => pointer.split('/').slice(1).map(segment => segment.replaceAll('~1', '/').replaceAll('~0', '~'))

/** A document of version 1 as it would be written today. */
const withServices = (root: Plain): Plain => ({ ...root, value: { services: root.value }, children: new Map([['services', { plain: root }]]) })

/** Whether a service says what it runs. */
const isWhole = ({ children }: Plain): boolean => ['image', 'build', 'extends', 'provider'].some(key => children.has(key))

/** Whether some service is not whole, which it must then be made by another file. */
function hasIncompleteService(root: Plain): boolean {
  const services = [...(root.children.get('services')?.plain.children.values() ?? [])].map(({ plain }) => plain).filter(({ node }) => node !== undefined)
  return services.length === 0 || !services.every(isWhole)
}

const nonTextKey = ({ text, range }: YamlScalar): Problem =>
  problem(`The key \`${text.value}\` is no text, and Docker Compose refuses the file with "non-string key"`, range, [], `Write \`"${text.value}"\`.`)

const repeatedKey = ({ text, range }: YamlScalar): Problem =>
  problem(`The key \`${text.value}\` stands in this mapping before, and Docker Compose refuses the file with "mapping key … already defined"`, range, [], 'Keep one of them.')

function problem(message: string, range: Range, path: readonly string[], instead?: string): Problem {
  return { rule: 'compose-structure', severity: 'error', message, range, sources: [{ where: specification + pageOf(path) }], ...(instead === undefined ? {} : { instead }) }
}

const pages: Readonly<Record<string, string>> = {
  configs: '08-configs.md', include: '14-include.md', models: 'models.md', name: '04-version-and-name.md', networks: '06-networks.md',
  secrets: '09-secrets.md', services: '05-services.md', version: '04-version-and-name.md', volumes: '07-volumes.md'
}

/** The page of the specification that speaks of a path. */
function pageOf([section = '', , key, ...below]: readonly string[]): string {
  if (section !== 'services' || key === undefined) return pages[section] ?? '03-compose-file.md'
  return ['build', 'deploy', 'develop'].includes(key) && below.length > 0 ? `${key}.md` : `05-services.md#${key}`
}

/** Of several problems at a place the first, and not more than are told; in the order of the file. */
function onePerPlace(problems: Iterable<Problem>): Problem[] {
  const places = new Map<string, Problem>()
  for (const found of problems) {
    const place = found.range.join()
    if (places.has(place)) continue
    places.set(place, places.size < maximumProblems ? found : problem(`The structure of this file has more faults than the ${maximumProblems} that are listed; this is one of them`, found.range, []))
    if (places.size > maximumProblems) break
  }
  return [...places.values()].sort((a, b) => a.range[0] - b.range[0])
}
