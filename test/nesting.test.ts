import { describe, expect, it } from 'vitest'
import { knowledge } from '../src/knowledge.ts'
import { lintText } from './linting.ts'
import { mark, unmark } from './marked.ts'

/*
 * Two facts in every notation, by every way to nest them: what is found is the
 * marked text, to the character. A cell holds a whole file, or a part of it
 * that the notation's frame is put around.
 */

/** A network that a command asks for, and a key of a file that a command writes. */
const facts = new Set(['host-network', 'daemon-ipv6'])

/** A way to write a fact down. */
type Cell = readonly [way: string, marked: string]

/** Ways of a notation; `frame` makes a file of each cell. */
interface Notation {
  readonly language: string
  readonly path: string
  readonly frame?: (cell: string) => string
  readonly cells: readonly Cell[]
}

const raw = String.raw

const indented = (text: string, by: number): string => text.replace(/\n(?=.)/g, `\n${' '.repeat(by)}`)

/** How shells are nested in shells; every notation that holds scripts inherits these. */
const bash: readonly Cell[] = [
  ['a command', 'docker run ⟦--network host⟧ x'],
  ['one word', 'docker run ⟦--network=host⟧ x'],
  ['the old name', 'docker run ⟦--net=host⟧ x'],
  ['quotes', `docker run ⟦--network "host"⟧ x; docker run ⟦--"network"='ho'st⟧ x`],
  ['a list of commands', 'cd a && docker run ⟦--network host⟧ x || exit 1'],
  ['a pipeline', 'docker run ⟦--network host⟧ x | tee log'],
  ['the background', 'docker run ⟦--network host⟧ x &'],
  ['a subshell', '(cd a; docker run ⟦--network host⟧ x)'],
  ['a substitution', 'id=$(docker run -d ⟦--network host⟧ x)'],
  ['a substitution in quotes', 'echo "it is $(docker run -d ⟦--network host⟧ x)"'],
  ['backticks', 'id=`docker run -d ⟦--network host⟧ x`'],
  ['a process substitution', 'diff <(docker run ⟦--network host⟧ x) b'],
  ['continued lines', 'docker run \\\n  ⟦--network \\\n  host⟧ \\\n  x'],
  ['a condition', 'if docker run ⟦--network host⟧ x; then :; fi'],
  ['a loop', 'for i in 1 2; do docker run ⟦--network host⟧ x; done'],
  ['a case', 'case $1 in up) docker run ⟦--network host⟧ x;; esac'],
  ['a function', 'up() { docker run ⟦--network host⟧ x; }'],
  ['a function of its arguments', 'd() { docker "$@"; }\nd run ⟦--network host⟧ x'],
  ['a constant', 'NET=host\ndocker run ⟦--network $NET⟧ x'],
  ['an array', 'args=(run ⟦--network host⟧)\ndocker "${args[@]}" x'],
  ['sudo', 'sudo -E docker run ⟦--network host⟧ x'],
  ['env', 'env A=b docker run ⟦--network host⟧ x'],
  ['time and timeout', 'time timeout 5 docker run ⟦--network host⟧ x'],
  ['xargs', 'cat images | xargs -n 1 docker run ⟦--network host⟧'],
  ['find -exec', raw`find . -name x -exec docker run ⟦--network host⟧ x {} \;`],
  ['bash -c', "bash -c 'docker run ⟦--network host⟧ x'"],
  ['sh -c in double quotes', 'sh -ec "docker run ⟦--network host⟧ $IMAGE"'],
  ['bash -c in bash -c', raw`bash -c "bash -c 'docker run ⟦--network host⟧ x'"`],
  ['su -c', "su -c 'docker run ⟦--network host⟧ x' me"],
  ['ssh', "ssh me@there 'docker run ⟦--network host⟧ x'"],
  ['ssh, words', 'ssh there docker run ⟦--network host⟧ x'],
  ['ssh with a here-document', 'ssh there <<EOF\ndocker run ⟦--network host⟧ x\nEOF'],
  ['a here-document', "bash <<'EOF'\ndocker run ⟦--network host⟧ x\nEOF"],
  ['a here-document without its tabs', 'bash <<-EOF\n\tdocker run ⟦--network host⟧ x\n\tEOF'],
  ['a here-string', "bash <<< 'docker run ⟦--network host⟧ x'"],
  ['eval', "eval 'docker run ⟦--network host⟧ x'"],
  ['trap', "trap 'docker run ⟦--network host⟧ x' EXIT"],
  ['an alias', "alias up='docker run ⟦--network host⟧ x'"],
  ['cmd from a Unix shell', 'cmd //c "docker run ⟦--network host⟧ x"'],
  ['PowerShell from a Unix shell', "pwsh -c 'docker run ⟦--network host⟧ x'"],
  ['a file by cat', 'cat > /etc/docker/daemon.json <<EOF\n{ ⟦"ipv6": true⟧, "dns": ["$DNS"] }\nEOF'],
  ['a file by tee', `echo '{ ⟦"ipv6": true⟧ }' | sudo tee /etc/docker/daemon.json > /dev/null`],
  ['a file by tee and cat', `cat <<'EOF' | sudo tee -a "$DIR/docker/daemon.json"\n{ ⟦"ipv6": true⟧ }\nEOF`],
  ['a file by echo', raw`F=/etc/docker/daemon.json; echo "{ ⟦\"ipv6\": true⟧ }" > $F`],
  ['a file by printf', raw`printf '{\n⟦"ipv6": true⟧\n}\n' > /etc/docker/daemon.json`],
  ['a file in several writes', `echo '{' > docker/daemon.json\necho '⟦"ipv6": true⟧' >> docker/daemon.json\necho '}' >> docker/daemon.json`],
  ['a file by another shell', raw`sudo sh -c 'echo "{ ⟦\"ipv6\": true⟧ }" > /etc/docker/daemon.json'`]
]

