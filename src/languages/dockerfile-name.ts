/** Endings of files that speak about Dockerfiles without being one. */
const otherFile = /\.(?:dockerignore|md|markdown|rst|adoc|html?|json|ya?ml|toml|xml|lock|log|patch|diff|png|svg|bak|orig|swp|pyc|vim|snap)$/i
const code = /\.(?:[cm]?[jt]sx?|go|py|rb|rs|java|kt|cs|fs|php|pl|lua|c|cc|cpp|h|el|hs|ex|exs|scala|swift|sh|bash|ps1|psm1|bat|cmd|sql)$/i

/** Whether a file of this path is a Dockerfile, by custom. */
export function isDockerfileName(path: string): boolean {
  const name = path.replace(/^.*[\\/]/s, '')
  if (otherFile.test(name)) return false
  if (/^(?:Dockerfile|Containerfile)$/i.test(name) || /\.(?:Dockerfile|Containerfile)$/i.test(name)) return true
  // `Dockerfile.py` is an image of Python; `dockerfile.py` and `Dockerfile-parser.py` are programs.
  if (/^(?:Dockerfile|Containerfile)\./.test(name)) return true
  return /^(?:Dockerfile|Containerfile)[._-][^.]/i.test(name) && !code.test(name)
}

const from = /^FROM[ \t]+(?:--platform=\S+[ \t]+)?(?:\{\{[^\r\n]*|[^\s'";(]\S*(?:[ \t]+AS[ \t]+\S+)?[ \t]*)$/i
const argument = /^ARG[ \t]+[A-Za-z_]/i
const instruction = /^(?:ADD|ARG|CMD|COPY|ENTRYPOINT|ENV|EXPOSE|FROM|HEALTHCHECK|LABEL|MAINTAINER|ONBUILD|RUN|SHELL|STOPSIGNAL|USER|VOLUME|WORKDIR)[ \t]/i
/** Comments, blank lines and statements of a template engine. */
const passedOver = /^(?:$|#|\{\{|\{%|<%|%%)/

/** Whether a text reads like a Dockerfile: FROM is its first instruction, arguments aside, and an instruction follows. */
export function looksLikeDockerfile(text: string): boolean {
  let begun = false
  for (const line of lines(text)) {
    if (passedOver.test(line)) continue
    if (begun) return instruction.test(line)
    if (from.test(line)) begun = true
    else if (!argument.test(line)) return false
  }
  return begun
}

function* lines(text: string): Generator<string> {
  for (let at = text.startsWith('\ufeff') ? 1 : 0; at < text.length; ) {
    const newline = text.indexOf('\n', at)
    const end = newline < 0 ? text.length : newline
    yield text.slice(at, end).trim()
    at = end + 1
  }
}
