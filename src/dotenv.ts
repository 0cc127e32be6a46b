/**
 * Variables of a `.env` file as compose reads it (compose-spec/compose-go
 * dotenv/parser.go): `KEY=value`, `export KEY=value`, `KEY: value`, quotes,
 * comments. A value that refers to other variables is left out: unknown.
 */
export function parseDotenv(source: string): Map<string, string> {
  const variables = new Map<string, string>()
  for (const line of source.replace(/^\uFEFF/, '').split(/\r?\n/)) {
    const [, name, raw] = /^\s*(?:export\s+)?([\w.-]+)\s*[=:]([^]*)$/.exec(line) ?? []
    if (name === undefined || raw === undefined) continue
    const value = unquote(raw.trim())
    if (value !== undefined) variables.set(name, value)
    else variables.delete(name)
  }
  return variables
}

function unquote(raw: string): string | undefined {
  const single = /^'([^']*)'\s*(?:#.*)?$/.exec(raw)?.[1]
  if (single !== undefined) return single
  const double = /^"((?:[^"\\]|\\.)*)"\s*(?:#.*)?$/.exec(raw)?.[1]
  const value = double === undefined ? raw.replace(/(^|\s)#[^]*$/, '').trim() : double.replace(/\\n/g, '\n').replace(/\\(["\\$])/g, '$1')
  if (/^["']/.test(value) && double === undefined) return undefined
  return value.includes('$') ? undefined : value
}
