import fc from 'fast-check'
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { dockerProgram, longCommand, parseDockerCommand, readDockerInvocation, type DockerFlag, type DockerInvocation, type DockerParse, type DockerWord } from '../src/docker-cli.ts'
import schema from '../schemas/docker-cli.json' with { type: 'json' }

interface Vector { argv: string[]; exit: number; parse?: DockerParse; error?: string }

const lines = readFileSync(new URL('fixtures/docker-cli/vectors.jsonl', import.meta.url), 'utf8').trim().split('\n')
const vectors = lines.map((line) => JSON.parse(line) as Vector)

describe('command lines recorded from the real CLI', () => {
  test('read the same', () => {
    const read = vectors.filter(({ parse }) => parse !== undefined)
    expect(read.length).toBeGreaterThan(1400)
    expect(read.map(({ argv }) => parseDockerCommand(argv))).toEqual(read.map(({ parse }) => parse))
  })

  test('are refused in the same words, or not at all', () => {
    const answered = vectors.filter(({ parse }) => parse === undefined)
    expect(answered.length).toBeGreaterThan(0)
    const refusals = answered.map(({ argv }) => [argv, parseDockerCommand(argv).error])
    expect(refusals).toEqual(answered.map(({ argv, error }) => [argv, error]))
  })

  // In a script, `docker build` may be buildx's, whose flags the classic builder refuses.
  const isBuildxFlag = (error: string): boolean => /^unknown (shorthand )?flag: (--(load|push|secret|ssh|output|progress|provenance|sbom|attest|cache-to|builder|allow|check|debug|call|annotation|build-context|metadata-file|no-cache-filter)\b|'o')/.test(error)

  test('are refused as calls in a script too', () => {
    const refused = vectors.filter(({ parse }) => parse?.error !== undefined && parse.command !== 'docker' && !parse.error.includes('experimental') && !parse.flags?.some(([name]) => name === 'help') && !isBuildxFlag(parse.error))
    expect(refused.length).toBeGreaterThan(70)
    const messages = refused.map(({ argv }) => [argv, readDockerInvocation(known(argv))?.error?.message.split('\n', 1)[0]])
    expect(messages).toEqual(refused.map(({ argv, parse }) => [argv, parse!.error!.split('\n', 1)[0]]))
  })

  test('read the same as calls in a script', () => {
    const accepted = vectors.filter(({ parse }) => parse !== undefined && parse.error === undefined && parse.command !== 'docker')
    const calls = accepted.map(({ argv }) => {
      const { command, flags, args } = readDockerInvocation(known(argv))!
      return [`docker ${command}`, flags.map(({ name, value }) => [name, value]), args.map((word) => argv[word])]
    })
    expect(calls).toEqual(accepted.map(({ parse }) => [parse!.command, parse!.flags ?? [], parse!.args ?? []]))
  })
})

/**
 * What a call reads as: its command, its flags as `name=value`, its arguments, what is refused and where, and a final
 * `…` if there may be more. Names and values are cut out of the words where the reader says that they stand.
 */
function show(words: readonly DockerWord[], call: DockerInvocation | undefined): string | undefined {
  if (call === undefined) return undefined
  const cut = (word: number, start = 0, end?: number): string => words[word]!.value.slice(start, end)
  const flag = ({ name, value, word, nameStart, nameEnd, valueWord, valueStart, valueEnd }: DockerFlag): string => {
    const written = valueWord === undefined ? '' : `=${cut(valueWord, valueStart, valueEnd)}`
    if (value !== undefined && valueWord !== undefined) expect(written).toBe(`=${value}`)
    return `{${name}: ${cut(word, nameStart, nameEnd)}${written}${value === undefined ? '?' : ''}}`
  }
  const path = call.commandWords.map((word) => cut(word)).join(' ')
  const error = call.error === undefined ? [] : [`!${cut(call.error.word)}: ${call.error.message.split('\n', 1)[0]}`]
  return [...call.globals.map(flag), `${path}>${call.command}`, ...call.flags.map(flag), ...call.args.map((word) => cut(word)), ...error, ...(call.incomplete ? ['…'] : [])].join(' ')
}

function known(values: readonly string[]): DockerWord[] {
  return values.map((value) => ({ value, known: true }))
}

/** Words as a test writes them: with `$` they are not known, and in double quotes they are one word for certain. */
function wordsOf(source: string): DockerWord[] {
  return source.split(' ').filter(Boolean).map((text) => {
    const value = text.replace(/^"(.*)"$/, '$1')
    return { value, known: !value.includes('$'), single: value !== text }
  })
}

