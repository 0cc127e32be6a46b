import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Command, Script, Word } from '../src/command.ts'
import { readCmd } from '../src/languages/cmd.ts'
import { Text } from '../src/text.ts'

const read = (source: string): Script => readCmd(Text.file(source))

/** The docker commands of a script without the program, words between bars, unknown ones after a question mark. */
const calls = ({ commands }: Script): string[] => commands.filter(callsDocker).map(({ words }) => words.slice(1).map(shown).join('|'))
const callsDocker = ({ words }: Command): boolean => words[0]!.text.value.replace(/\.exe$/, '') === 'docker'
const shown = ({ known, text }: Word): string => (known ? '' : '?') + text.value

describe('words', () => {
  it.each<[script: string, ...calls: string[]]>([
    // Blanks and quotes
    ['docker run img', 'run|img'],
    ['  docker\trun   img  ', 'run|img'],
    ['docker run "a b" c', 'run|a b|c'],
    ['docker run a"b c"d', 'run|ab cd'],
    ['docker run ""', 'run|'],
    ['docker run "a', 'run|a'],
    ["docker run 'a b'", "run|'a|b'"],
    ['"docker" run', 'run'],
    ['docker.exe run', 'run'],
    [',;= docker run a,b;c=d', 'run|a,b;c=d'],
    ['@docker run', 'run'],
    ['@ @docker run', 'run'],
    ['DOCKER_CLI=1 & docker run', 'run'],
    // Quotes and backslashes as programs read them
    ['docker run \\"a b\\"', 'run|"a|b"'],
    ['docker run "a\\"b c"', 'run|a"b c'],
    ['docker run "a""b"', 'run|a"b'],
    ['docker run """a b"""', 'run|"a|b"'],
    ['docker run "a\\\\" n', 'run|a\\|n'],
    ['docker run "a\\\\\\" n"', 'run|a\\" n'],
    ['docker run -v C:\\a\\:C:\\b\\ img', 'run|-v|C:\\a\\:C:\\b\\|img'],
    ['docker run -v "C:\\a b\\" img', 'run|-v|C:\\a b" img'],
    // Carets
    ['do^cker r^un', 'run'],
    ['docker run a^&b', 'run|a&b'],
    ['docker run a^^b "a^b"', 'run|a^b|a^b'],
    ['docker run ^"a b^"', 'run|a b'],
    ['docker run ^"a & docker ps', 'run|a ', 'ps'],
    ['docker run ^\n  img', 'run|img'],
    ['docker run ^\r\n  img\r\n', 'run|img'],
    ['docker run --ip^\n6 x', 'run|--ip6|x'],
    ['docker run -v "a:b"^\n  img', 'run|-v|a:b|img'],
    ['docker run ^\n& docker ps', 'run|&|docker|ps'],
    ['docker run n ^\n & docker ps', 'run|n', 'ps'],
    ['docker run "a ^\ndocker ps', 'run|a ^', 'ps'],
    ['docker run img ^\n\ndocker ps', 'run|img', 'ps'],
    ['docker run img ^', 'run|img'],
    // Operators
    ['docker a & docker b && docker c || docker d | docker e', 'a', 'b', 'c', 'd', 'e'],
    ['docker a&docker b', 'a', 'b'],
    ['docker run "a&b" "c|d" "<e>"', 'run|a&b|c|d|<e>'],
    ['docker run img sh -c "echo \\"hi\\" > x"', 'run|img|sh|-c|echo "hi" > x'],
    // Redirections
    ['docker ps > nul', 'ps'],
    ['docker ps>nul 2>&1', 'ps'],
    ['docker ps 2>nul -a', 'ps|-a'],
    ['docker network create n2>out.txt', 'network|create|n2'],
    ['>nul 2>&1 docker ps', 'ps'],
    ['2>"my log" docker ps', 'ps'],
    ['docker ps >> "my log" && docker images', 'ps', 'images'],
    ['docker load < a.tar', 'load'],
    ['docker run "a>b" c^>d', 'run|a>b|c>d'],
    ['(docker a & docker b) >nul 2>&1', 'a', 'b'],
    // Parentheses
    ['(docker a)', 'a'],
    ['(\ndocker a\n\n  docker b\n)\ndocker c', 'a', 'b', 'c'],
    ['docker run (n)', 'run|(n)'],
    ['(docker run "a)" b^) c)', 'run|a)|b)|c'],
    [') docker a\ndocker b', 'b'],
    ['((docker a) & (docker b))', 'a', 'b'],
    // What only the run knows
    ['docker run %1 %* %~dp0x "%~f1"', 'run|?%1|?%*|?%~dp0x|?%~f1'],
    ['docker run %X% a%X:~1,2%b %X:a=b% %X:"=%', 'run|?%X%|?a%X:~1,2%b|?%X:a=b%|?%X:"=%'],
    ['docker run 100% a', 'run|100|a'],
    ['docker run 100%% %%X%%', 'run|100%|%X%'],
    ['docker run "%X%" a^%X%b', 'run|?%X%|?a%X%b'],
    ['docker run !X!', 'run|!X!'],
    ['docker run ${{ matrix.a && "b c" }} x-${{ y }}', 'run|?${{ matrix.a && "b c" }}|?x-${{ y }}'],
    ['docker run ${{ x', 'run|${{|x'],
    ['%DOCKER% run\ndocker ps', 'ps']
  ])('%j', (script, ...expected) => {
    const { commands, problems } = read(script)
    expect(calls({ commands, problems, nested: [], comments: [] })).toEqual(expected)
    expect(problems).toEqual([])
  })

  it('begin where the script begins', () => {
    expect(calls(read('\uFEFFdocker ps'))).toEqual(['ps'])
    expect(calls(read(''))).toEqual([])
  })
})

