import { describe, expect, it } from 'vitest'
import { knowledge } from '../src/knowledge.ts'
import { evaluate, evaluateText } from '../src/languages/workflow-expression.ts'
import workflow from '../src/languages/workflow.ts'
import { lint, type LintResult } from '../src/linter.ts'
import { parseTargets } from '../src/target.ts'
import { Text } from '../src/text.ts'
import type { Reading } from '../src/language.ts'
import { mark, unmark } from './marked.ts'

const github = '.github/workflows/ci.yml'
const azure = 'azure-pipelines.yml'
const gitlab = '.gitlab-ci.yml'
const appveyor = 'appveyor.yml'
const circle = '.circleci/config.yml'
const bitbucket = 'bitbucket-pipelines.yml'
const drone = '.drone.yml'

const known = { ...knowledge, languages: [workflow, ...knowledge.languages.filter(({ id }) => id !== 'workflow')] }

function lintDefinition(path: string, source: string, platform: 'windows' | 'auto' = 'windows'): Promise<LintResult> {
  return lint(path, source, known, { targets: parseTargets([]), platform }, { environment: new Map() })
}

/** The text with marks around what is found by one rule. */
async function found(path: string, source: string, rule = 'no-ipv6', platform: 'windows' | 'auto' = 'windows'): Promise<string> {
  const { diagnostics } = await lintDefinition(path, source, platform)
  const ranges = diagnostics.filter(each => each.rule === rule).map(({ range }) => range)
  return mark(source, ranges)
}

async function read(path: string, source: string): Promise<Reading> {
  const reading = await workflow.read(Text.file(source), knowledge.matrix, path)
  expect(reading).toBeDefined()
  return reading!
}

/** The system of each request: `windows`, `linux` (declared), `unknown`, with `azure`. */
async function systems(path: string, source: string): Promise<string[]> {
  const { intents } = await read(path, source)
  return intents.map(({ platform, context }) => [platform.os, ...(context.host ?? [])].join(' '))
}

const job = (runsOn: string, rest: string, before = ''): string => `on: push\n${before}jobs:\n  a:\n    runs-on: ${runsOn}\n${rest}`
const steps = (...lines: string[]): string => `    steps:\n${lines.map(line => `      - ${line}\n`).join('')}`
const create = 'docker network create --ipv6 n'

describe('ranges', () => {
  it.each([
    ['a literal', 'run: |\n          echo hi\n          docker network create -d nat ⟦--ipv6⟧ n\n'],
    ['a literal that keeps its end', 'run: |+\n          docker network create -d nat ⟦--ipv6⟧ n\n\n'],
    ['a literal with its indentation', 'run: |2-\n            docker network create -d nat ⟦--ipv6⟧ n\n'],
    ['a folded text', 'run: >-\n          docker network create -d nat\n          ⟦--ipv6⟧\n          n\n'],
    ['a plain text', 'run: docker network create -d nat ⟦--ipv6⟧ n\n'],
    ['a plain text of two lines', 'run: docker network create -d nat\n          ⟦--ipv6⟧ n\n'],
    ['single quotes', "run: 'docker network create -d nat ⟦--ipv6⟧ ''n'''\n"],
    ['double quotes', 'run: "docker network create -d nat\\n docker network create -d nat ⟦--ip\\x76\\u0036⟧ \\"n\\""\n'],
    ['a flow map', '{ run: "docker network create -d nat ⟦--ipv6⟧ n" }\n'],
    ['a nested shell', 'run: |\n          sh -c "docker network create -d nat ⟦--ipv6⟧ n"\n'],
    ['an expression before it', 'run: docker network create -d nat --label ${{ inputs.label }} ⟦--ipv6⟧ ${{ inputs.name }}\n']
  ])('are exact in %s', async (_what, step) => {
    for (const eol of ['\n', '\r\n']) {
      const marked = job('windows-2022', `    steps:\n      - name: x\n        ${step}`).replace('name: x\n        {', '{').replace('- name: x\n        {', '- {').replaceAll('\n', eol)
      expect(await found(github, unmark(marked).source)).toBe(marked)
    }
  })
})

