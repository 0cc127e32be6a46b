import { describe, expect, it } from 'vitest'
import ansible from '../src/languages/ansible.ts'
import { Embedding } from './embedding.ts'

const playbooks = new Embedding(ansible, 'roles/a/tasks/main.yml')

const nestings: (readonly [string, string])[] = [
  ['win_shell', '- name: a\n  win_shell: docker run ⟦--network host⟧ x\n'],
  ['its full name', '- name: a\n  ansible.windows.win_shell: docker run ⟦--network host⟧ x\n'],
  ['a block', '- name: a\n  win_shell: |\n    docker run `\n      ⟦--network host⟧ x\n'],
  ['a folded block', '- name: a\n  shell: >\n    docker run\n    ⟦--network host⟧\n    x\n'],
  ['quotes', `- name: a\n  win_command: "docker run ⟦--network \\"host\\"⟧ x"\n- name: b\n  command: 'docker run ⟦--network host⟧ x'\n`],
  ['raw', '- name: a\n  raw: docker run ⟦--network host⟧ x\n'],
  ['cmd', '- name: a\n  command:\n    cmd: docker run ⟦--network host⟧ x\n'],
  ['beside Jinja', '- name: a\n  win_shell: docker run --name {{ name | default("a b") }} ⟦--network host⟧ {{ image }}:{{ tag }}\n'],
  ['a play', '- hosts: all\n  tasks:\n    - name: a\n      win_shell: docker run ⟦--network host⟧ x\n  handlers:\n    - win_shell: docker run ⟦--network host⟧ y\n'],
  ['blocks', '- block:\n    - block:\n        - name: a\n          win_shell: docker run ⟦--network host⟧ x\n  rescue:\n    - win_shell: docker run ⟦--network host⟧ y\n'],
  ['a condition', "- name: a\n  raw: docker run ⟦--network host⟧ x\n  when: ansible_os_family == 'Windows' and a\n- name: b\n  raw: docker run --network host x\n  when:\n    - a\n    - ansible_facts['os_family'] != \"Windows\"\n"],
  ['a condition of a block', "- when: ansible_os_family == 'Debian'\n  block:\n    - name: a\n      raw: docker run --network host x\n- name: b\n  raw: docker run ⟦--network host⟧ x\n  when: ansible_os_family != 'Debian'\n"],
  ['a shell in the shell', `- name: a\n  win_shell: cmd /c "docker run ⟦--network host⟧ x"\n`],
  ['flow', '- {name: a,\n   win_shell: docker run ⟦--network host⟧ x}\n']
]

describe('playbooks of Ansible', () => {
  it.each(nestings)('%s', async (_, marked) => {
    expect(await playbooks.marked(marked)).toBe(marked)
    const crlf = marked.replaceAll('\n', '\r\n')
    expect(await playbooks.marked(crlf)).toBe(crlf)
  })

  it.each([
    ['messages', '- name: docker run --network host x\n  debug:\n    msg: docker run --network host x\n- name: b\n  shell: echo docker run --network host x\n'],
    ['what is computed', '- name: a\n  win_shell: docker run --network {{ network }} {{ options }} x\n- name: b\n  shell: docker run --network {% if a %}host{% endif %} x\n'],
    ['a file that is written', '- name: a\n  copy:\n    content: docker run --network host x\n    dest: a.sh\n'],
    ['other lists', '- script: docker run --network host x\n- shell: docker run --network host x\n  image: y\n'],
    ['a workflow', 'jobs:\n  a:\n    steps:\n      - name: b\n        shell: bash\n        run: docker run --network host x\n']
  ])('not %s', async (_, source) => {
    expect(await playbooks.found(source)).toEqual([])
  })

  it('tells systems by modules', async () => {
    const task = (module: string): string => `- name: a\n  ${module}: docker run --network host x\n`
    const counts = await Promise.all(['win_shell', 'win_command', 'shell', 'command', 'raw'].map(async module => (await playbooks.lint(task(module), { platform: 'auto' })).diagnostics.length))
    expect(counts).toEqual([1, 1, 0, 0, 0])
  })
})