describe('commands', () => {
  it.each<[script: string, ...calls: string[]]>([
    // Remarks, labels, text
    ['rem docker a & docker b\ndocker c', 'c'],
    ['REM docker a ^\ndocker b', 'b'],
    ['@rem docker a\n:: docker b\n:; docker c\n::docker d'],
    [':: a ^\ndocker b\ndocker c', 'c'],
    ['docker a & rem docker b\ndocker c & :: docker d', 'a', 'c'],
    ['remove & docker a', 'a'],
    ['echo docker a & docker b', 'b'],
    ['echo.docker a\necho(docker b\necho:docker c\necho;docker d\ntitle docker e\nprompt docker f'],
    ['(echo docker a) & docker b', 'b'],
    ['echo docker a | docker b', 'b'],
    [':docker a\ndocker b', 'b'],
    // if
    ['if a==b docker a', 'a'],
    ['if "%X%" == "" docker a', 'a'],
    ['if /i not "%~1"=="x y" (docker a) else docker b', 'a', 'b'],
    ['if [%1]==[] docker a', 'a'],
    ['if exist "a b" docker a', 'a'],
    ['if not exist x (\n docker a\n) else if defined Y (\n docker b\n) else (\n docker c\n)\ndocker d', 'a', 'b', 'c', 'd'],
    ['if errorlevel 1 docker a', 'a'],
    ['if %ERRORLEVEL% NEQ 0 docker a', 'a'],
    ['if cmdextversion 2 docker a', 'a'],
    ['if a==b docker a else docker b', 'a|else|docker|b'],
    ['if a==b (docker a) & docker b', 'a', 'b'],
    ['if a==b if c==d (docker a) else (docker b)', 'a', 'b'],
    ['if/i a==b docker a', 'a'],
    ['@if a==b @docker a', 'a'],
    // for
    ['for %%i in (a b) do docker run %%i x%%~nxi %%j', 'run|?%%i|?x%%~nxi|%j'],
    ['for %%i in (a b) do (\n docker a\n docker b %%i\n)', 'a', 'b|?%%i'],
    ['for /l %%i in (1,1,3) do @docker run n%%i', 'run|?n%%i'],
    ['for /f "tokens=1,2 delims=," %%a in (x.txt) do docker run %%a %%b %%A', 'run|?%%a|?%%b|%A'],
    ["for /f %%i in ('docker ps -q ^| sort') do docker rm %%i", 'ps|-q', 'rm|?%%i'],
    ["for /f \"tokens=*\" %%i in ('docker ps --filter \"name=a b\" 2^>nul') do echo %%i", 'ps|--filter|name=a b'],
    ['for /f "usebackq" %%i in (`docker ps -q`) do docker rm %%i', 'ps|-q', 'rm|?%%i'],
    ['for /f "usebackq" %%i in (\'docker ps\') do docker rm', 'rm'],
    ["for %%i in ('docker ps') do docker rm", 'rm'],
    ["for %%f in (a b) do for /f %%i in ('docker ps %%f') do docker rm %%f %%i", 'ps|?%%f', 'rm|?%%f|?%%i'],
    ['for /r . %%i in (*.yml) do docker a', 'a'],
    ['for %%i in (a\n b\n) do docker a', 'a'],
    ["for /f %i in ('docker ps -q') do docker rm %i", 'ps|-q', 'rm|?%i'],
    ['for/f %%i in (x) do docker a', 'a'],
    // call, start and other programs
    ['call docker a', 'a'],
    ['call docker run %%X%% 100%%%%', 'run|?%X%|100%'],
    ['call call docker a', 'a'],
    ['call:sub docker a\ndocker b', 'b'],
    ['start docker a', 'a'],
    ['start "my title" /wait docker a', 'a'],
    ['start /b "" docker a', 'a'],
    ['start /d "C:\\x y" /min docker a', 'a'],
    ['start "docker a"'],
    // Where a script ends
    ['docker a\nexit /b 1\ndocker b', 'a'],
    ['goto :eof\ndocker b'],
    ['goto end\ndocker a\n:end\ndocker b', 'b'],
    ['goto:end\ndocker a\n :END rest\ndocker b', 'b'],
    ['if a==b exit /b\ndocker a', 'a'],
    ['if a==b (exit /b) else goto :eof\ndocker a'],
    ['docker a || exit /b\ndocker b', 'a', 'b'],
    ['exit /b\n:sub\ndocker a', 'a'],
    ['(goto :eof\ndocker a)\ndocker b']
  ])('%j', (script, ...expected) => {
    const { problems, ...rest } = read(script)
    expect(calls({ problems, ...rest })).toEqual(expected)
    expect(problems).toEqual([])
  })

  it('leave to others what they hand to another shell', () => {
    const { commands } = read('cmd /c "docker a"\npowershell -Command "docker b | more"\nstart "t" cmd /k docker c')
    expect(commands.map(({ words }) => words.map(shown).join('|'))).toEqual(['cmd|/c|docker a', 'powershell|-Command|docker b | more', 'cmd|/k|docker|c'])
  })

  it('that are quoted as a whole are scripts', () => {
    const source = 'call "docker run a^b"\nstart "" "docker compose up %X%"'
    const { nested } = read(source)
    expect(nested.map(({ shell, text }) => [shell, text.value])).toEqual([['cmd', 'docker run a^b'], ['cmd', 'docker compose up %X%']])
    expect(nested.map(({ holes }) => holes.map(hole => source.slice(...hole)))).toEqual([[], ['%X%']])
  })

  it('say no more than their name if they only print', () => {
    expect(read('@echo off').commands.map(({ words }) => words.map(shown))).toEqual([['echo']])
  })
})

