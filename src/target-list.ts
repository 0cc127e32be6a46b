import type { ConfigLayer } from './config.ts'
import { asksForInference, withInferred, type InferredTarget } from './target-inference.ts'
import { parseTargets } from './target.ts'

/** The targets in force with where each comes from, and those that files name, in words. */
export function targetsText(stated: readonly string[] | undefined, configured: readonly ConfigLayer[], inferred: readonly InferredTarget<string>[]): string {
  return [...(stated ? statedLines(stated, inferred) : configured.length > 0 ? configuredLines(configured) : targetLines([], 'by default')), ...inferredLines(inferred, asksForInference(stated))].map(line => `${line}\n`).join('')
}

function targetLines(options: readonly string[], from: string): string[] {
  const targets = parseTargets(options)
  const width = Math.max(10, ...targets.map(({ label }) => label.length))
  return targets.map(({ label, windows, engine }) => `${label.padEnd(width)} ${windows.name} (build ${windows.build}), Docker Engine ${engine.join('.')}, ${from}`)
}

function statedLines(stated: readonly string[], inferred: readonly InferredTarget<string>[]): string[] {
  if (!asksForInference(stated)) return targetLines(stated, 'from --target')
  const from = inferred.length > 0 ? 'from --target auto' : 'by default, for these files name none'
  return targetLines(withInferred(stated, inferred.map(({ option }) => option)), from)
}

/** Of what is said of all files the last counts. */
function configuredLines(layers: readonly ConfigLayer[]): string[] {
  const general = layers.findLast(({ files }) => files === undefined)
  return [
    ...(general ? targetLines(general.targets!, `from ${general.targetsPlace}`) : targetLines([], 'by default')),
    ...layers.filter(({ files }) => files !== undefined).flatMap(({ files, targets, targetsPlace }) => targetLines(targets!, `for ${files!.join(', ')}, from ${targetsPlace}`))
  ]
}

function inferredLines(inferred: readonly InferredTarget<string>[], areInForce: boolean): string[] {
  if (inferred.length === 0) return []
  const places = inferred.flatMap(({ option, places: all }) => all.map(({ place, name }, index) => `  ${(index === 0 ? option : '').padEnd(18)} ${place} ${name}`))
  return ['', `These files name${areInForce ? '' : ', in force with --target auto'}:`, ...places]
}