describe('GitHub Actions', () => {
  it.each([
    ['windows-latest', 'windows azure'], ['windows-2019', 'windows azure'], ['windows-2025', 'windows azure'], ['windows-11-arm', 'windows azure'], ['[windows-2022]', 'windows azure'],
    ['windows-x64-8-core', 'windows'], ['[self-hosted, windows]', 'windows'], ['[self-hosted, Windows, X64]', 'windows'], ['{ group: big, labels: [windows-big] }', 'windows'], ['{ group: windows-pool }', 'windows'],
    ['ubuntu-latest', 'linux'], ['macos-14', 'linux'], ['[self-hosted, linux]', 'linux'], ['depot-ubuntu-22.04-8', 'linux'],
    ['self-hosted', 'unknown'], ['${{ inputs.runner }}', 'unknown'], ["${{ inputs.runner || 'ubuntu-latest' }}", 'unknown'], ["${{ github.fork && 'ubuntu-22.04' || 'ubuntu-big' }}", 'linux'],
    ['windows-${{ inputs.version }}', 'windows']
  ])('runs-on: %s is %s', async (runsOn, expected) => {
    expect(await systems(github, job(runsOn, steps(`run: ${create}`)))).toEqual([expected])
  })

  it.each([
    ['[windows-2019, windows-2022]', 'windows azure'], ['[ubuntu-22.04, ubuntu-24.04]', 'linux'], ['[windows-2022, ubuntu-24.04]', 'unknown azure'], ['${{ fromJSON(inputs.os) }}', 'unknown'],
    ['[ubuntu-24.04]\n        include:\n          - os: windows-2022', 'unknown azure'], ['[ubuntu-24.04, windows-2022]\n        exclude:\n          - os: ubuntu-24.04', 'windows azure'], ['[[self-hosted, windows], [self-hosted, win-2022]]', 'windows']
  ])('matrix os: %s is %s', async (values, expected) => {
    expect(await systems(github, job('${{ matrix.os }}', `    strategy:\n      matrix:\n        os: ${values}\n${steps(`run: ${create}`)}`))).toEqual([expected])
  })

  it('resolves what a matrix includes only', async () => {
    const source = job('${{ matrix.on.runner }}', `    strategy:\n      matrix:\n        include:\n          - on: { runner: windows-2022 }\n          - on: { runner: windows-2025 }\n${steps(`run: ${create}`)}`)
    expect(await systems(github, source)).toEqual(['windows azure'])
  })

  it.each([
    ["runner.os == 'Windows'", 'windows azure'], ["runner.os != 'Windows'", 'linux'], ["runner.os == 'Linux'", 'linux'], ["${{ runner.os == 'windows' }}", 'windows azure'], ["!(runner.os == 'Windows')", 'linux'],
    ["matrix.os == 'windows-2022'", 'windows azure'], ["matrix.os != 'windows-2022'", 'linux'], ["startsWith(matrix.os, 'windows')", 'windows azure'], ["!startsWith(matrix.os, 'windows')", 'linux'], ["contains(matrix.os, 'ubuntu')", 'linux'],
    ["runner.os == 'Windows' && github.event_name == 'push'", 'windows azure'], ["always() && startsWith(runner.os, 'Win')", 'windows azure'], ["runner.os == 'Windows' || github.event_name == 'push'", 'unknown azure'], ["github.event_name == 'push'", 'unknown azure']
  ])('if: %s is %s', async (condition, expected) => {
    const source = job('${{ matrix.os }}', `    strategy:\n      matrix:\n        os: [windows-2022, ubuntu-24.04]\n${steps(`if: "${condition}"\n        shell: bash\n        run: ${create}`)}`)
    expect(await systems(github, source)).toEqual([expected])
  })

  it('leaves conditions on a computed matrix open', async () => {
    const source = job('self-hosted', `    strategy:\n      matrix:\n        on: \${{ fromJSON(inputs.on) }}\n${steps(`if: matrix.on == 'windows-2022'\n        run: ${create}`, `if: matrix.on.os == 'windows'\n        run: ${create}`, `if: matrix.off\n        run: ${create}`)}`)
    expect(await systems(github, source)).toEqual(['unknown', 'unknown'])
  })

  it('lets a condition decide where the runner is not known', async () => {
    const reading = await read(github, job('${{ inputs.os }}', steps(`if: runner.os == 'Windows'\n        run: ${create}`, `if: runner.os != 'Windows'\n        run: ${create}`)))
    expect(reading.intents.map(({ platform }) => [platform.os, platform.declared, platform.evidence[0]?.says])).toEqual([['windows', true, "the condition `runner.os == 'Windows'`"], ['linux', true, "the condition `runner.os != 'Windows'`"]])
  })

  it.each([
    ['windows-2022', '', '', '& docker network create -d nat `\n            ⟦--ipv6⟧ n'],
    ['windows-2022', 'shell: pwsh', '', '& docker network create -d nat `\n            ⟦--ipv6⟧ n'],
    ['windows-2022', 'shell: powershell', '', '& docker network create -d nat `\n            ⟦--ipv6⟧ n'],
    ['windows-2022', 'shell: cmd', '', 'docker network create -d nat ^\n            ⟦--ipv6⟧ n'],
    ['windows-2022', 'shell: bash', '', 'docker network create -d nat \\\n            ⟦--ipv6⟧ n'],
    ['windows-2022', 'shell: sh', '', 'docker network create -d nat \\\n            ⟦--ipv6⟧ n'],
    ['windows-2022', 'shell: bash -eo pipefail {0}', '', 'docker network create -d nat \\\n            ⟦--ipv6⟧ n'],
    ['windows-2022', 'shell: python', '', 'docker network create -d nat --ipv6 n'],
    ['windows-2022', '', 'defaults: { run: { shell: bash } }\n', 'docker network create -d nat \\\n            ⟦--ipv6⟧ n'],
    ['windows-2022', 'shell: cmd', 'defaults: { run: { shell: bash } }\n', 'docker network create -d nat ^\n            ⟦--ipv6⟧ n'],
    ['${{ inputs.os }}', '', '', 'docker network create -d nat \\\n            ⟦--ipv6⟧ n'],
    ['${{ inputs.os }}', '', '', '$n = "x"\n          docker network create -d nat `\n            ⟦--ipv6⟧ n']
  ])('on %s with `%s` %s reads %s', async (runsOn, shell, before, script) => {
    const marked = job(runsOn, steps(`name: x\n        ${shell === '' ? 'id: y' : shell}\n        run: |\n          ${script}`), before)
    expect(await found(github, unmark(marked).source)).toBe(marked)
  })

  it('takes the default shell of the job before that of the workflow', async () => {
    const marked = job('windows-2022', `    defaults:\n      run:\n        shell: cmd\n${steps('run: |\n          docker network create -d nat ^\n            ⟦--ipv6⟧ n')}`, 'defaults:\n  run:\n    shell: bash\n')
    expect(await found(github, unmark(marked).source)).toBe(marked)
  })

  it('knows no driver that an expression gives', async () => {
    const source = job('windows-2022', steps("run: docker network create -d '${{ inputs.driver }}' n", 'shell: cmd\n        run: docker network create -d ${{ inputs.driver }} n', 'shell: bash\n        run: |\n          D=\'${{ inputs.driver }}\'\n          docker network create -d $D n'))
    const { intents } = await read(github, source)
    expect(intents.map(({ context }) => context.driver)).toEqual([undefined, undefined, undefined])
  })

  it.each([['shell: cmd', 'windows'], ['shell: powershell', 'windows'], ['shell: pwsh', 'unknown'], ['shell: bash', 'unknown']])('a composite action with `%s` is %s', async (shell, expected) => {
    expect(await systems('tools/action.yml', `name: a\nruns:\n  using: composite\n  steps:\n    - ${shell}\n      run: ${create}\n`)).toEqual([expected])
  })

  it('reads containers and services as docker create on Linux', async () => {
    const source = job('self-hosted', `    container:\n      image: node:20\n      options: --network host --ip6 ::1\n    services:\n      db:\n        image: redis\n        ports: ['80:80']\n        options: >-\n          --health-cmd "redis-cli ping"\n${steps(`run: ${create}`)}`)
    const { intents } = await read(github, source)
    expect(intents.map(({ verb, platform, range }) => [verb, platform.os, platform.declared, source.slice(...range)])).toEqual([
      ['container.run', 'linux', true, 'container'], ['container.run', 'linux', true, 'db'], ['network.create', 'linux', true, 'network create']
    ])
    expect(intents[0]!.settings.map(({ range }) => source.slice(...range))).toEqual(expect.arrayContaining(['--network host', '--ip6 ::1']))
    expect((await lintDefinition(github, source)).diagnostics).toEqual([])
  })

  it.each([
    ['lists', 'docker/build-push-action@v6', 'add-hosts: |\n            ⟦db:10.0.0.1⟧\n            "⟦x:${{ inputs.ip }}⟧"', 'extra-hosts'],
    ['commas', 'docker/build-push-action@0123456', 'add-hosts: ⟦db:10.0.0.1⟧, ⟦x:10.0.0.2⟧', 'extra-hosts'],
    ['lines', 'docker/build-push-action@v6', 'build-args: |\n            A=b,c\n            ⟦HTTP_PROXY=http://proxy:3128⟧', 'http-proxy'],
    ['what is not known', 'docker/build-push-action@v6', 'network: ${{ inputs.network }}', 'host-network'],
    ['a build for Linux', 'docker/build-push-action@v6', 'platforms: linux/amd64,linux/arm64\n          network: host', 'host-network'],
    ['another action', 'docker/login-action@v3', 'network: host', 'host-network']
  ])('reads %s of an action', async (_, uses, marked, feature) => {
    const all = job('self-hosted', steps(`uses: ${uses}\n        with:\n          context: .\n          ${marked}`))
    const { source } = unmark(all)
    const { diagnostics } = await lintDefinition(github, source)
    expect(mark(source, diagnostics.filter(each => each.feature === feature).map(({ range }) => range))).toBe(all)
  })

  it('tells a network of one step in the next', async () => {
    const { intents } = await read(github, job('windows-2022', steps('run: docker network create -d transparent t', 'run: docker run --network t x')))
    expect(intents[1]!.context).toMatchObject({ driver: ['transparent'], host: ['azure'] })
  })

  it('reports nothing on Linux, and on Azure what Azure does', async () => {
    const script = 'run: docker network create -d transparent t'
    expect(await lintDefinition(github, job('ubuntu-latest', steps(script)))).toMatchObject({ diagnostics: [], leftOut: [{ reason: 'declared-linux' }] })
    const severities = async (runsOn: string): Promise<string[]> => (await lintDefinition(github, job(runsOn, steps(script)))).diagnostics.filter(({ rule }) => rule === 'no-azure-transparent').map(({ effect }) => effect)
    expect(await severities('windows-2022')).toEqual(['broken'])
    expect(await severities('[self-hosted, windows]')).toEqual(['differs'])
  })

  it('names each job as a subject', async () => {
    const source = job('windows-2022', steps(`run: ${create}`)) + '  b:\n    runs-on: ubuntu-latest\n    steps: []\n'
    const { subjects } = await read(github, source)
    expect(subjects.map(({ name, range, platform }) => [name, source.slice(...range), platform.os])).toEqual([['a', 'a', 'windows'], ['b', 'b', 'linux']])
  })
})