describe('readDockerInvocation', () => {
  test.each([
    // where flags and values stand
    ['network create --ipv6 n', 'network create>network create {ipv6: --ipv6} n'],
    ['run --network host img', 'run>run {network: --network=host} img'],
    ['run --network=host img', 'run>run {network: --network=host} img'],
    ['run -p 80:80 img', 'run>run {publish: -p=80:80} img'],
    ['run -p80:80 img', 'run>run {publish: -p=80:80} img'],
    ['run -p=80:80 img', 'run>run {publish: -p=80:80} img'],
    ['run -itp80:80 img', 'run>run {interactive: i} {tty: t} {publish: p=80:80} img'],
    ['run -dp 80:80 img', 'run>run {detach: d} {publish: p=80:80} img'],
    ['run --net host img', 'run>run {net: --net=host} img'],
    ['network create --internal=false n', 'network create>network create {internal: --internal=false} n'],
    ['run -h name img', 'run>run {hostname: -h=name} img'],
    // where flags end
    ['run -d img --ip6 x', 'run>run {detach: -d} img --ip6 x'],
    ['run -- img -d', 'run>run img -d'],
    ['network create n --ipv6', 'network create>network create {ipv6: --ipv6} n'],
    ['network create -- --ipv6', 'network create>network create --ipv6'],
    ['-H tcp://x run -d img', '{host: -H=tcp://x} run>run {detach: -d} img'],
    // names and aliases
    ['container run -d img', 'container run>container run {detach: -d} img'],
    ['container ps -a', 'container ps>container ls {all: -a}'],
    ['network remove n', 'network remove>network rm n'],
    ['stack up -c f s', 'stack up>stack deploy {compose-file: -c=f} s'],
    ['stack ls --orchestrator x', 'stack ls>stack ls {orchestrator: --orchestrator=x}'],
    ['network', 'network>network'],
    // what is refused, and where
    ['network create', 'network create>network create !create: docker: \'docker network create\' requires 1 argument'],
    ['network create a b', 'network create>network create a b !b: docker: \'docker network create\' requires 1 argument'],
    ['network creat a', 'network>network creat a !creat: docker: unknown command: docker network creat'],
    ['network create --ipv6=x n', 'network create>network create {ipv6: --ipv6=x} n !--ipv6=x: invalid argument "x" for "--ipv6" flag: strconv.ParseBool: parsing "x": invalid syntax'],
    ['run --memory x img', 'run>run {memory: --memory=x} img !x: invalid argument "x" for "-m, --memory" flag: invalid size: \'x\''],
    ['network create --driver', 'network create>network create !--driver: flag needs an argument: --driver'],
    ['run --bogus --ip6=x img', 'run>run {ip6: --ip6=x} img !--bogus: unknown flag: --bogus …'],
    ['run --bogus x --ip6=x img', 'run>run !--bogus: unknown flag: --bogus …'],
    ['network create --bogus x --ipv6 n', 'network create>network create {ipv6: --ipv6} n !--bogus: unknown flag: --bogus …'],
    ['--bogus run img', '>undefined !--bogus: unknown flag: --bogus …'],
    ['network create --help', 'network create>network create {help: --help}'],
    // values computed at run time
    ['run --network $NET img', 'run>run {network: --network=$NET?} img'],
    ['run --network=$NET img', 'run>run {network: --network=$NET?} img'],
    ['run -p$PORT:80 img', 'run>run {publish: -p=$PORT:80?} img'],
    ['run -p ${A}:80 img', 'run>run {publish: -p=${A}:80?} img'],
    ['network create --ipv6=$ON n', 'network create>network create {ipv6: --ipv6=$ON?} n'],
    // words that may be anything
    ['network create $OPTS --ipv6 n', 'network create>network create {ipv6: --ipv6} n …'],
    ['network create $OPTS --bogus a b', 'network create>network create b …'],
    ['network create $NAME', 'network create>network create …'],
    ['network create "$NAME"', 'network create>network create $NAME'],
    ['network create "$NAME" n', 'network create>network create n …'],
    ['network connect "$NET" c', 'network connect>network connect $NET c'],
    ['run $OPTS --ip6 x img --rm', 'run>run {ip6: --ip6=x} img --rm …'],
    ['run --rm $IMAGE --version', 'run>run {rm: --rm} $IMAGE --version …'],
    ['run --rm "$IMAGE" --version', 'run>run {rm: --rm} $IMAGE --version'],
    ['run --rm $REGISTRY/img -d', 'run>run {rm: --rm} $REGISTRY/img -d'],
    ['run --rm img:$TAG -d', 'run>run {rm: --rm} img:$TAG -d'],
    ['run --$FLAG --ip6 x img', 'run>run {ip6: --ip6=x} img …'],
    ['run -it$MORE img', 'run>run {interactive: i} {tty: t} img …'],
    ['run --net$WORK img', 'run>run img …'],
    ['run img $ARGS', 'run>run img $ARGS'],
    // commands computed at run time
    ['$OPTS network create --ipv6 n', 'network create>network create {ipv6: --ipv6} n …'],
    ['$COMMAND --network host img', '>undefined …'],
    ['$ARGS', '>undefined …'],
    ['container $ACTION --rm img', 'container>undefined …'],
    // plugins
    ['compose -f a.yml -f b.yml up -d', 'compose up>compose up {file: -f=a.yml} {file: -f=b.yml} …'],
    ['compose --file=$FILE down', 'compose down>compose down {file: --file=$FILE?} …'],
    ['compose $COMMAND', 'compose>compose …'],
    ['buildx bake --network host .', 'buildx bake>buildx bake …'],
    ['scout quickview', '>undefined …'],
    // nothing to read
    ['', undefined],
    ['--version', undefined],
  ])('%s', (source, expected) => {
    const words = wordsOf(source)
    expect(show(words, readDockerInvocation(words))).toBe(expected)
  })

  test('docker-compose is compose', () => {
    const words = wordsOf('-f a.yml up')
    expect(show(words, readDockerInvocation(words, 'docker-compose'))).toBe('up>compose up {file: -f=a.yml} …')
  })

  test('takes the parts that are computed from whoever knows them', () => {
    const words = [...known(['run']), { value: '--name=a$b%c', known: false, holes: [[9, 10]] as const }, { value: 'price$', known: false, holes: [[0, 6]] as const }]
    expect(show(words, readDockerInvocation(words))).toBe('run>run {name: --name=a$b%c?} price$ …')
  })
})

