import type { Shell } from '../command.ts'
import type { Language } from '../language.ts'
import type { Range, Text } from '../text.ts'
import type { EmbeddedScript } from './embedded-script.ts'
import type { Makefile, Recipe } from './makefile-line.ts'
import type { MakefileVariables } from './makefile-variable.ts'

/** Makefiles: the recipes of their rules, and what `$(shell …)` runs. */
export default {
  id: 'makefile',
  mayBe: path => /(^|\/)(GNUmakefile|[Mm]akefile(\.[\w-]+)?)$|\.(mk|mak)$/.test(path) && !/\.(in|am|py|js|ts|go|md|txt)$/.test(path),
  recognises: (_path, source) => /docker/i.test(source),
  async read(file, matrix) {
    const [{ readMakefile }, { MakefileVariables }, { readScripts }] = await Promise.all([import('./makefile-line.ts'), import('./makefile-variable.ts'), import('./embedded-script.ts')])
    const makefile = readMakefile(file)
    const variables = new MakefileVariables(file, makefile.assignments)
    const shell = shellOf(makefile, variables)
    const scripts = shell === undefined ? [] : scriptsOf(file, makefile, variables, shell)
    const reading = await readScripts(scripts.filter(({ text }) => /docker/i.test(text.value)), matrix)
    return { ...reading, comments: [...makefile.comments, ...reading.comments] }
  }
} satisfies Language

function scriptsOf(file: Text, makefile: Makefile, variables: MakefileVariables, shell: Shell): EmbeddedScript[] {
  const recipes = [...makefile.recipes, ...makefile.definitions.filter(({ name }) => isRun(file, makefile, name))]
  const script = (text: Text, guards: EmbeddedScript['guards']): EmbeddedScript => ({ shell, text, guards })
  return [
    ...makefile.others.flatMap(({ range, guards }) => variables.shellScripts(range).map(text => script(text, guards))),
    ...makefile.assignments.filter(({ operator }) => operator === '!=').map(({ value, guards }) => script(variables.expand([value]), guards)),
    ...recipes.flatMap(recipe => recipeTexts(file, recipe, makefile.oneShell ? shell : undefined, variables).map(text => script(text, recipe.guards)))
  ]
}

/** Whether a rule runs what is defined under a name: `$(name)` or `$(call name,…)` is all that a line of it says. */
const isRun = (file: Text, { recipes, definitions }: Makefile, name: string): boolean =>
  [...recipes, ...definitions].some(({ lines }) => lines.some(([line]) => {
    if (!line) return false
    const [, call] = /^[@+\- \t]*\$[({](?:call[ \t]+)?([^\s,(){}]+)/.exec(file.value.slice(line[0], Math.min(line[1], line[0] + 300))) ?? []
    return call === name
  }))

/** What the shell is given: line by line, or all lines at once to the one shell. */
function recipeTexts(file: Text, { lines }: Recipe, oneShell: Shell | undefined, variables: MakefileVariables): Text[] {
  // Of several lines for one shell, make looks at all for a Bourne shell, and else at the first.
  const bare = lines.map((line, index) => (index > 0 && oneShell && oneShell !== 'bash' ? line : withoutMarks(file, line)))
  const called = bare.flatMap(line => line.flatMap(part => variables.shellScripts(part)))
  if (!oneShell) return [...bare.map(line => variables.expand(line)), ...called]
  // The lines are joined by their own line breaks.
  const joined = bare.flatMap((line, index) => line.map(([start, end], part): Range => (part === line.length - 1 && index < bare.length - 1 ? [start, endOfLine(file, end)] : [start, end])))
  return [variables.expand(joined), ...called]
}

const endOfLine = (file: Text, at: number): number => (file.value.startsWith('\r\n', at) ? at + 2 : file.value[at] === '\n' ? at + 1 : at)

/** `@`, `-` and `+` before a command tell make how to run it. */
function withoutMarks(file: Text, [first, ...others]: readonly Range[]): Range[] {
  if (!first) return []
  const marks = /^[ \t]*[@+-][@+\- \t]*/.exec(file.value.slice(...first))
  return [[first[0] + (marks?.[0].length ?? 0), first[1]], ...others]
}

/** The shell of the recipes: that on Windows, if the makefile chooses. `undefined`: none that is known. */
function shellOf({ assignments }: Makefile, variables: MakefileVariables): Shell | undefined {
  const chosen = assignments.filter(({ name }) => name === 'SHELL')
  const assignment = chosen.find(({ guards }) => guards.some(({ os, holds }) => os === 'windows' && holds)) ?? chosen.at(-1)
  if (!assignment) return 'bash'
  const value = variables.expand([assignment.value]).value
  if (/(^|[\\/ ])(pwsh|powershell)(\.exe)?\b/i.test(value)) return 'powershell'
  if (/(^|[\\/ ])cmd(\.exe)?\b/i.test(value)) return 'cmd'
  return /sh(\.exe)?\b/i.test(value) || value.includes('\ufffc') ? 'bash' : undefined
}
