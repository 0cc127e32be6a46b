import { readFile } from './file-reading.ts'
import { findFiles, shownPath } from './files.ts'
import { knowledge } from './knowledge.ts'
import { Lines } from './position.ts'
import { inferTargets, type InferredTarget } from './target-inference.ts'

/** The targets that the files of a project name together, with the places as `path:line:column`. What cannot be read names none. */
export async function projectTargets(paths: readonly string[]): Promise<InferredTarget<string>[]> {
  const { files } = await findFiles(paths.filter(path => path !== '-'), path => knowledge.languages.some(language => language.mayBe(path.replaceAll('\\', '/'))))
  const named = []
  for (const file of files) {
    const { text, reading } = await readFile(file).catch(() => ({ text: '', reading: undefined }))
    const releases = reading?.subjects.flatMap(({ platform }) => platform.releases ?? []) ?? []
    if (releases.length === 0) continue
    const lines = new Lines(text)
    for (const release of releases) {
      const { line, column } = lines.position(release.range[0])
      named.push({ place: `${shownPath(file)}:${line}:${column}`, release })
    }
  }
  return inferTargets(named).map(({ option, places }) => ({ option, places: [...new Map(places.map(place => [`${place.place} ${place.name}`, place])).values()] }))
}