describe('variables', () => {
  const delayed = 'setlocal EnableDelayedExpansion\n'
  it.each<[script: string, ...calls: string[]]>([
    ['set D=nat\ndocker %D% %d% "%D%"', 'nat|nat|nat'],
    ['set "D=nat" & rem\ndocker %D%', 'nat'],
    ['set D="a b"\ndocker %D%', 'a b'],
    ['set D=a b\ndocker %D% "%D%" x%D%', 'a|b|a b|xa|b'],
    ['set "A=run --network host"\ndocker %A% img', 'run|--network|host|img'],
    ['set C=docker network create --ipv6 n\n%C%', 'network|create|--ipv6|n'],
    ['set D=nat & docker %D%', '?%D%'],
    ['set D=a^&b\ndocker "%D%"', 'a&b'],
    ['set D=a^&docker b\ndocker %D%', 'a', 'b'],
    ['set D=\ndocker a %D% "%D%"', 'a|'],
    ['set D = nat\ndocker "%D%" "%D %"', '?%D%| nat'],
    ['set D=abcdef\ndocker %D:~1,3% %D:~-2% %D:~,2% %D:~1,-1% %D:cd=X% %D:CD=% %D:*c=X%', 'bcd|ef|ab|bcde|abXef|abef|Xdef'],
    ['set A=x\nset A=%A%y\nset B=%A%%A%\ndocker %B%', 'xyxy'],
    ['set A=--name %1 --ip6\ndocker run %A% img', 'run|--name|?%1|--ip6|img'],
    ['set A=%1\ndocker run %A%', 'run|?%A%'],
    ['set /a N=4\nset /a M=%N%+1\ndocker %N% %M%', '4|?%M%'],
    ['set D=a\nset /p D=name?\ndocker %D%', '?%D%'],
    ['set D=a\nset %1\ndocker %D%', '?%D%'],
    // Branches
    ['if x==y set D=a\ndocker %D%', '?%D%'],
    ['if not defined D set D=a\ndocker %D%', '?%D%'],
    ['if x==y (set D=a) else (set D=a)\ndocker %D%', 'a'],
    ['if x==y (set D=a) else (set D=b)\ndocker %D%', '?%D%'],
    ['set D=a\nif x==y set D=b\ndocker %D%', '?%D%'],
    ['set D=a\nif x==y (set D=b & exit /b)\ndocker %D%', 'a'],
    ['set D=a\nx && set D=b\ndocker %D%', '?%D%'],
    ['set D=a\nx | set D=b\ndocker %D%', 'a'],
    ['(\nset D=a\ndocker %D%\n)\ndocker %D%', '?%D%', 'a'],
    // Loops
    ['set D=a\nfor %%i in (b) do (\ndocker %D%\nset D=%%i\n)\ndocker %D%', 'a', '?%D%'],
    ['set D=a\n:loop\ndocker %D%\ngoto loop', 'a'],
    ['set D=a\n:loop\ndocker %D%\nset D=b\ngoto loop', '?%D%'],
    [':loop\nset D=a\ndocker %D%\nset D=b\nif x==y goto loop\ndocker %D%', 'a', 'b'],
    ['if x==y goto run\nset D=a\n:run\ndocker %D%', '?%D%'],
    ['set D=a\ngoto :%1\n:one\ndocker %D%\ngoto :eof\n:two\ndocker %D%', 'a', 'a'],
    ['set D=a\nset D=b\n:one\nset E=%D%\ndocker %E%\nset D=c\ngoto %1', '?%E%'],
    // Subroutines
    ['set D=a\ncall :sub\ngoto :eof\n:sub\ndocker %D%', 'a'],
    ['goto main\n:sub\ndocker %D%\nexit /b\n:main\nset D=a\ncall :sub\ndocker %D%', 'a', 'a'],
    ['set D=a\ncall :sub\ndocker %D%\ngoto :eof\n:sub\nset D=b\nexit /b', '?%D%'],
    ['set D=a\ncall :sub\nset D=b\ncall :sub\ngoto :eof\n:sub\ndocker %D%', '?%D%'],
    ['set D=a\ncall other.bat\ndocker %D%', '?%D%'],
    ['set D=a\ncall npm ci\ndocker %D%', 'a'],
    // setlocal
    ['set D=a\nsetlocal\nset D=b\ndocker %D%\nendlocal\ndocker %D%', 'b', 'a'],
    ['set D=a\nendlocal\ndocker %D%', '?%D%'],
    ['setlocal\nset D=a\nendlocal & set D=%D%\ndocker %D%', 'a'],
    // Delayed expansion
    [delayed + 'set D=a b\ndocker !D! "!D!" ^^!D^^! %D%', 'a|b|a b|!D!|a|b'],
    [delayed + 'docker !D! !D:a=b! x!', '?!D!|?!D:a=b!|x'],
    [delayed + '(\nset D=a\ndocker !D! %D%\n)', 'a|?%D%'],
    [delayed + 'set D=a\nfor %%i in (b) do (\ndocker !D!\nset D=%%i\ndocker !D!\n)', '?!D!', '?!D!'],
    [delayed + 'for %%i in (b) do (\nset D=c\ndocker !D! !D%%i!\n)', 'c|?!D%%i!'],
    [delayed + 'set D=a\ncall docker %%D%%\nendlocal\ndocker !D!', 'a', '!D!'],
    [delayed + 'set D=a\nset A=!D! -v\ndocker !A! x', 'a|-v|x']
  ])('%j', (script, ...expected) => {
    expect(calls(read(script))).toEqual(expected)
  })

  it('do not grow for ever', () => {
    const { commands } = read('set A=aaaaaaaa\n' + 'set A=%A%%A%\n'.repeat(200) + 'docker %A%')
    expect(commands.at(-1)!.words.map(shown)).toEqual(['docker', '?%A%'])
  })
})