const commands = schema.commands as unknown as Record<string, { like?: string; flags?: Record<string, { type: string; short?: string; check?: string }>; group?: boolean }>

test('a flag reads the same however its value is attached', () => {
  const flags = Object.entries(commands).flatMap(([command, { like, flags, group }]) =>
    command === '' || group ? [] : Object.entries(flags ?? commands[like!]!.flags!).flatMap(([name, { type, short }]) => (type === 'bool' ? [] : [{ command: command.split(' '), name, short }])))
  fc.assert(fc.property(fc.constantFrom(...flags), fc.string({ minLength: 1 }), ({ command, name, short }, value) => {
    const spellings = [[`--${name}`, value], [`--${name}=${value}`], ...(short === undefined ? [] : [[`-${short}`, value], [`-${short}=${value}`]])]
    if (short !== undefined && !value.startsWith('=')) spellings.push([`-${short}${value}`])
    const readings = spellings.map((words) => parseDockerCommand([...command, ...words]))
    expect(readings[0]!.flags).toEqual([[name, value]])
    for (const reading of readings) expect(reading).toEqual(readings[0])
    for (const words of spellings) {
      const all = known([...command, ...words])
      const { valueWord, valueStart, valueEnd } = readDockerInvocation(all)!.flags[0]!
      expect(all[valueWord!]!.value.slice(valueStart, valueEnd)).toBe(value)
    }
  }), { numRuns: 2000 })
})

test('no command line is too strange', () => {
  const word = fc.oneof(fc.constantFrom('run', 'network', 'create', 'compose', '--', '-', '--network', '-p', '$X', '--name=$X', '${', '-$', '""'), fc.string())
  fc.assert(fc.property(fc.array(word), fc.boolean(), (values, allKnown) => {
    parseDockerCommand(values)
    readDockerInvocation(values.map((value) => ({ value, known: allKnown || !value.includes('$') })))
  }), { numRuns: 2000 })
})

test('long command lines take no more than their length', () => {
  const many = Array.from({ length: 100_000 }, (_, index) => (index % 2 === 0 ? '-e' : `A${index}=b`))
  const long = ['0'.repeat(100_000) + '1x', ' '.repeat(100_000) + 'a b', '$('.repeat(50_000), '1.'.repeat(50_000), ',"'.repeat(50_000)]
  const start = performance.now()
  parseDockerCommand(['run', ...many, 'img'])
  readDockerInvocation([...known(['run']), ...many.map((value) => ({ value, known: false })), ...known(['img'])])
  for (const value of long) {
    for (const flag of ['memory', 'cpus', 'dns-search', 'mount', 'health-interval', 'network', 'ulimit', 'add-host', 'gpus']) parseDockerCommand(['run', `--${flag}=${value}`])
    parseDockerCommand(['build', '-t', value])
    readDockerInvocation([...known(['run']), { value, known: false }])
  }
  expect(performance.now() - start).toBeLessThan(3000)
})

test.each([
  ['docker', 'docker'], ['docker.exe', 'docker'], ['DOCKER.EXE', 'docker'], ['/usr/bin/docker', 'docker'], ['./docker', 'docker'],
  ['C:\\Program Files\\Docker\\docker.exe', 'docker'], ['C:\\Docker\\Docker', 'docker'], ['C:/Docker/docker.exe', 'docker'], ['"docker"', 'docker'],
  ['docker-compose', 'docker-compose'], ['"docker-compose"', 'docker-compose'], ["'docker-compose'", 'docker-compose'], ['docker-compose.exe', 'docker-compose'], ['Docker-Compose.exe', 'docker-compose'],
  ['docker-machine', undefined], ['dockerd', undefined], ['dockerd.exe', undefined], ['contrail-windows-docker.exe', undefined], ['xdocker', undefined], ['docker/', undefined], ['docker.sh', undefined],
  ['Docker', undefined], ['', undefined], ['docker-compose.yml', undefined], ['/docker/run.sh', undefined],
])('dockerProgram(%j) is %j', (word, program) => {
  expect(dockerProgram(word)).toBe(program)
})

test('short commands have a long form', () => {
  expect(['run', 'build', 'builder build', 'ps', 'rmi', 'network create'].map(longCommand)).toEqual(['container run', 'image build', 'image build', 'container ls', 'image rm', 'network create'])
})