describe('Azure Pipelines', () => {
  it.each([
    ['pool: { vmImage: windows-2022 }', 'windows azure'], ['pool: { vmImage: vs2017-win2016 }', 'windows azure'], ['pool: { vmImage: ubuntu-latest }', 'linux'], ['pool: { vmImage: macOS-13 }', 'linux'],
    ['pool: Mine', 'unknown'], ['pool: { name: Mine-Windows }', 'windows'], ['pool: { name: Mine, demands: "Agent.OS -equals Windows_NT" }', 'windows'], ['pool: { name: Mine, os: windows }', 'windows'],
    ['pool: { vmImage: "${{ parameters.image }}" }', 'unknown'], ['variables: { image: windows-2022 }\npool: { vmImage: $(image) }', 'windows azure'],
    ['pool:\n  ${{ if parameters.a }}:\n    vmImage: windows-2022\n  ${{ else }}:\n    vmImage: ubuntu-22.04', 'unknown azure']
  ])('%s is %s', async (pool, expected) => {
    expect(await systems(azure, `${pool}\nsteps:\n- bash: ${create}\n`)).toEqual([expected])
  })

  it.each([
    ['windows-2022', '- script: |\n    docker network create -d nat ^\n      ⟦--ipv6⟧ $(Name)'],
    ['windows-2022', '- task: CmdLine@2\n  inputs:\n    script: |\n      docker network create -d nat ^\n        ⟦--ipv6⟧ $(Name)'],
    ['windows-2022', '- bash: |\n    docker network create -d nat \\\n      ⟦--ipv6⟧ "$(Name)"'],
    ['windows-2022', '- task: Bash@3\n  inputs:\n    targetType: inline\n    script: docker network create -d nat ⟦--ipv6⟧ n'],
    ['windows-2022', '- pwsh: |\n    docker network create -d nat `\n      ⟦--ipv6⟧ $(Name)'],
    ['windows-2022', '- powershell: docker network create -d nat ⟦--ipv6⟧ $(Name)'],
    ['windows-2022', '- task: PowerShell@2\n  inputs:\n    targetType: inline\n    script: docker network create -d nat ⟦--ipv6⟧ n'],
    ['windows-2022', "- ${{ if eq(parameters.x, 'y') }}:\n  - script: docker network create -d nat ⟦--ipv6⟧ n"],
    ['windows-2022', "- script: docker network create -d nat ⟦--ipv6⟧ n\n  condition: eq(variables['Agent.OS'], 'Windows_NT')"],
    ['$(any)', "- script: docker network create -d nat --ipv6 n\n  condition: and(succeeded(), ne(variables['Agent.OS'], 'Windows_NT'))"],
    ['$(any)', "- script: docker network create -d nat ⟦--ipv6⟧ n\n  condition: and(succeeded(), eq(variables['Agent.OS'], 'Windows_NT'))"],
    ['ubuntu-latest', '- script: docker network create -d nat --ipv6 n']
  ])('on %s reads %s', async (image, script) => {
    const marked = `pool:\n  vmImage: ${image}\nsteps:\n${script}\n`
    expect(await found(azure, unmark(marked).source)).toBe(marked)
  })

  it.each(['script', 'bash', 'pwsh', 'powershell'])('knows no value that a macro gives to %s', async key => {
    const { intents } = await read(azure, `pool: { vmImage: windows-2022 }\nsteps:\n- ${key}: docker network create -d '$(Driver)' n\n`)
    expect(intents.map(({ context }) => context.driver)).toEqual([undefined])
  })

  it('resolves images of a matrix, stages and jobs', async () => {
    const source = `stages:\n- stage: s\n  pool: { vmImage: ubuntu-22.04 }\n  jobs:\n  - job: l\n    steps:\n    - script: ${create}\n  - job: w\n    strategy:\n      matrix:\n        a: { image: windows-2019 }\n        b: { image: windows-2022 }\n    pool: { vmImage: $(image) }\n    steps:\n    - script: ${create}\n  - deployment: d\n    pool: { vmImage: windows-2022 }\n    strategy:\n      runOnce:\n        deploy:\n          steps:\n          - script: ${create}\n`
    expect(await systems('ci/build.yml', source)).toEqual(['linux', 'windows azure', 'windows azure'])
  })

  it('reads the task Docker@2', async () => {
    const marked = 'pool: { vmImage: windows-2022 }\nsteps:\n- task: Docker@2\n  inputs:\n    command: build\n    Dockerfile: Dockerfile\n    arguments: --build-arg A=$(B) ⟦--network host⟧\n'
    expect(await found(azure, unmark(marked).source, 'no-host-network')).toBe(marked)
  })
})