/** Parts of the script between ⟦ and ⟧, and the script without the marks. */
function unmark(marked: string): { source: string; parts: string[] } {
  return { source: marked.replace(/[⟦⟧]/g, ''), parts: Array.from(marked.matchAll(/⟦([^⟧]*)⟧/g), ([, part]) => part!) }
}

describe('ranges', () => {
  it.each<[script: string, word: string]>([
    ['docker run ⟦--ip6⟧ x', '--ip6'],
    ['docker run ⟦"--ip6"⟧ x', '--ip6'],
    ['docker run ⟦--i^p6⟧ x', '--ip6'],
    ['docker run ⟦^--ip6⟧ x', '--ip6'],
    ['docker run ^\n  ⟦--ip^\n6⟧ x', '--ip6'],
    ['set A=run --ip6 x\r\ndocker ⟦%A%⟧', '--ip6'],
    ['docker run ⟦"--name=%X%"⟧ --ip6', '--name=%X%'],
    ["for /f %%i in ('docker run ⟦--ip6⟧ x ^| more') do echo", '--ip6'],
    ['start "a b" /wait docker run ⟦-"-ip6"⟧ x', '--ip6']
  ])('%j: the word %j', (marked, value) => {
    const { source, parts } = unmark(marked)
    const words = read(source).commands.filter(callsDocker).flatMap(command => command.words)
    expect(words.filter(({ text }) => text.value === value).map(({ text }) => source.slice(...text.whole))).toEqual(parts)
  })

  it('are those of the file, whatever the script is nested in', () => {
    const file = Text.file('run: |\n    docker run ^\n      --ip6 x\n')
    const lines: [string, number, number][] = [['docker run ^\n', 11, 24], ['  --ip6 x\n', 28, 38]]
    const [command] = readCmd(file.decode(lines, [6, 38])).commands
    expect(command!.words.map(({ text }) => file.value.slice(...text.whole))).toEqual(['docker', 'run', '--ip6', 'x'])
    expect(file.value.slice(...command!.range)).toBe('docker run ^\n      --ip6 x')
  })

  it('of a command take in all of its words', () => {
    const source = 'if a==b (call docker run 2>nul "x y" ) else @docker ps'
    expect(read(source).commands.map(({ range }) => source.slice(...range))).toEqual(['docker run 2>nul "x y"', 'docker ps'])
  })

  it('of holes', () => {
    const source = 'docker run a%X%b"%Y:~0,1% %1"'
    const { text, holes } = read(source).commands[0]!.words[2]!
    expect(holes!.map(hole => source.slice(...text.range(...hole)))).toEqual(['%X%', '%Y:~0,1%', '%1'])
    expect(holes!.map(hole => text.value.slice(...hole))).toEqual(['%X%', '%Y:~0,1%', '%1'])
  })

  it('of comments', () => {
    const source = '@rem  a b \r\n:: c\n  docker ps & rem d\nREM\n:label\n'
    expect(read(source).comments.map(({ value }) => value)).toEqual(['rem  a b ', ':: c', 'rem d', 'REM'])
  })
})