const powershell: readonly Cell[] = [
  ['a command', 'docker run ⟦--network host⟧ x'],
  ['the call operator', "& docker run ⟦--network host⟧ x"],
  ['a path', "& 'C:\\Program Files\\Docker\\docker.exe' run ⟦--network host⟧ x"],
  ['quotes', `docker run ⟦'--network' "host"⟧ x`],
  ['continued lines', 'docker run `\n  ⟦--network host⟧ `\n  x'],
  ['a pipeline', 'docker run ⟦--network host⟧ x | Out-Null'],
  ['an assignment', '$id = docker run -d ⟦--network host⟧ x'],
  ['a subexpression', 'Write-Host "it is $(docker run -d ⟦--network host⟧ x)"'],
  ['a block', 'if ($a) { docker run ⟦--network host⟧ x }'],
  ['try', 'try { docker run ⟦--network host⟧ x } catch { }'],
  ['a function', 'function Start-It { docker run ⟦--network host⟧ x }'],
  ['a script block', "1..2 | ForEach-Object { docker run ⟦--network host⟧ x }"],
  ['a remote script block', 'Invoke-Command -ComputerName a -ScriptBlock { docker run ⟦--network host⟧ x }'],
  ['a job', 'Start-Job { docker run ⟦--network host⟧ x }'],
  ['a constant', "$net = 'host'\ndocker run ⟦--network $net⟧ x"],
  ['an array', "$a = @('run', ⟦'--network', 'host'⟧)\n& docker $a x"],
  ['splatting', "$a = @('run', ⟦'--network', 'host'⟧)\ndocker @a x"],
  ['after --%', 'docker --% run ⟦--network host⟧ x'],
  ['Invoke-Expression', 'Invoke-Expression "docker run ⟦--network host⟧ x"'],
  ['iex of a pipeline', "'docker run ⟦--network host⟧ x' | iex"],
  ['iex of a format', `iex ("docker run ⟦--network {0}⟧ x" -f 'host')`],
  ['a here-string', 'iex @"\ndocker run ⟦--network host⟧ x\n"@'],
  ['a here-string in single quotes', "$s = @'\ndocker run ⟦--network host⟧ x\n'@\niex $s"],
  ['Start-Process', "Start-Process docker -ArgumentList 'run', '⟦--network', 'host⟧', 'x' -Wait"],
  ['Start-Process with a line', "Start-Process docker 'run ⟦--network host⟧ x'"],
  ['a program in a variable', "$d = 'docker'\n& $d run ⟦--network host⟧ x"],
  ['a runner', "Invoke-Tool 'docker' 'run ⟦--network host⟧ x'"],
  ['a script file', "'docker run ⟦--network host⟧ x' | Out-File run.ps1"],
  ['cmd /c', 'cmd /c docker run ⟦--network host⟧ x'],
  ['cmd /c in quotes', "cmd.exe /c 'docker run ⟦--network host⟧ x'"],
  ['powershell -Command', "powershell -NoProfile -Command \"docker run ⟦--network host⟧ x\""],
  ['pwsh with a block', 'pwsh -Command { docker run ⟦--network host⟧ x }'],
  ['bash -c', "bash -c 'docker run ⟦--network host⟧ x'"],
  ['ssh', "ssh there 'docker run ⟦--network host⟧ x'"],
  ['a file by Set-Content', `Set-Content C:\\ProgramData\\docker\\config\\daemon.json '{ ⟦"ipv6": true⟧ }'`],
  ['a file by Add-Content', `Add-Content -Path "$env:ProgramData\\docker\\config\\daemon.json" -Value '{ ⟦"ipv6": true⟧ }' -Encoding ascii`],
  ['a file by Out-File', `'{ ⟦"ipv6": true⟧ }' | Out-File -FilePath docker\\daemon.json -Force`],
  ['a file by a redirection', `echo '{ ⟦"ipv6": true⟧ }' > docker\\daemon.json`],
  ['a file by New-Item', `New-Item -Path docker\\daemon.json -ItemType File -Value '{ ⟦"ipv6": true⟧ }'`],
  ['a file by .NET', `[System.IO.File]::WriteAllText("$dir\\docker\\daemon.json", '{ ⟦"ipv6": true⟧ }')`],
  ['a file of a here-string', '$json = @"\n{ ⟦"ipv6": true⟧, "dns": ["$dns"] }\n"@\n$json | Set-Content docker\\daemon.json'],
  ['a file of a hash table', "@{ ⟦'ipv6' = $true⟧; debug = $true } | ConvertTo-Json | Set-Content docker\\daemon.json"],
  ['a file of a hash table in a variable', "$path = Join-Path $env:ProgramData 'docker\\config\\daemon.json'\n$all = [ordered]@{\n  ⟦ipv6 = $v6⟧\n}\nSet-Content $path (ConvertTo-Json $all)"]
]

