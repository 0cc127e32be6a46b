import type { Diagnostic } from './diagnostic.ts'
import type { LintedFile } from './formatter.ts'

/**
 * Names of diagnostics by which they are known again in the next run: made of
 * the path, the rule, the feature and the text in question, and counted where
 * all these are equal. Neither lines, nor messages, nor targets are part of
 * them, so that a finding stays the same when the file grows above it or when
 * we say it in other words. No two diagnostics of a report have the same.
 */
export function fingerprintsOf(files: readonly Pick<LintedFile, 'path' | 'text' | 'diagnostics'>[]): ReadonlyMap<Diagnostic, string> {
  const fingerprints = new Map<Diagnostic, string>()
  const counts = new Map<string, number>()
  for (const { path, text, diagnostics } of files) for (const diagnostic of diagnostics) {
    const identity = [path, diagnostic.rule, diagnostic.feature, evidenceOf(text, diagnostic)]
    const key = JSON.stringify(identity)
    const ordinal = (counts.get(key) ?? 0) + 1
    counts.set(key, ordinal)
    fingerprints.set(diagnostic, fnv1a128(JSON.stringify([...identity, ordinal])))
  }
  return fingerprints
}

/** More of a text than this does not make it more distinct. */
const longestEvidence = 2000

/** The text in question; how it is indented and how its lines end makes no difference. */
const evidenceOf = (text: string, { range: [start, end] }: Diagnostic): string =>
  text.slice(start, Math.min(end, start + longestEvidence)).replace(/\s+/g, ' ')

const offsetBasis = 0x6c62272e07bb014262b821756295c58dn
const prime = 0x1000000000000000000013bn

/** Fowler–Noll–Vo hash, 1a, 128 bits, of the UTF-8 bytes: it needs no crypto, and nobody must be unable to forge it. */
export function fnv1a128(text: string): string {
  let hash = offsetBasis
  for (const byte of new TextEncoder().encode(text)) hash = BigInt.asUintN(128, (hash ^ BigInt(byte)) * prime)
  return hash.toString(16).padStart(32, '0')
}
