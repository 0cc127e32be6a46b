import { describe, expect, it } from 'vitest'
import compose from '../src/languages/compose.ts'
import dockerfile from '../src/languages/dockerfile.ts'
import { markdown } from '../src/languages/markdown.ts'
import { Embedding } from './embedding.ts'

const documents = new Embedding(
  markdown([
    { names: ['yaml', 'yml'], path: 'block.yaml', language: compose },
    { names: ['dockerfile', 'docker'], path: 'Dockerfile', language: dockerfile }
  ]),
  'README.md'
)

const fence = '```'
const fact = 'docker run ⟦--network host⟧ x'

const nestings: (readonly [string, string])[] = [
  ...['bash', 'sh', 'shell', 'zsh', 'console', 'shell-session', 'powershell', 'pwsh', 'ps1', 'ps', 'cmd', 'bat', 'batch', 'dos', 'PowerShell', ''].map(name => [name || 'no language', `# A\n\n${fence}${name}\n${fact}\n${fence}\n`] as const),
  ['tildes', `~~~ bash title="a"\n${fact}\n~~~\n`],
  ['a long fence', `\`\`\`\`\`bash\n${fence}\n\`\`\`\`\n${fact}\n\`\`\`\`\`\n`],
  ['attributes', `${fence}{.bash .numbered}\n${fact}\n${fence}`],
  ['a list', `1. Run\n\n   ${fence}bash\n   ${fact}\n   docker run \\\n     ⟦--network\\\n     host⟧ y\n   ${fence}\n`],
  ['the line of an item', `- ${fence}bash\n  ${fact}\n  ${fence}\n`],
  ['a quotation', `> Run:\n>\n> ${fence}bash\n> ${fact}\n> docker run \\\n>   ⟦--network=host⟧ y\n> ${fence}\n`],
  ['a list in a quotation', `> - a\n>   ${fence}console\n>   $ ${fact}\n>   ${fence}\n`],
  ['a quotation that ends', `> ${fence}bash\n> ${fact}\nafter\n\n${fence}bash\n${fact}\n${fence}\n`],
  ['no end', `${fence}bash\n${fact}`],
  ['a prompt', `${fence}console\n$ ${fact}\ndocker run --network host output\n$ ${fact}\n${fence}\n`],
  ['a prompt and a line that goes on', `${fence}console\n$ docker run \\\n    ⟦--network host⟧ \\\n>   -it x\nout\n${fence}\n`],
  ['a prompt of root', `${fence}console\n# ${fact}\noutput\n${fence}\n`],
  ['a prompt with host', `${fence}console\nme@host:~/a$ ${fact}\n[root@host a]# ${fact}\n${fence}\n`],
  ['a prompt of PowerShell', `${fence}powershell\nPS C:\\> ${fact}\nPS> ${fact}\nPS C:\\Users\\me>${fact}\ndocker run --network host output\n${fence}\n`],
  ['a prompt and a line that goes on, in PowerShell', `${fence}console\nPS C:\\> docker run \`\n>> ⟦--network host⟧ x\nout\n${fence}\n`],
  ['a prompt of cmd', `${fence}\nC:\\>${fact}\nC:\\Users\\me> docker run ^\nMore?   ⟦--network host⟧ x\n${fence}\n`],
  ['a prompt in a bash block', `${fence}bash\n$ ${fact}\n${fence}\n`],
  ['a bare prompt', `${fence}powershell\n> ${fact}\n${fence}\n`],
  ['prompts of two shells', `${fence}\n$ ${fact}\nPS> ${fact}\n${fence}\n`],
  ['a comment beside a command', `${fence}console\n# docker run --network host x\n${fact}\n${fence}\n`],
  ['a shell in the shell', `${fence}console\n$ sudo bash -c '${fact}'\n${fence}\n`],
  ['a here-document', `${fence}console\n$ bash <<EOF\n${fact}\nEOF\nout\n${fence}\n`],
  ['a compose file', `${fence}yaml\nservices:\n  a:\n    image: x\n    ⟦network_mode: host⟧\n${fence}\n`],
  ['a compose file in a list', `* a\n\n  ${fence}yml\n  services:\n    a:\n      image: x\n      ⟦network_mode: "h\\x6fst"⟧\n      ⟦privileged: true⟧ # a\n  ${fence}\n`],
  ['a compose file in a quotation', `> ${fence}yaml\n> services:\n>   a:\n>     image: x\n>     ⟦network_mode: >-\n>       host⟧\n>     cap_add:\n>       - ⟦NET_ADMIN⟧\n> ${fence}\n`],
  ['a Dockerfile', `${fence}dockerfile\nFROM mcr.microsoft.com/windows/nanoserver:ltsc2022\nRUN ${fact}\n${fence}\n`],
  ['a Dockerfile in a list', `1. a\n   ${fence}Dockerfile\n   FROM mcr.microsoft.com/windows/nanoserver:ltsc2022\n   RUN docker run \\\n     ⟦--network host⟧ x\n   ${fence}\n`]
]

describe('what blocks of Markdown ask for', () => {
  it.each(nestings)('%s', async (_, marked) => {
    expect(await documents.marked(marked)).toBe(marked)
    const crlf = marked.replaceAll('\n', '\r\n')
    expect(await documents.marked(crlf)).toBe(crlf)
  })

  it.each([
    ['prose', 'Use `docker run --network host x`.\n\ndocker run --network host x\n'],
    ['a block of another language', `${fence}text\ndocker run --network host x\n${fence}\n${fence}go\ndocker run --network host x\n${fence}\n`],
    ['a block in a comment', `<!--\n${fence}bash\ndocker run --network host x\n${fence}\n-->\n\n${fence}bash\ndocker ps\n${fence}\n`],
    ['YAML of others', `${fence}yaml\nnetwork_mode: host\n${fence}\n`],
    ['a manifest of Kubernetes', `${fence}yaml\napiVersion: v1\nkind: Pod\nspec:\n  hostNetwork: true\n${fence}\n`],
    ['what a command says', `${fence}console\n$ docker run --help\ndocker run --network host x\n${fence}\n`],
    ['an echo', `${fence}bash\necho "docker run --network host x"\n${fence}\n`],
    ['a network named host', `${fence}powershell\ndocker network create -d nat host\n${fence}\n\n${fence}powershell\ndocker run --network host x\n${fence}\n`],
    ['a fence in a line', `a ${fence}docker run --network host x${fence} b\n`]
  ])('not %s', async (_, source) => {
    expect(await documents.found(source)).toEqual([])
  })

  it('reads comments, those of MDX too', async () => {
    const source = '<!-- one -->\n\n`<!--` <!-- two\n```bash\n--> {/* three */}\n'
    const reading = await markdown([]).read((await import('../src/text.ts')).Text.file(source), (await import('../src/knowledge.ts')).knowledge.matrix, 'a.mdx', { environment: new Map() })
    expect(reading?.comments.map(({ value }) => value)).toEqual(['<!-- one -->', '<!-- two\n```bash\n-->', '{/* three */}'])
  })
})