const cmd: readonly Cell[] = [
  ['a command', 'docker run ⟦--network host⟧ x'],
  ['silent', '@docker run ⟦--network host⟧ x'],
  ['quotes', 'docker run ⟦--network "host"⟧ x'],
  ['continued lines', 'docker run ^\n  ⟦--network ^\n  host⟧ x'],
  ['a caret in a word', 'docker run ⟦--net^work host⟧ x'],
  ['several commands', 'cd a && docker run ⟦--network host⟧ x & echo done'],
  ['a pipeline', 'docker run ⟦--network host⟧ x | find "a"'],
  ['a block', 'if exist a (\n  docker run ⟦--network host⟧ x\n) else echo no'],
  ['if', 'if %ERRORLEVEL% neq 0 docker run ⟦--network host⟧ x'],
  ['for', 'for %%i in (a b) do docker run ⟦--network host⟧ %%i'],
  ['for /f', `for /f "tokens=*" %%i in ('docker run -d ⟦--network host⟧ x') do set ID=%%i`],
  ['call', 'call docker run ⟦--network host⟧ x'],
  ['call of a label', 'call :up\ngoto :eof\n:up\ndocker run ⟦--network host⟧ x'],
  ['start', 'start "title" /wait docker run ⟦--network host⟧ x'],
  ['a variable', 'set NET=host\ndocker run ⟦--network %NET%⟧ x'],
  ['a delayed variable', 'setlocal enabledelayedexpansion\nset NET=host\ndocker run ⟦--network !NET!⟧ x'],
  ['cmd /c', 'cmd /c "docker run ⟦--network host⟧ x"'],
  ['powershell -Command', 'powershell -NoProfile -Command "docker run ⟦--network host⟧ x"'],
  ['powershell with an expression', `powershell -Command "& { docker run ⟦--network host⟧ x }"`],
  ['bash -c', 'bash -c "docker run ⟦--network host⟧ x"'],
  ['ssh', 'ssh there docker run ⟦--network host⟧ x'],
  ['a file by echo', raw`echo { ⟦"ipv6": true⟧ } > C:\ProgramData\docker\config\daemon.json`],
  ['a file in several writes', 'echo {> docker\\daemon.json\necho ⟦"ipv6": true⟧>> docker\\daemon.json\necho }>> docker\\daemon.json'],
  ['a file of a block', '(\n  echo {\n  echo   ⟦"ipv6": true⟧\n  echo }\n) > "%ProgramData%\\docker\\config\\daemon.json"']
]

const childProcess = "import { exec, execSync, execFile, execFileSync, spawn, spawnSync, fork } from 'node:child_process'\n"
const javascript: readonly Cell[] = [
  ['exec', "exec('docker run ⟦--network host⟧ x')"],
  ['exec with a callback', "exec('docker run ⟦--network host⟧ x', { shell: 'cmd.exe' }, () => {})"],
  ['execSync', 'const id = execSync("docker run ⟦--network host⟧ x").toString()'],
  ['execFile', "execFile('docker', ['run', ⟦'--network', 'host'⟧, 'x'])"],
  ['execFileSync', "execFileSync('docker.exe', ['run', ⟦'--network=host'⟧, 'x'])"],
  ['spawn', "spawn('docker', ['run', ⟦'--network', 'host'⟧, 'x'], { stdio: 'inherit' })"],
  ['spawnSync', "spawnSync('docker', ['run', ⟦'--network', 'host'⟧, 'x'])"],
  ['spawn of a shell', "spawn('powershell.exe', ['-Command', 'docker run ⟦--network host⟧ x'])"],
  ['promisify', "import { promisify } from 'util'\nconst run = promisify(exec)\nawait run('docker run ⟦--network host⟧ x')"],
  ['promisify of execFile', "const run = require('util').promisify(execFile)\nrun('docker', ['run', ⟦'--network', 'host'⟧, 'x'])"],
  ['require', "require('child_process').execSync('docker run ⟦--network host⟧ x')"],
  ['a dynamic import', "const cp = await import('node:child_process')\ncp.exec('docker run ⟦--network host⟧ x')"],
  ['import equals', "import cp = require('child_process')\ncp.exec('docker run ⟦--network host⟧ x')"],
  ['execa', "import { execa } from 'execa'\nawait execa('docker', ['run', ⟦'--network', 'host'⟧, 'x'])"],
  ['execaSync', "import { execaSync } from 'execa'\nexecaSync('docker', ['run', ⟦'--network', 'host'⟧, 'x'])"],
  ['execaCommand', "import { execaCommand } from 'execa'\nawait execaCommand('docker run ⟦--network host⟧ x')"],
  ['the tag of execa', "import { execa } from 'execa'\nawait execa`docker run ⟦--network host⟧ ${image}`"],
  ['the tag of execa with options', "import { execa } from 'execa'\nawait execa({ stdio: 'inherit' })`docker run ⟦--network host⟧ x`"],
  ['$ of execa', "import { $ } from 'execa'\nawait $`docker run ⟦--network host⟧ x`"],
  ['$.sync of execa', "import { $ } from 'execa'\n$.sync`docker run ⟦--network host⟧ x`"],
  ['zx', "import { $ } from 'zx'\nawait $`docker run ⟦--network host⟧ ${image}`"],
  ['zx without an import', '#!/usr/bin/env zx\nawait $`docker run ⟦--network host⟧ x`'],
  ['Bun.$', 'await Bun.$`docker run ⟦--network host⟧ x`.text()'],
  ['Bun.spawn', "Bun.spawn(['docker', 'run', ⟦'--network', 'host'⟧, 'x'])"],
  ['Deno.Command', "new Deno.Command('docker', { args: ['run', ⟦'--network', 'host'⟧, 'x'] })"],
  ['shelljs', "import shell from 'shelljs'\nshell.exec('docker run ⟦--network host⟧ x')"],
  ['shelljs, global', "require('shelljs/global')\nexec('docker run ⟦--network host⟧ x')"],
  ['cross-spawn', "import start from 'cross-spawn'\nstart.sync('docker', ['run', ⟦'--network', 'host'⟧, 'x'])"],
  ['@actions/exec', "import * as actions from '@actions/exec'\nawait actions.exec('docker', ['run', ⟦'--network', 'host'⟧, 'x'])"],
  ['@actions/exec, a line', "import { getExecOutput } from '@actions/exec'\nawait getExecOutput('docker run ⟦--network host⟧ x')"],
  ['a tool', "import * as tl from 'azure-pipelines-task-lib/task'\ntl.tool('docker').arg('run').arg([⟦'--network', 'host'⟧]).arg('x').exec()"],
  ['a tool in a variable', "import tl = require('azure-pipelines-task-lib/task')\nconst docker = tl.tool(tl.which('docker'))\ndocker.line('run ⟦--network host⟧ x')\ndocker.exec()"],
  ['a wrapper', "run('docker', ['run', ⟦'--network', 'host'⟧, 'x'])"],
  ['a wrapper with a line', "await sh('docker run ⟦--network host⟧ x')"],
  ['a wrapper with words', "this.execCommand('docker', 'run', ⟦'--network', 'host'⟧, 'x')"],
  ['a wrapper with one list', "runCommand(['docker', 'run', ⟦'--network', 'host'⟧, 'x'])"],
  ['a list in a constant', "const args = ['run', ⟦'--network', 'host'⟧, 'x'] as const\nspawn('docker', args)"],
  ['a list that grows', "const args = ['run']\nargs.push(⟦'--network', 'host'⟧)\nspawn('docker', [...args, 'x'])"],
  ['a template', 'exec(`docker run --rm ⟦--network host⟧ ${image}`)'],
  ['a template of several lines', 'exec(`\n  cd a\n  docker run ⟦--network host⟧ x\n`)'],
  ['a constant in a template', "const net = 'host'\nexec(`docker run ⟦--network ${net}⟧ x`)"],
  ['concatenation', "exec('docker run ' + flags + ' ⟦--network host⟧ x')"],
  ['concatenation over lines', "exec('docker run ' +\n  '⟦--network host⟧ x')"],
  ['join', "exec(['docker', 'run', '⟦--network', 'host⟧', 'x'].join(' '))"],
  ['a member of a constant', "const nets = { shared: 'host' } as const\nspawn('docker', ['run', ⟦'--network', nets.shared⟧, 'x'])"],
  ['escapes', raw`exec('docker run ⟦--network h\u{6f}st⟧ x')`],
  ['assertions', "spawn('docker' as string, <string[]>['run', ⟦'--network', 'host'⟧, 'x'])"],
  ['satisfies', "exec('docker run ⟦--network host⟧ x' satisfies string)"],
  ['a class with decorators', "@injectable()\nclass A {\n  @tool() async up(@arg() image: string) { exec('docker run ⟦--network host⟧ ' + image) }\n}"],
  ['a type parameter', "const up = async <T extends string>(image: T) => exec(`docker run ⟦--network host⟧ ${image}`)"],
  ['a namespace', "namespace A { export const up = () => exec('docker run ⟦--network host⟧ x') }"],
  ['a shell in a shell', raw`exec("bash -c 'docker run ⟦--network host⟧ x'")`],
  ['dockerode', "import Docker from 'dockerode'\nnew Docker().createContainer({ Image: 'x', HostConfig: { ⟦NetworkMode: 'host'⟧ } })"],
  ['dockerode, run', "const Docker = require('dockerode')\nnew Docker().run('x', [], process.stdout, { HostConfig: { ⟦NetworkMode: 'host'⟧ } })"],
  ['testcontainers', "import { GenericContainer } from 'testcontainers'\nawait new GenericContainer('x').⟦withNetworkMode('host')⟧.start()"],
  ['a file', `import fs from 'fs'\nfs.writeFileSync('/etc/docker/daemon.json', '{ ⟦"ipv6": true⟧ }')`],
  ['a file of an object', "import { writeFile } from 'fs/promises'\nimport path from 'path'\nawait writeFile(path.join(root, 'docker', 'daemon.json'), JSON.stringify({ ⟦ipv6: true⟧, debug: true }))"]
]

