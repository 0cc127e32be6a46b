import { afterAll, describe, expect, it } from 'vitest'
import { Workspace } from './workspace.ts'

const workspace = new Workspace()
afterAll(() => workspace.remove())

/** `container_name` is dropped by `docker stack deploy` alone. */
const compose = 'services:\n  web:\n    image: x\n    container_name: web\n    networks: [lan]\nnetworks:\n  lan: {name: lan}\n'
const found = ['compose.yaml:4:5-4:24 warning unsupported-swarm-option']

describe('a compose file', () => {
  it.each<[what: string, files: Record<string, string>, found: string[]]>([
    ['that nobody reads is for docker compose', {}, []],
    ['is a stack file where a script deploys it', { 'a.sh': 'docker stack deploy -c compose.yaml web\n' }, found],
    ['is one wherever the script stands in the order of files', { 'z/up.ps1': 'docker stack deploy --compose-file ../compose.yaml web\n' }, found],
    ['is one in a workflow', { '.github/workflows/a.yml': 'on: push\njobs:\n  a:\n    runs-on: windows-2022\n    steps:\n      - run: docker stack deploy -c compose.yaml web\n' }, found],
    ['is for docker compose where both read it', { 'a.sh': 'docker stack deploy -c compose.yaml web\n', 'b.sh': 'docker compose -f compose.yaml up\n' }, []],
    ['is judged with what others know of it', { 'a.sh': 'docker stack deploy -c compose.yaml web\n', 'c.sh': 'docker swarm init\n' }, found]
  ])('%s', async (what, files, expected) => {
    const place = what.replaceAll(' ', '-')
    for (const [path, text] of Object.entries({ 'compose.yaml': compose, ...files })) workspace.write(`${place}/${path}`, text)
    const { stdout } = await workspace.porthole(['.', '--format', 'compact', '--quiet', '--fail-on', 'warning'], { in: place })
    const all = await workspace.porthole(['.', '--format', 'compact'], { in: place })
    expect(stdout).toBe('')
    expect(all.stdout.split('\n').filter(line => line.includes('unsupported-swarm-option')).map(line => line.split(' ').slice(0, 3).join(' '))).toEqual(expected)
  })
})
