/** The names that people may write in configuration and suppression comments. */
export interface KnownNames {
  readonly rules: readonly string[]
  readonly features: readonly string[]
}

/** Rules about what people write for porthole itself, not for Docker. */
export const ownRules: readonly { readonly id: string; readonly title: string }[] = [
  { id: 'baseline', title: 'An entry of the baseline that stands for nothing any more' },
  { id: 'suppression', title: 'A suppression comment that cannot be read, or suppresses nothing' }
]
