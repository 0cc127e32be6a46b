import type { Text } from './text.ts'
import { readBlockYaml } from './yaml-block.ts'
import type { YamlDocument } from './yaml-tree.ts'

/**
 * The documents of a YAML stream: read in the way that most people write them,
 * or else by the library, which is loaded only then.
 */
export async function readYamlDocuments(file: Text): Promise<YamlDocument[]> {
  const document = readBlockYaml(file)
  if (document) return [document]
  const { readYaml } = await import('./yaml-reader.ts')
  return readYaml(file)
}
