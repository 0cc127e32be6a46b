import type { Text } from './text.ts'
import { readBlockYaml } from './yaml-block.ts'
import { expandedSize, type YamlDocument } from './yaml-tree.ts'

/** Shorter texts are read at once by whatever reader. */
const longSource = 8_000

/**
 * The documents of a YAML stream: read in the way that most people write them,
 * or else by the library, which is loaded only then.
 */
export async function readYamlDocuments(file: Text): Promise<YamlDocument[]> {
  let faultAt = 0
  const document = readBlockYaml(file, file.value, at => (faultAt = at))
  if (document) return [document]
  const around = file.value.length < longSource ? undefined : (await import('./yaml-recovery.ts')).readAround(file, faultAt)
  if (around) return [around]
  const { readYaml } = await import('./yaml-reader.ts')
  return readYaml(file)
}

/** A reader that follows every alias looks at no more nodes than this, and so many for each character. */
const maximumNodes = 200_000
const nodesForACharacter = 4

/**
 * The documents, for a reader that follows every alias: of one that aliases
 * make very much larger than it is written nothing is left but a problem.
 */
export async function readExpandableDocuments(file: Text): Promise<YamlDocument[]> {
  const documents = await readYamlDocuments(file)
  const most = maximumNodes + nodesForACharacter * file.value.length
  return documents.map(document => {
    if (document.aliased.size === 0 || expandedSize(document.root) <= most) return document
    const { range: [start] } = [...document.aliased].at(-1)!
    return { ...document, root: undefined, problems: [...document.problems, { message: 'aliases repeat parts of it so often that it is not read', range: [start, start + 1] }] }
  })
}