describe('guards', () => {
  /** Each docker command with what its guards say and where they say it. */
  const guarded = (source: string): unknown[] =>
    read(source).commands.filter(callsDocker).map(({ words, guards }) => [words[1]!.text.value, ...guards.map(({ holds, range }) => [holds, source.slice(...range)])])

  const windows = '"%OS%"=="Windows_NT"'
  it.each<[script: string, commands: unknown[]]>([
    [`if ${windows} docker a`, [['a', [true, windows]]]],
    [`if ${windows} (docker a) else docker b\ndocker c`, [['a', [true, windows]], ['b', [false, windows]], ['c']]],
    [`if not ${windows} docker a`, [['a', [false, 'not ' + windows]]]],
    [`if not ${windows} goto :eof\ndocker a`, [['a', [true, 'not ' + windows]]]],
    [`if not ${windows} exit /b 1\nif x==y docker a`, [['a', [true, 'not ' + windows]]]],
    [`if not ${windows} goto end\ndocker a\n:end\ndocker b`, [['a', [true, 'not ' + windows]], ['b']]],
    ['if /i %OS% neq windows_nt docker a', [['a', [false, '/i %OS% neq windows_nt']]]],
    ['if "%OS%"=="x" docker a', [['a']]],
    ['if "%X%"=="Windows_NT" docker a', [['a']]]
  ])('%j', (script, expected) => {
    expect(guarded(script)).toEqual(expected)
  })
})

