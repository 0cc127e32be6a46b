import { configNames, Configuration, layersOf, longestChain, patternFolder, type ConfigLayer } from './config.ts'
import { notationOf, readConfig } from './config-reader.ts'
import { knowledge } from './knowledge.ts'
import { namesOf } from './known-name.ts'
import { besideUri, pathOf } from './server-uri.ts'

type ReadText = (uri: string) => string | undefined

/** The configuration that holds for a file of a workspace that is no folder on disk: the nearest one beside it or above, with all that it extends. Throws if it cannot be used. */
export async function configurationOf(uri: string, read: ReadText): Promise<Configuration> {
  for (let folder = besideUri(uri, '.'); folder !== undefined; folder = parentOf(folder)) {
    for (const name of [...configNames, 'package.json']) {
      const source = read(`${folder}${name}`)
      if (source === undefined || (name === 'package.json' && !/"porthole"\s*:/.test(source))) continue
      const layers: ConfigLayer[] = []
      addLayers(`${folder}${name}`, undefined, [], read, layers)
      return await Configuration.of(layers)
    }
  }
  return Configuration.none
}

/** Adds the layers of a configuration after those of what it extends. */
function addLayers(uri: string, extendingFolder: string | undefined, chain: readonly string[], read: ReadText, layers: ConfigLayer[]): void {
  const path = pathOf(uri)
  const source = read(uri)
  if (source === undefined) throw new Error(`${path}: is not there, or not in the part of the workspace that is read`)
  const { config, faults } = readConfig(source, notationOf(path), namesOf(knowledge.rules, knowledge.matrix.rows))
  if (faults[0] || !config) throw new Error(`${path}: ${faults[0]?.message ?? 'is no configuration'}`)
  const folder = patternFolder(path.replace(/\/[^/]*$/, ''), extendingFolder)
  for (const { value } of config.extends) {
    const extended = besideUri(uri, value)
    if (extended === undefined || extended === uri || chain.includes(extended)) throw new Error(`${path}: \`${value}\` leads back to this configuration`)
    if (chain.length >= longestChain) throw new Error(`${path}: too many configurations extend one another`)
    addLayers(extended, folder, [...chain, uri], read, layers)
  }
  layers.push(...layersOf(config, path, folder))
}

function parentOf(folder: string): string | undefined {
  const parent = besideUri(folder, '..')
  return parent === folder ? undefined : parent
}
