import type { Language } from '../language.ts'

const byName = /(^|\/)(Jenkinsfile([._-][^/]*)?|[^/]*[._-]?jenkinsfile)$/i

/** Pipelines of Jenkins: the scripts of their steps. */
export default {
  id: 'jenkinsfile',
  mayBe: path => (byName.test(path) && !/\.(md|txt|json|ya?ml|sh|py)$/i.test(path)) || /\.groovy$/i.test(path),
  recognises: (path, source) => /docker/i.test(source) && (byName.test(path) || /^[ \t]*(pipeline|node)\b.*\{/m.test(source)),
  async read(file, matrix) {
    const [{ groovyTokens }, { jenkinsSteps }, { readScripts }] = await Promise.all([import('./groovy-token.ts'), import('./jenkinsfile-step.ts'), import('./embedded-script.ts')])
    const { tokens, comments } = groovyTokens(file)
    const scripts = jenkinsSteps(file, tokens).filter(({ text }) => /docker/i.test(text.value))
    const reading = await readScripts(scripts, matrix)
    return { ...reading, comments: [...comments, ...reading.comments] }
  }
} satisfies Language