describe('problems', () => {
  it.each<[script: string, message: RegExp, ...calls: string[]]>([
    ['(⟦(⟧docker a\ndocker b', /never closed/, 'a', 'b'],
    ['if ⟦x⟧\ndocker a', /condition/, 'a'],
    ['if ⟦a docker⟧ run\ndocker a', /condition/, 'a'],
    ['⟦for %%i do docker a⟧\ndocker b', /not a loop/, 'b'],
    ['⟦for %%i⟧ in (x) docker a\ndocker b', /without do/, 'a', 'b'],
    ['⟦for %%i⟧ in (x do docker a\ndocker b', /without do/, 'b'],
    ['(docker run (n)⟦)⟧\ndocker ps', /after the end of a block/, 'run|(n', 'ps'],
    ['(docker a) ⟦docker b⟧\ndocker c', /after the end of a block/, 'a', 'c'],
    [`${'('.repeat(200)}⟦(docker a⟧\n${')'.repeat(200)}\ndocker b`, /too deeply/, 'b']
  ])('%j', (marked, message, ...expected) => {
    const { source, parts } = unmark(marked)
    const script = read(source)
    expect(script.problems.map(problem => source.slice(...problem.range))).toEqual(parts)
    expect(script.problems.map(problem => problem.message).join()).toMatch(message)
    expect(calls(script)).toEqual(expected)
  })
})