describe('GitLab', () => {
  it.each([
    ['tags: [windows]', 'windows'], ['tags: [saas-windows-medium-amd64]', 'windows'], ['tags: [saas-linux-small-amd64]', 'linux'], ['image: alpine', 'linux'], ['image: mcr.microsoft.com/windows/servercore:ltsc2022', 'windows'],
    ['services: [docker:dind]', 'linux'], ['stage: test', 'unknown'], ['extends: .w', 'windows'], ['<<: *w', 'windows']
  ])('%s is %s', async (key, expected) => {
    expect(await systems(gitlab, `.w: &w\n  tags: [windows]\na:\n  ${key}\n  script:\n    - ${create}\n`)).toEqual([expected])
  })

  it('reads the lines of a script in one shell', async () => {
    const marked = 'default:\n  before_script:\n    - $o = "x"\na:\n  tags: [windows]\n  script:\n    - if ($true) {\n    - docker network create -d nat ⟦--ipv6⟧ n }\n    - |\n      docker network create -d nat `\n        ⟦--ipv6⟧ m\n'
    expect(await found(gitlab, unmark(marked).source)).toBe(marked)
  })

  it('follows references and inputs', async () => {
    const marked = '.s:\n  script:\n    - docker network create -d nat ⟦--ipv6⟧ $[[ inputs.name ]]\na:\n  tags: [windows]\n  script:\n    - !reference [.s, script]\n'
    expect(await found(gitlab, unmark(marked).source)).toBe(marked)
  })
})

