import { statSync } from 'node:fs'
import { dirname, join, resolve, sep } from 'node:path'
import { configNames, longestChain, type Configuration, type ConfigLayer } from './config.ts'
import type { ConfigFault, ConfigNames } from './config-reader.ts'
import { isFile, readBytes, readSource, shownPath } from './files.ts'
import { Lines } from './position.ts'
import type { Range } from './text.ts'

/** A configuration that cannot be used; the message has a line for each place in question. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
}

/**
 * The configuration that holds in a folder: the nearest one there or above, up
 * to the top of the repository; `undefined` if there is none.
 *
 * @throws {ConfigError} if two stand in the same folder
 */
export function findConfig(folder: string): string | undefined {
  for (let path = resolve(folder); ; path = dirname(path)) {
    const found = [...configNames.map(name => join(path, name)).filter(isFile), ...(hasPackageConfig(join(path, 'package.json')) ? [join(path, 'package.json')] : [])]
    if (found.length > 1) throw new ConfigError(`two configurations in one folder: ${found.map(name => shownPath(name)).join(' and ')}; keep one of them`)
    if (found[0] !== undefined) return found[0]
    if (exists(join(path, '.git')) || dirname(path) === path) return undefined
  }
}

/** Whether a package.json may have a configuration; a look at its characters suffices where it has none. */
function hasPackageConfig(path: string): boolean {
  let source: string
  try {
    source = readBytes(path).toString('utf8')
  } catch {
    return false
  }
  if (!/"porthole"\s*:/.test(source)) return false
  try {
    const content: unknown = JSON.parse(source.replace(/^\uFEFF/, ''))
    return typeof content === 'object' && content !== null && Object.hasOwn(content, 'porthole')
  } catch {
    // What cannot be read is told when it is read.
    return true
  }
}

/**
 * What a configuration and all that it extends say.
 *
 * @throws {ConfigError} with everything that is wrong, as `path:line:column message`
 */
export async function loadConfig(path: string, names: ConfigNames): Promise<Configuration> {
  const { Configuration } = await import('./config.ts')
  const layers: ConfigLayer[] = []
  const complaints: string[] = []
  await addLayers(resolve(path), undefined, [], names, layers, complaints)
  if (complaints.length > 0) throw new ConfigError(complaints.join('\n'))
  return await Configuration.of(layers)
}

/** Adds the layers of a configuration after those of what it extends. */
async function addLayers(path: string, extendingFolder: string | undefined, chain: readonly string[], names: ConfigNames, layers: ConfigLayer[], complaints: string[]): Promise<void> {
  const { notationOf, readConfig } = await import('./config-reader.ts')
  const { layersOf, patternFolder } = await import('./config.ts')
  const source = sourceOf(path, complaints)
  if (source === undefined) return
  const lines = new Lines(source)
  const place = (range: Range): string => {
    const { line, column } = lines.position(range[0])
    return `${shownPath(path)}:${line}:${column}`
  }
  const complain = ({ message, range }: ConfigFault): void => void complaints.push(`${place(range)} ${message}`)
  const { config, faults } = readConfig(source, notationOf(path), names)
  faults.forEach(complain)
  if (!config) {
    if (faults.length === 0) complaints.push(`${shownPath(path)}: has no key \`porthole\``)
    return
  }
  const folder = patternFolder(slashed(dirname(path)), extendingFolder)
  for (const { value, range } of config.extends) {
    const extended = resolve(dirname(path), value)
    if (extended === path || chain.includes(extended)) complain({ message: `\`${value}\` leads back to this configuration`, range })
    else if (chain.length >= longestChain) complain({ message: 'too many configurations extend one another', range })
    else if (!isFile(extended)) complain({ message: `there is no file \`${value}\``, range })
    else await addLayers(extended, folder, [...chain, path], names, layers, complaints)
  }
  layers.push(...layersOf(config, shownPath(path), folder).map(layer => (layer.targetsRange ? { ...layer, targetsPlace: place(layer.targetsRange) } : layer)))
}

function sourceOf(path: string, complaints: string[]): string | undefined {
  try {
    return readSource(path).text
  } catch (error) {
    complaints.push(`${shownPath(path)}: ${(error as Error).message}`)
    return undefined
  }
}

/** A path as the configuration takes it: absolute and with `/`. */
export const configPath = (path: string, cwd = process.cwd()): string => slashed(resolve(cwd, path))

const slashed = (path: string): string => path.replaceAll(sep, '/')

function exists(path: string): boolean {
  try {
    statSync(path)
    return true
  } catch {
    return false
  }
}