describe('what cmd called when it ran a script', () => {
  interface Recording {
    readonly id: number
    readonly script: string
    readonly calls: readonly (readonly string[])[]
  }

  /** Scripts whose calls depend on what a reader does not know, and what it reads instead. */
  const differing: Record<number, { because: string; read: string[] }> = {
    243: { because: 'the environment may define D', read: ['network|create|-d|?%D%|n'] },
    254: { because: 'both branches are read, whatever the condition says', read: ['network|create|n', 'network|create|m'] },
    258: { because: 'both branches are read, whatever the condition says', read: ['network|inspect|n', 'network|create|n'] },
    259: { because: 'both branches are read, whatever the condition says', read: ['network|inspect|n', 'network|create|n'] },
    260: { because: 'the variable of a loop has several values', read: ['network|create|-d|?%%d|?n_%%d'] },
    261: { because: 'the variable of a loop has several values', read: ['network|create|?n%%i'] },
    263: { because: 'the variables of a loop have several values', read: ['network|create|-d|?%%a|?%%b'] },
    266: { because: 'the command in quotes is for another reading', read: [] },
    267: { because: 'the arguments of a subroutine differ from call to call', read: ['network|create|-d|?%1|?%2'] },
    281: { because: 'the variable of a loop has several values', read: ['network|create|-d|?!X!|n'] },
    282: { because: 'the environment may define X', read: ['network|create|-d|?%X%|n'] }
  }

  const recordings = readFileSync(new URL('fixtures/shell/cmd.jsonl', import.meta.url), 'utf8').trim().split('\n').map(line => JSON.parse(line) as Recording)

  it.each(recordings)('$id: $script', ({ id, script, calls: recorded }) => {
    const reading = read(script)
    expect(reading.problems).toEqual([])
    expect(calls(reading)).toEqual(differing[id]?.read ?? recorded.map(words => words.join('|')))
  })
})

