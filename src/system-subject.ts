import { readFile } from './file-reading.ts'
import { findFiles } from './files.ts'
import type { InteropSubjects } from './interop.ts'
import { knowledge } from './knowledge.ts'
import type { PlatformMode } from './linter.ts'

/** The services of compose files that count as for Windows, and all that is for Linux. What cannot be read has none. */
export async function systemSubjects(paths: readonly string[], mode: PlatformMode): Promise<InteropSubjects> {
  const { files } = await findFiles(paths, path => knowledge.languages.some(language => language.mayBe(path.replaceAll('\\', '/'))))
  const windows = new Set<string>()
  const linux = new Set<string>()
  for (const file of files) {
    const { language, reading } = await readFile(file).catch(() => ({ language: undefined, reading: undefined }))
    if (language !== 'compose' && language !== 'dockerfile') continue
    for (const { name, platform } of reading?.subjects ?? []) {
      const isLinux = platform.os === 'linux' && (platform.declared || mode === 'auto')
      if (isLinux) linux.add(name)
      else if (language === 'compose' && (mode === 'windows' || platform.os === 'windows')) windows.add(name)
    }
  }
  return { windows: [...windows].sort(), linux: [...linux].sort() }
}