const withImports = (cell: string): string => (cell.startsWith('#!') ? cell : childProcess + cell)

/** A script in a scalar of YAML, at an indentation. */
const block = (head: string, indent: number) => (cell: string): string => `${head}|\n${' '.repeat(indent)}${indented(cell, indent)}\n`

const workflow = (runner: string, shell: string): ((cell: string) => string) => block(`on: push\njobs:\n  a:\n    runs-on: ${runner}\n    defaults: { run: { shell: ${shell} } }\n    steps:\n      - run: `, 10)

/** A recipe's dollar signs are doubled for make. */
const forMake = (cells: readonly Cell[]): readonly Cell[] => cells.map(([way, cell]) => [way, cell.replaceAll('$', '$$$$')])

const recipe = (head: string) => (cell: string): string => `${head}${cell.replaceAll('\n', '\n\t')}\n`

/** Notations that hold a script of each shell, and the frame of each. */
const holders: readonly (readonly [language: string, path: string, shell: readonly Cell[], frame: (cell: string) => string, ...less: string[]])[] = [
  ['workflow', '.github/workflows/bash.yml', bash, workflow('windows-2022', 'bash')],
  ['workflow', '.github/workflows/pwsh.yml', powershell, workflow('windows-2022', 'pwsh')],
  ['workflow', '.github/workflows/cmd.yml', cmd, workflow('windows-2022', 'cmd')],
  ['workflow', '.github/workflows/own.yml', powershell, block('on: push\njobs:\n  a:\n    runs-on: [self-hosted, windows]\n    steps:\n      - run: ', 10)],
  ['workflow', 'action.yml', powershell, block('name: a\nruns:\n  using: composite\n  steps:\n    - shell: pwsh\n      run: ', 8)],
  ['workflow', 'azure-pipelines.yml (bash)', bash, block('pool: { vmImage: windows-2022 }\nsteps:\n- bash: ', 4)],
  ['workflow', 'azure-pipelines.yml (pwsh)', powershell, block('pool: { vmImage: windows-2022 }\nsteps:\n- pwsh: ', 4)],
  ['workflow', 'azure-pipelines.yml (powershell)', powershell, block('pool: { vmImage: windows-2022 }\nsteps:\n- powershell: ', 4)],
  ['workflow', 'azure-pipelines.yml (script)', cmd, block('pool: { vmImage: windows-2022 }\nsteps:\n- script: ', 4)],
  ['workflow', 'azure-pipelines.yml (template)', powershell, block('parameters: { image: x }\nsteps:\n- task: PowerShell@2\n  inputs:\n    targetType: inline\n    script: ', 6)],
  ['workflow', '.gitlab-ci.yml (windows)', powershell, block('a:\n  tags: [windows]\n  script:\n    - ', 6)],
  ['workflow', '.gitlab-ci.yml (before)', bash, block('a:\n  script: [ls]\n  before_script:\n    - ', 6)],
  ['workflow', 'appveyor.yml (ps)', powershell, block('image: Visual Studio 2022\nbuild_script:\n  - ps: ', 6)],
  ['workflow', 'appveyor.yml (cmd)', cmd, block('image: Visual Studio 2022\nbuild_script:\n  - cmd: ', 6)],
  ['workflow', '.circleci/config.yml', powershell, block('version: 2.1\njobs:\n  a:\n    executor: win/default\n    steps:\n      - run:\n          command: ', 12)],
  ['workflow', 'bitbucket-pipelines.yml', powershell, block('pipelines:\n  default:\n    - step:\n        runs-on: [self.hosted, windows]\n        script:\n          - ', 12)],
  ['workflow', '.drone.yml', powershell, block('kind: pipeline\nplatform: { os: windows }\nsteps:\n  - name: a\n    commands:\n      - ', 8)],
  ['workflow', '.woodpecker/a.yml', powershell, block('labels: { platform: windows/amd64 }\nsteps:\n  a:\n    commands:\n      - ', 8)],
  ['markdown', 'a.md (sh)', bash, cell => `# a\n\n\`\`\`sh\n${cell}\n\`\`\`\n`],
  ['markdown', 'a.md (powershell)', powershell, cell => `~~~~ powershell\n${cell}\n~~~~\n`],
  ['markdown', 'a.md (cmd)', cmd, cell => `\`\`\`bat\n${cell}\n\`\`\`\n`],
  ['markdown', 'a.md (a list)', bash, cell => `1. a\n\n   \`\`\`bash\n   ${indented(cell, 3)}\n   \`\`\`\n`],
  ['markdown', 'a.md (a quote)', powershell, cell => `> \`\`\`powershell\n> ${cell.replaceAll('\n', '\n> ')}\n> \`\`\`\n`],
  // What a type says, JavaScript does not have.
  ['markdown', 'a.mdx (js)', javascript, cell => `\`\`\`js\n${withImports(cell)}\n\`\`\`\n`, 'assertions'],
  ['markdown', 'a.md (ts)', javascript, cell => `\`\`\`ts\n${withImports(cell)}\n\`\`\`\n`],
  // Each line is read by a shell of its own, which knows nothing of the others' variables and functions.
  ['makefile', 'Makefile', forMake(bash), recipe('up:\n\t'), 'a constant', 'an array', 'a function of its arguments', 'a file by cat', 'a file by tee and cat'],
  ['makefile', 'Makefile (one shell)', forMake(bash), recipe('.ONESHELL:\nup:\n\t@')],
  // An at sign at the beginning is for make.
  ['makefile', 'a.mk (pwsh)', forMake(powershell), recipe('SHELL := pwsh.exe\n.SHELLFLAGS := -Command\n.ONESHELL:\nup:\n\t'), 'a file of a hash table'],
  ['jenkinsfile', 'Jenkinsfile (sh)', bash, cell => `node { sh """\n${cell.replace(/[\\$"]/g, '\\$&')}\n""" }\n`],
  ['jenkinsfile', 'Jenkinsfile (powershell)', powershell, cell => `node { powershell '''\n${cell.replaceAll('\\', '\\\\')}\n''' }\n`],
  ['jenkinsfile', 'Jenkinsfile (bat)', cmd, cell => `pipeline { agent any; stages { stage('a') { steps { bat(script: '''\n${cell.replaceAll('\\', '\\\\')}\n''', returnStatus: true) } } } }\n`],
  ['ansible', 'playbook.yml', powershell, block('- hosts: windows\n  tasks:\n    - ansible.windows.win_shell: ', 8)],
  ['ansible', 'tasks.yml', bash, block('- name: a\n  shell: ', 4)],
  ['dockerfile', 'Dockerfile', powershell, cell => `FROM docker:windowsservercore-ltsc2022\nSHELL ["powershell", "-Command"]\nRUN <<EOR\n${cell}\nEOR\n`],
  ['dockerfile', 'Dockerfile (cmd)', cmd, cell => `FROM mcr.microsoft.com/windows/servercore:ltsc2022\nRUN <<EOR\n${cell}\nEOR\n`]
]