describe('other systems', () => {
  it.each([
    [appveyor, 'image: Visual Studio 2022\nbuild_script:\n  - docker network create -d nat ⟦--ipv6⟧ n\n'],
    [appveyor, 'image: Visual Studio 2022\nbuild_script:\n  - ps: |\n      docker network create -d nat `\n        ⟦--ipv6⟧ n\n  - cmd: docker network create -d nat ⟦--ipv6⟧ n\n  - sh: docker network create -d nat --ipv6 n\n'],
    [appveyor, 'build_script:\n  - pwsh: docker network create -d nat ⟦--ipv6⟧ n\n'],
    [appveyor, 'image: Ubuntu2204\nbuild_script:\n  - docker network create -d nat --ipv6 n\n'],
    [circle, 'version: 2.1\njobs:\n  a:\n    executor: win/default\n    steps:\n      - run: |\n          docker network create -d nat `\n            ⟦--ipv6⟧ << parameters.name >>\n'],
    [circle, 'version: 2.1\nexecutors:\n  w:\n    machine: { image: windows-server-2022-gui:current }\n    shell: cmd.exe\njobs:\n  a:\n    executor: { name: w }\n    steps:\n      - run:\n          command: |\n            docker network create -d nat ^\n              ⟦--ipv6⟧ n\n      - run: { shell: bash.exe, command: "docker network create -d nat ⟦--ipv6⟧ n" }\n'],
    [circle, 'version: 2.1\njobs:\n  a:\n    docker: [{ image: "cimg/base:2024.01" }]\n    steps:\n      - run: docker network create -d nat --ipv6 n\n'],
    [bitbucket, 'pipelines:\n  default:\n    - step:\n        runs-on: [self.hosted, windows]\n        script:\n          - docker network create -d nat ⟦--ipv6⟧ n\n    - step:\n        script:\n          - docker network create -d nat --ipv6 n\n'],
    [drone, 'kind: pipeline\nname: a\nplatform: { os: windows }\nsteps:\n- name: b\n  commands:\n  - docker network create -d nat ⟦--ipv6⟧ n\n---\nkind: pipeline\nname: b\nsteps:\n- name: b\n  commands:\n  - docker network create -d nat --ipv6 n\n']
  ])('%s: %s', async (path, marked) => {
    expect(await found(path, unmark(marked).source)).toBe(marked)
  })
})

