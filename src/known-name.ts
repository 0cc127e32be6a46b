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

/** Rules that stand for faults of files themselves and not for what Windows does. */
export const faultRules: readonly { readonly id: string; readonly title: string }[] = [
  { id: 'compose-interpolation', title: 'A variable that Docker Compose refuses' },
  { id: 'compose-structure', title: 'A key or a value that Docker Compose refuses' },
  { id: 'docker-usage', title: 'A command that the Docker client refuses' },
  { id: 'dockerfile-syntax', title: 'An instruction that Docker cannot read' },
  { id: 'json-syntax', title: 'A file that is not JSON' },
  { id: 'script-syntax', title: 'A script that cannot be read' },
  { id: 'yaml-syntax', title: 'A file that is not YAML' }
]

/** All names there are. */
export const namesOf = (rules: readonly { readonly id: string }[], rows: readonly { readonly feature: string }[]): KnownNames => ({
  rules: [...rules, ...faultRules, ...ownRules].map(({ id }) => id),
  features: [...new Set(rows.map(({ feature }) => feature))]
})