/** What only one notation has. */
const others: readonly Notation[] = [
  { language: 'daemon-json', path: 'daemon.json', cells: [['a key', '{\n  ⟦"ipv6": true⟧\n}\n'], ['one line', '{"debug":true,⟦"ipv6":true⟧}']] },
  {
    language: 'compose', path: 'compose.yaml', cells: [
      ['a service', 'services:\n  a:\n    image: x\n    ⟦network_mode: host⟧\n'],
      ['quotes', `services:\n  a:\n    image: x\n    ⟦"network_mode": 'host'⟧\n`],
      ['a flow map', 'services: { a: { image: x, ⟦network_mode: host⟧ } }\n'],
      ['JSON', '{"services": {"a": {"image": "x", ⟦"network_mode": "host"⟧}}}\n'],
      ['an anchor', 'x-a: &a\n  ⟦network_mode: host⟧\nservices:\n  a:\n    image: x\n    <<: *a\n'],
      ['a default of a variable', 'services:\n  a:\n    image: x\n    ⟦network_mode: ${NET:-host}⟧\n'],
      ['a build', 'services:\n  a:\n    build: { context: ., ⟦network: host⟧ }\n']
    ]
  },
  {
    language: 'workflow', path: '.github/workflows/a.yml', cells: [
      ['a container', 'on: push\njobs:\n  a:\n    runs-on: windows-2022\n    container:\n      image: x\n      options: --init ⟦--network host⟧\n    steps: []\n'],
      ['a service', 'on: push\njobs:\n  a:\n    runs-on: windows-2022\n    services:\n      db: { image: x, options: "⟦--network host⟧" }\n    steps: []\n'],
      ['a folded script', 'on: push\njobs:\n  a:\n    runs-on: windows-2022\n    steps:\n      - run: >-\n          docker run\n          ⟦--network host⟧\n          x\n'],
      ['a quoted script', 'on: push\njobs:\n  a:\n    runs-on: windows-2022\n    steps:\n      - run: "docker run ⟦--network \\"host\\"⟧ x"\n'],
      ['build-push-action', 'on: push\njobs:\n  a:\n    runs-on: self-hosted\n    steps:\n      - uses: docker/build-push-action@v6\n        with:\n          ⟦network: host⟧\n'],
      ['an expression beside it', 'on: push\njobs:\n  a:\n    runs-on: windows-2022\n    steps:\n      - run: docker run ⟦--network host⟧ ${{ inputs.image }}\n'],
      ['the default shell of a workflow', 'on: push\ndefaults: { run: { shell: cmd } }\njobs:\n  a:\n    runs-on: windows-2022\n    steps:\n      - run: docker run ^⟦--network ^host⟧ x\n'.replace('^⟦', '⟦')]
    ]
  },
  {
    language: 'workflow', path: 'azure-pipelines.yml', cells: [
      ['Docker@2', 'pool: { vmImage: windows-2022 }\nsteps:\n- task: Docker@2\n  inputs:\n    command: run\n    arguments: ⟦--network host⟧ x\n'],
      ['a container', 'resources:\n  containers:\n  - container: w\n    image: x\n    options: ⟦--network host⟧\npool: { vmImage: windows-2022 }\ncontainer: w\nsteps: [script: ls]\n'],
      ['a task', 'pool: { vmImage: windows-2022 }\nsteps:\n- task: Bash@3\n  inputs:\n    targetType: inline\n    script: docker run ⟦--network host⟧ x\n'],
      ['CmdLine', 'pool: { vmImage: windows-2022 }\nsteps:\n- task: CmdLine@2\n  inputs: { script: docker run ⟦--network host⟧ x }\n'],
      ['a condition', "pool: { vmImage: windows-2022 }\nsteps:\n- ${{ if eq(parameters.a, 'b') }}:\n  - pwsh: docker run ⟦--network host⟧ x\n"],
      ['a deployment', 'pool: { vmImage: windows-2022 }\njobs:\n- deployment: a\n  strategy: { runOnce: { deploy: { steps: [pwsh: docker run ⟦--network host⟧ x] } } }\n'],
      ['an extended template', 'pool: { vmImage: windows-2022 }\ntrigger: none\nextends:\n  template: a.yml\n  parameters:\n    steps:\n    - pwsh: docker run ⟦--network host⟧ x\n']
    ]
  },
  {
    language: 'workflow', path: '.gitlab-ci.yml', cells: [
      ['after_script', 'a:\n  script: [ls]\n  after_script:\n    - docker run ⟦--network host⟧ x\n'],
      ['the default', 'default:\n  before_script:\n    - docker run ⟦--network host⟧ x\na:\n  script: [ls]\n'],
      ['extends', '.b:\n  script:\n    - docker run ⟦--network host⟧ x\na:\n  extends: .b\n'],
      ['!reference', '.b:\n  script:\n    - docker run ⟦--network host⟧ x\na:\n  script:\n    - !reference [.b, script]\n'],
      ['variables across lines', 'a:\n  script:\n    - NET=host\n    - docker run ⟦--network $NET⟧ x\n']
    ]
  },
  { language: 'workflow', path: 'appveyor.yml', cells: [['a line', 'image: Visual Studio 2022\ninstall:\n  - docker run ⟦--network host⟧ x\n'], ['a part', 'image: Ubuntu\nfor:\n- matrix: { only: [image: Visual Studio 2022] }\n  test_script:\n  - pwsh: docker run ⟦--network host⟧ x\n']] },
  { language: 'workflow', path: '.circleci/config.yml', cells: [['a line', 'version: 2.1\njobs:\n  a:\n    executor: win/default\n    steps:\n      - run: docker run ⟦--network host⟧ x\n'], ['a command', 'version: 2.1\ncommands:\n  a:\n    steps:\n      - run: docker run ⟦--network host⟧ << parameters.image >>\njobs: {}\n']] },
  {
    language: 'markdown', path: 'a.md', cells: [
      ['a console', '```console\n$ docker run ⟦--network host⟧ x\nfound\n```\n'],
      ['a continued line of a console', '```console\n$ docker run \\\n>   ⟦--network host⟧ \\\n>   x\n```\n'],
      ['a prompt of PowerShell', '```\nPS C:\\> docker run ⟦--network host⟧ x\n```\n'],
      ['a prompt of cmd', '```\nC:\\Users\\me>docker run ⟦--network host⟧ x\n```\n'],
      ['compose', '```yaml\nservices:\n  a:\n    image: x\n    ⟦network_mode: host⟧\n```\n'],
      ['a Dockerfile', '```dockerfile\nFROM docker:windowsservercore\nRUN docker run ⟦--network host⟧ x\n```\n'],
      ['JavaScript in a quoted list', "> - a\n>\n>   ```js\n>   require('child_process').exec('docker run ⟦--network host⟧ x')\n>   ```\n"]
    ]
  },
  {
    language: 'package-json', path: 'package.json', cells: [
      ['a script', '{"scripts": {"a": "docker run ⟦--network host⟧ x"}}'],
      ['quotes', raw`{"scripts": {"a": "docker run ⟦--network \"host\"⟧ x"}}`],
      ['a variable', '{"scripts": {"a": "cross-env A=b docker run ⟦--network=host⟧ x"}}'],
      ['several at once', raw`{"scripts": {"a": "concurrently \"docker run ⟦--network host⟧ x\" \"ls\""}}`],
      ['a shell', raw`{"scripts": {"a": "bash -c 'docker run ⟦--network host⟧ x' && ls"}}`],
      ['PowerShell', raw`{"scripts": {"a": "powershell -Command \"docker run ⟦--network host⟧ x\""}}`]
    ]
  },
  {
    language: 'devcontainer', path: '.devcontainer/devcontainer.json', cells: [
      ['runArgs', '{ // docker\n  "runArgs": [⟦"--network=host"⟧] }'],
      ['two words', '{"runArgs": [⟦"--network", "host"⟧]}'],
      ['the build', '{"build": {"dockerfile": "Dockerfile", "options": [⟦"--network=host"⟧]}}'],
      ['initializeCommand', '{"initializeCommand": "docker run ⟦--network host⟧ x"}'],
      ['initializeCommand, a list', '{"initializeCommand": ["docker", "run", ⟦"--network", "host"⟧, "x"]}'],
      ['initializeCommand, several', '{"initializeCommand": {"a": "docker run ⟦--network host⟧ x", "b": ["docker", "run", ⟦"--network=host"⟧, "x"]}}']
    ]
  },
  {
    language: 'makefile', path: 'Makefile', cells: [
      ['a recipe', 'up: a\n\t@-docker run ⟦--network host⟧ x\n'],
      ['the line of the rule', 'up: ; docker run ⟦--network host⟧ x\n'],
      ['a variable of make', 'NET = host\nup:\n\tdocker run ⟦--network $(NET)⟧ x\n'],
      ['a variable of the shell', 'up:\n\tNET=host; docker run ⟦--network $$NET⟧ x\n'],
      ['$(shell)', 'ID := $(shell docker run -d ⟦--network host⟧ x)\n'],
      ['!=', 'ID != docker run -d ⟦--network host⟧ x\n'],
      ['a definition', 'define up\ndocker run ⟦--network host⟧ x\nendef\nall:\n\t$(call up)\n'],
      ['cmd', 'SHELL = cmd.exe\nup:\n\tdocker run ⟦--net^work host⟧ x\n'],
      ['continued lines', 'up:\n\tdocker run \\\n\t  ⟦--network \\\n\t  host⟧ x\n']
    ]
  },
  {
    language: 'jenkinsfile', path: 'Jenkinsfile', cells: [
      ['sh', "node { sh 'docker run ⟦--network host⟧ x' }"],
      ['bat', 'node { bat "docker run ⟦--network host⟧ ${image}" }'],
      ['powershell', "pipeline { agent any; stages { stage('a') { steps { powershell(script: 'docker run ⟦--network host⟧ x', returnStdout: true) } } } }"],
      ['concatenation', "node { pwsh 'docker run ' + '⟦--network host⟧ ' + image }"],
      ['inside', "node { docker.image('x').inside('-v a:b ⟦--network host⟧') { sh 'ls' } }"],
      ['withRun', 'node { docker.image("x").withRun("⟦--network=host⟧ -e A=${b}") { c -> sh "ls" } }'],
      ['build', "node { docker.build('x:1', '⟦--network host⟧ .') }"],
      ['an agent', "pipeline { agent { docker { image 'x'; args '⟦--network host⟧' } }; stages { } }"],
      ['an agent that is built', "pipeline {\n agent {\n  dockerfile {\n   additionalBuildArgs '⟦--network host⟧'\n  }\n }\n}"]
    ]
  },
  {
    language: 'ansible', path: 'tasks.yml', cells: [
      ['win_shell', '- name: a\n  win_shell: docker run ⟦--network host⟧ x\n'],
      ['win_command', '- name: a\n  ansible.windows.win_command: docker run ⟦--network host⟧ x\n'],
      ['win_powershell', '- name: a\n  ansible.windows.win_powershell:\n    script: |\n      docker run ⟦--network host⟧ x\n'],
      ['command', '- name: a\n  command:\n    cmd: docker run ⟦--network host⟧ {{ image }}\n'],
      ['a block', '- hosts: all\n  tasks:\n    - block:\n        - raw: docker run ⟦--network host⟧ x\n']
    ]
  },
  {
    language: 'dockerfile', path: 'Dockerfile', cells: [
      ['cmd', 'FROM docker:windowsservercore\nRUN docker run ⟦--network host⟧ x\n'],
      ['continued lines', '# escape=`\nFROM docker:windowsservercore\nRUN docker run `\n    ⟦--network `\n    host⟧ `\n    x\n'],
      ['a list of words', 'FROM docker:windowsservercore\nRUN ["docker", "run", ⟦"--network", "host"⟧, "x"]\n'],
      ['a list with a shell', 'FROM docker:windowsservercore\nRUN ["powershell", "-Command", "docker run ⟦--network host⟧ x"]\n'],
      ['CMD', 'FROM docker:windowsservercore\nCMD docker run ⟦--network host⟧ x\n'],
      ['ENTRYPOINT', 'FROM docker:windowsservercore\nENTRYPOINT ["cmd", "/c", "docker run ⟦--network host⟧ x"]\n'],
      ['HEALTHCHECK', 'FROM docker:windowsservercore\nHEALTHCHECK CMD docker run ⟦--network host⟧ x\n'],
      ['ONBUILD', 'FROM docker:windowsservercore\nONBUILD RUN docker run ⟦--network host⟧ x\n'],
      ['a here-document', '# syntax=docker/dockerfile:1\nFROM docker:windowsservercore\nRUN <<EOF\ndocker run ⟦--network host⟧ x\nEOF\n'],
      ['a copied here-document', '# syntax=docker/dockerfile:1\nFROM docker:windowsservercore\nCOPY <<EOF C:/ProgramData/docker/config/daemon.json\n{ ⟦"ipv6": true⟧ }\nEOF\n'],
      ['a network of the build', 'FROM docker:windowsservercore\nRUN ⟦--network=host⟧ ls\n']
    ]
  }
]