describe('recognition', () => {
  it.each([
    ['compose.yaml', 'services:\n  a:\n    image: docker\n'],
    ['deploy.yml', 'apiVersion: v1\nkind: Pod\nspec:\n  steps: [{ script: docker }]\n'],
    ['play.yml', '- hosts: all\n  tasks:\n    - shell: docker run x\n  jobs: []\n'],
    ['.github/workflows/data.yml', 'docker: x\njobs: [a]\n'],
    ['x/steps.yml', 'steps:\n  - docker: x\n'],
    [github, 'on: push\njobs: [']
  ])('%s is none: %s', async (path, source) => {
    if (!workflow.recognises(path, source)) return
    expect(await workflow.read(Text.file(source), knowledge.matrix, path)).toBeUndefined()
  })

  it.each([
    ['samples/build.yml', job('windows-2022', steps('run: docker ps'))],
    ['eng/steps.yml', 'steps:\n- pwsh: docker ps\n'],
    ['ci/.gitlab/build.yml', 'a:\n  script: [docker ps]\n']
  ])('%s is one', async (path, source) => {
    expect(workflow.mayBe(path) && workflow.recognises(path, source)).toBe(true)
    expect((await read(path, source)).intents).toHaveLength(1)
  })

  it('keeps comments of the definition and of its scripts', async () => {
    const source = job('windows-2022', steps('run: |\n          # porthole-ignore inner\n          docker ps')) + '# porthole-ignore outer\n'
    expect((await read(github, source)).comments.map(({ value }) => value).sort()).toEqual(['# porthole-ignore inner', '# porthole-ignore outer'])
  })
})