describe('for any script', () => {
  const letters = 'abc012-=/\\.:%&|<>^()!,; \t\'{}$é'
  const argument = fc.string({ unit: fc.constantFrom(...letters), maxLength: 12 })

  /** An argument in quotes: a backslash before a quote is doubled, and a percent sign. */
  const quoted = (value: string): string => `"${value.replace(/\\+$/, '$&$&').replaceAll('%', '%%')}"`
  /** An argument with a caret before every character; a blank must be in quotes, and those too have carets. */
  const escaped = (value: string): string => quoted(value).replace(/[^%]/g, '^$&')

  it('quotes and carets do not change what a program receives', () => {
    fc.assert(fc.property(fc.array(fc.tuple(argument, fc.boolean()), { maxLength: 6 }), values => {
      const source = ['docker', ...values.map(([value, quote]) => (quote ? quoted(value) : escaped(value)))].join(' ') + ' & docker ps'
      const [first, second] = read(source).commands
      expect(first!.words.slice(1).map(shown)).toEqual(values.map(([value]) => value))
      expect(second!.words.map(shown)).toEqual(['docker', 'ps'])
    }))
  })

  const plainWord = fc.string({ unit: fc.constantFrom(...'abz09-=./:,;_{}@\\é'), minLength: 1, maxLength: 10 }).filter(word => !/^[,;=@:]/.test(word))

  it('plain words slice back', () => {
    fc.assert(fc.property(fc.array(plainWord, { minLength: 1, maxLength: 8 }), fc.constantFrom(' ', '  ', '\t', ' ^\n ', ' ^\r\n\t'), (words, blank) => {
      const source = `@docker ${words.join(blank)} >nul\r\n`
      const read = readCmd(Text.file(source)).commands[0]!.words.slice(1)
      expect(read.map(({ text }) => text.value)).toEqual(words)
      expect(read.map(({ text }) => source.slice(...text.whole))).toEqual(words)
    }))
  })

  it('a variable is as good as its value', () => {
    fc.assert(fc.property(fc.array(plainWord, { minLength: 1, maxLength: 5 }), words => {
      const value = words.join(' ')
      const expected = calls(read(`docker ${value} x`))
      expect(calls(read(`set V=${value}\ndocker %V% x`))).toEqual(expected)
      expect(calls(read(`setlocal enabledelayedexpansion\nset "V=${value}"\ndocker !V! x`))).toEqual(expected)
    }))
  })

  it('nothing throws, and every range lies in the file', { timeout: 600_000 }, () => {
    const seeds = [
      '@echo off\r\nsetlocal EnableDelayedExpansion\r\nset "A=run --network host"\r\nif "%OS%"=="Windows_NT" (docker %A% img) else goto :eof\r\n:l\r\n',
      "for /f \"usebackq tokens=*\" %%i in (`docker ps ^| more`) do (call :l %%~nxi & docker rm !X:a=b! 2>nul\n) else (\n",
      'start "t" /wait docker run ^\n  -v "C:\\a b\\" ${{ x }} %~dp0 %X:~1,2% %* ""a"" & rem b\ncall docker %%A%%\n',
      ':: a ^\nset /a B=1,C+=2\nset /p D=<x\nendlocal & set E=%E%%E%\ngoto %1\nexit /b || if not defined X (echo.(x)\n'
    ]
    const fragments = ['%', '%%', '!', '^', '"', '(', ')', '&', '|', '>', '<', '\n', '\r\n', ' ', '=', ':', '~', 'if ', 'else ', 'for ', ' in ', ' do ', 'set ', 'call ', 'goto ', ':l', 'rem ', '/f ', '${{', '}}', "'", '\\', '@', '%%i']
    const until = Date.now() + Number(process.env['FUZZ_SECONDS'] ?? 2) * 1000
    let seed = 1
    const random = (below: number): number => (seed = (seed * 1103515245 + 12345) & 0x7fffffff) % below
    for (let round = 0; Date.now() < until || round < 50; round++) {
      let source = Array.from({ length: 1 + random(3) }, () => seeds[random(seeds.length)]).join('')
      for (let edits = random(12); edits >= 0; edits--) {
        const at = random(source.length + 1)
        source = source.slice(0, at) + (random(3) === 0 ? '' : fragments[random(fragments.length)]!.repeat(1 + random(3))) + source.slice(at + random(8))
      }
      const { commands, nested, problems, comments } = read(source)
      const words = commands.flatMap(command => command.words)
      const ranges = [
        ...words.map(word => word.text.whole), ...commands.map(({ range }) => range), ...commands.flatMap(({ guards }) => guards.map(({ range }) => range)),
        ...nested.map(({ text }) => text.whole), ...nested.flatMap(({ holes }) => holes), ...problems.map(({ range }) => range), ...comments.map(({ whole }) => whole)
      ]
      for (const [start, end] of ranges) if (!(start >= 0 && start <= end && end <= source.length)) expect.fail(JSON.stringify({ source, start, end }))
      // What is inserted for variables is bounded, and so is all work with it.
      if (words.length > 65_536 + 16 * source.length) expect.fail(JSON.stringify({ source, words: words.length }))
      for (const { known, holes } of words) if (known !== (holes === undefined)) expect.fail(JSON.stringify(source))
    }
  })

  const size = 20_000
  it.each<[name: string, script: string]>([
    ['parentheses', '('.repeat(size)],
    ['open blocks', '(\n'.repeat(size)],
    ['conditions', 'if a==b '.repeat(size)],
    ['branches', 'if a (b) else '.repeat(size)],
    ['loops', 'for %%i in (a) do '.repeat(size)],
    ['open loops', 'for %%i in (a\n'.repeat(size)],
    ['calls', 'call '.repeat(size)],
    ['options', 'start /b '.repeat(size)],
    ['operators', 'a&'.repeat(size)],
    ['redirections', '>a '.repeat(size)],
    ['carets', '^\n'.repeat(size)],
    ['quotes', 'a "'.repeat(size)],
    ['backslashes', 'a ' + '\\'.repeat(size)],
    ['percent signs', '%a%b '.repeat(size)],
    ['exclamation marks', 'setlocal enabledelayedexpansion\na ' + '!a'.repeat(size)],
    ['modifiers', 'for %%i in (a) do a ' + '%%~$d'.repeat(size)],
    ['expressions', '${{'.repeat(size)],
    ['assignments', 'set A=b\n'.repeat(size / 4)],
    ['growing values', 'set A=aaaaaaaa\n' + 'set A=%A%%A%\n'.repeat(size / 4)],
    ['arithmetic', 'set /a ' + 'a=1,'.repeat(size)],
    ['labels', Array.from({ length: size / 10 }, (_, n) => `:l${n}\nset a${n}=${n}\nif x goto l${(n * 7919) % (size / 10)}\n`).join('')]
  ])('%s take time in proportion', (_name, script) => {
    const started = process.cpuUsage()
    read(script)
    expect(process.cpuUsage(started).user).toBeLessThan(5_000_000)
  })
})