const notations: readonly Notation[] = [
  ...others,
  { language: 'bash', path: 'up.sh', cells: bash },
  { language: 'powershell', path: 'up.ps1', cells: powershell },
  { language: 'cmd', path: 'up.cmd', cells: cmd },
  { language: 'javascript', path: 'up.ts', frame: withImports, cells: javascript },
  { language: 'javascript', path: 'up.tsx', frame: cell => `${childProcess}const link = <a href="docker">{1}</a>\n${cell}`, cells: without(javascript, 'assertions', 'zx without an import') },
  { language: 'javascript', path: 'up.cjs', frame: cell => `'use strict'\nconst { exec, spawn } = require('child_process')\n${cell}\nmodule.exports = {}\n`, cells: javascript.filter(([way]) => ['exec', 'spawn', 'require', 'a template', 'shelljs, global'].includes(way)) },
  ...holders.map(([language, path, cells, frame, ...less]): Notation => ({ language, path, frame, cells: without(cells, ...less) }))
]

function without(cells: readonly Cell[], ...ways: readonly string[]): readonly Cell[] {
  return cells.filter(([way]) => !ways.includes(way))
}

describe.each(notations)('$language in $path', ({ language, path, frame = cell => cell, cells }) => {
  it.each(cells)('%s', async (_, cell) => {
    const marked = frame(cell)
    const { source } = unmark(marked)
    const result = await lintText({ source, path: path.replace(/ \(.*/, '') })
    expect(result.language).toBe(language)
    const ranges = result.diagnostics.filter(({ feature }) => facts.has(feature)).map(({ range }) => range)
    expect(mark(source, ranges)).toBe(marked)
  })
})

it('every notation is in the table', () => {
  expect(new Set(notations.map(({ language }) => language))).toEqual(new Set(knowledge.languages.map(({ id }) => id)))
})

describe('what is not found, and why', () => {
  it.each([
    ['a.sh', 'what runs is printed', "echo 'docker run --network host x'"],
    ['a.sh', 'a value is computed', 'docker run --network "$1" x'],
    ['a.sh', 'another file', `echo '{ "ipv6": true }' > docker/config.json; echo '{ "ipv6": true }' > my-daemon.json`],
    ['a.sh', 'the file may have another name', 'echo \'{ "ipv6": true }\' > /etc/docker/${PREFIX}daemon.json'],
    ['a.sh', 'a filter changes what is written', `echo '{ "ipv6": true }' | jq 'del(.ipv6)' > /etc/docker/daemon.json`],
    ['a.sh', 'a remote script is on another machine, a local one is not read', 'curl https://docker.example/run.sh | bash; bash docker-run.sh --network host'],
    ['a.ps1', 'Windows Subsystem for Linux is Linux', 'wsl docker run --network host x'],
    ['a.ps1', 'encoded commands are nobody’s own words', 'powershell -EncodedCommand ZABvAGMAawBlAHIA # docker'],
    ['a.ps1', 'the table is changed after', "$c = @{ ipv6 = $true }\n$c.Remove('ipv6')\n$c | ConvertTo-Json | Set-Content docker\\daemon.json"],
    ['a.ps1', 'the file is only read', "$c = Get-Content docker\\daemon.json | ConvertFrom-Json\n$c.ipv6 = $true"],
    ['a.ps1', 'an alias of PowerShell may name anything', 'Set-Alias d docker\nd run --network host x'],
    ['a.ps1', 'what functions of PowerShell pass on is not followed', 'function Invoke-Docker { docker @args }\nInvoke-Docker run --network host x'],
    ['a.cmd', 'macros of doskey are for the keyboard', 'doskey up=docker run --network host $*'],
    ['a.cmd', 'errors are written, not what is printed', 'echo { "ipv6": true } 2> docker\\daemon.json'],
    ['a.ts', 'fork runs a module of Node', `${childProcess}fork('docker', ['run', '--network', 'host', 'x'])`],
    ['a.ts', 'a function of another name may do anything with its arguments', "describeCommand('docker run --network host x')"],
    ['a.ts', 'not on Windows', `${childProcess}if (process.platform !== 'win32') exec('docker run --network host x')`],
    ['.github/workflows/a.yml', 'hosted runners with Linux', 'on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: docker run --network host x\n'],
    ['.github/workflows/a.yml', 'an action on hosted runners with Linux', 'on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n      - uses: docker/build-push-action@v6\n        with: { network: host }\n'],
    ['.github/workflows/a.yml', 'another action', 'on: push\njobs:\n  a:\n    runs-on: self-hosted\n    steps:\n      - uses: somebody/docker-build@v1\n        with: { network: host }\n'],
    ['.github/workflows/a.yml', 'another language', 'on: push\njobs:\n  a:\n    runs-on: windows-2022\n    steps:\n      - shell: python\n        run: docker run --network host x\n'],
    ['bitbucket-pipelines.yml', 'hosted steps run on Linux', 'pipelines:\n  default:\n    - step:\n        script:\n          - docker run --network host x\n'],
    ['Jenkinsfile', 'a method of something else', "node { docker.image('x'); thing.build('x', '--network host .'); args '--network host' }"],
    ['tasks.yml', 'modules for Docker are for Linux hosts', '- name: a\n  community.docker.docker_container:\n    name: x\n    network_mode: host\n- shell: docker ps\n'],
    ['compose.yaml', 'the command of a container is looked through for programs alone', 'services:\n  a:\n    image: x\n    command: docker run --network host x\n'],
    ['a.md', 'a block of output', '```text\ndocker run --network host x\n```\n'],
    ['.devcontainer/devcontainer.json', 'commands in the container', '{"postCreateCommand": "docker run --network host x", "image": "docker"}']
  ])('%s: %s', async (path, _, source) => {
    const { diagnostics } = await lintText({ source, path })
    expect(diagnostics.filter(({ feature }) => facts.has(feature))).toEqual([])
  })
})
