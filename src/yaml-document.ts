import type { Text } from './text.ts'
import { readBlockYaml } from './yaml-block.ts'
import type { YamlDocument } from './yaml-tree.ts'

/** Shorter texts are read at once by whatever reader. */
const longSource = 8_000

/**
 * The documents of a YAML stream: read in the way that most people write them,
 * or else by the library, which is loaded only then.
 */
export async function readYamlDocuments(file: Text): Promise<YamlDocument[]> {
  const source = file.value
  let faultAt = 0
  const document = readBlockYaml(file, source, at => (faultAt = at))
  if (document) return [source.includes('porthole-') ? { ...document, comments: (await import('./yaml-comment.ts')).commentsAround(document.root, file) } : document]
  const around = source.length < longSource ? undefined : (await import('./yaml-recovery.ts')).readAround(file, faultAt)
  if (around) return [around]
  const { readYaml } = await import('./yaml-reader.ts')
  return readYaml(file)
}