describe('expressions', () => {
  const scope = (path: string): string | undefined => (path === 'a.b' ? 'Windows' : undefined)
  it.each([
    ["a.b == 'windows'", [true]], ["a['b'] != 'linux'", [true]], ["x || 'y'", [undefined, 'y']], ["x && 'y' || 'z'", ['z', 'y']], ["a.b && 'y' || 'z'", ['y']], ["contains(a.b, 'IND') && !false", [true]],
    ["eq(a.b, 'Windows')", [true]], ["in(a.b, 'x', 'windows')", [true]], ["not(eq(a.b, 'x'))", [true]], ['and(x, false)', [false]], ["f(x).y == 'z'", [undefined]], ["format('{0}', x)", [undefined]], ["'it''s'", ["it's"]],
    ['(((', [undefined]], ['a ..b', [undefined]], ['', [undefined]], ['('.repeat(5000), [undefined]], ['!'.repeat(5000) + 'true', [true]]
  ])('%s', (expression, values) => {
    expect(evaluate(expression, scope)).toEqual(values)
  })

  it('puts values into texts', () => {
    expect(evaluateText('x-${{ a.b }}-y', scope)).toEqual(['x-Windows-y'])
    expect(evaluateText('x-${{ c }}', scope)).toEqual([undefined])
  })
})

describe('anything', () => {
  const seeds: [string, string][] = [
    [github, job('${{ matrix.os }}', `    strategy: { matrix: { os: [windows-2022, ubuntu-24.04], include: [{ os: a, b: c }] } }\n    container: { image: a, options: --ip6 ::1 }\n${steps(`if: runner.os == 'Windows'\n        run: |\n          ${create}`, "shell: cmd\n        run: 'docker run -p 1:1 ${{ a }}'")}`)],
    [azure, `pool: { vmImage: windows-2022 }\nvariables: [{ name: a, value: b }]\nsteps:\n- script: |\n    docker run $(A) ^\n     --ip6 ::1 x\n- task: Docker@2\n  inputs: { command: build, arguments: --network host }\n`],
    [gitlab, `default: { before_script: [a, b] }\n.a: &a\n  script: &s\n    - docker run --ip6 ::1 a\n    - |\n      ${create}\nb:\n  <<: *a\n  extends: [b, .a]\n  after_script: [*s, !reference [.a, script]]\n`],
    [circle, `version: 2.1\njobs:\n  a:\n    executor: win/default\n    steps: [{ run: { command: "${create}" } }, { when: { steps: [{ run: "docker ps" }] } }]\n`]
  ]
  const fuel = Number(process.env.PORTHOLE_FUZZ ?? 60)
  it.each(seeds)('survives mutants of %s', async (path, seed) => {
    let state = 7
    const random = (below: number): number => (state = (state * 48271) % 2147483647) % below
    for (let round = 0; round < fuel; round++) {
      let source = seed
      for (let change = 0; change <= random(4); change++) {
        const at = random(source.length)
        const other = random(source.length)
        source = [source.slice(0, at) + source.slice(at + 1 + random(9)), source.slice(0, at) + source.slice(other, other + 20) + source.slice(at), source.slice(0, at) + ['"', "'", '\t', '- ', '&x ', '*x', '${{', '|\n', '[', '}', '\r'][random(11)]! + source.slice(at)][random(3)]!
      }
      const reading = await workflow.read(Text.file(source), knowledge.matrix, path)
      for (const [start, end] of [...(reading?.intents ?? []).flatMap(({ range, settings, platform }) => [range, ...settings.map(each => each.range), ...platform.evidence.map(each => each.range)]), ...(reading?.subjects ?? []).map(({ range }) => range)]) {
        expect(0 <= start && start <= end && end <= source.length, source).toBe(true)
      }
    }
  })

  it('is not quadratic', async () => {
    const source = job('windows-2022', steps(...Array.from({ length: 1500 }, () => `run: ${create}`)))
    const started = performance.now()
    expect((await read(github, source)).intents).toHaveLength(1500)
    expect(performance.now() - started).toBeLessThan(5000)
  })
})
