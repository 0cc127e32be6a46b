import { describe, expect, it } from 'vitest'
import { diagnosticsOf, lintText, type Lintable } from './linting.ts'
import { mark, unmark } from './marked.ts'

/** Lints marked text and marks what was found in it, once each. */
async function markedFindings(marked: string, options: Omit<Lintable, 'source'> = {}): Promise<string> {
  const { source } = unmark(marked)
  const found = await diagnosticsOf({ ...options, source })
  return mark(source, [...new Map(found.map(({ range }) => [range.join(), range])).values()])
}

const service = (body: string): string => `services:\n  web:\n    image: x\n${body.replace(/^/gm, '    ')}\n`

describe('a finding stands exactly at what asks for it', () => {
  it.each([
    ['plain', service('⟦privileged: true⟧')],
    ['quoted', service('⟦privileged: "true"⟧')],
    ['with a comment', service('⟦privileged: true⟧ # really')],
    ['in a flow map', 'services: {web: {image: x, ⟦privileged: true⟧}}\n'],
    ['in JSON', '{"services": {"web": {"image": "x", ⟦"privileged": true⟧}}}\n'],
    ['with a block scalar', service('⟦network_mode: |-\n  host⟧').replace('⟦network', '⟦network')],
    ['folded', service('⟦network_mode: >-\n  host⟧')],
    ['with escapes', service('⟦network_mode: "h\\u006Fst"⟧')],
    ['with a variable that has a default', service('⟦network_mode: ${MODE:-host}⟧')],
    ['with a nested default', service('⟦network_mode: ${MODE:-${OTHER-host}}⟧')],
    ['in an item', service('cap_add:\n  - ⟦NET_ADMIN⟧\n  - ⟦"SYS_TIME"⟧')],
    ['part of an item', service('ports:\n  - "⟦127.0.0.1⟧:80:80"\n  - ⟦10.0.0.1⟧:81:81/tcp')],
    ['a map', service('⟦ulimits⟧:\n  nofile: 5')],
    ['in the first version', 'web:\n  image: x\n  ⟦net: host⟧\n'],
    ['with tabs between', 'services:\n  web:\n    image:\tx\n    ⟦privileged:\ttrue⟧'],
    ['without a final newline', 'services:\n  web:\n    image: x\n    ⟦privileged: true⟧'],
    ['after astral characters', service('labels: {a: "😀"}\n⟦privileged: true⟧')],
    ['in the second document', `${service('privileged: false')}---\nservices:\n  db:\n    image: y\n    ⟦privileged: true⟧\n`]
  ])('%s', async (_, marked) => {
    expect(await markedFindings(marked)).toBe(marked)
    const crlf = marked.replaceAll('\n', '\r\n')
    expect(await markedFindings(crlf)).toBe(crlf)
  })

  it.each([
    ['alias', 'x-mode: &mode ⟦host⟧\nservices:\n  web:\n    image: x\n    network_mode: *mode\n', 'network_mode: *mode'],
    ['merge key', 'x-base: &base\n  ⟦privileged: true⟧\nservices:\n  web:\n    <<: *base\n    image: x\n', '*base'],
    ['list of merge keys', 'x-a: &a {init: false}\nx-b: &b {⟦privileged: true⟧}\nservices:\n  web:\n    <<: [*a, *b]\n    image: x\n', '*b'],
    ['merge of a merge', 'x-a: &a {⟦privileged: true⟧}\nx-b: &b\n  <<: *a\nservices:\n  web:\n    <<: *b\n    image: x\n', '*b'],
    ['aliased list', 'x-caps: &caps [⟦NET_ADMIN⟧]\nservices:\n  web:\n    image: x\n    cap_add: *caps\n', '*caps']
  ])('at what is written, through an %s, with the place that uses it', async (_, marked, use) => {
    const { source } = unmark(marked)
    const found = await diagnosticsOf({ source })
    expect(await markedFindings(marked)).toBe(marked)
    expect(found[0]!.related.map(({ range }) => source.slice(...range))).toEqual([use])
  })

  it('reports what several services share once, with all of them', async () => {
    const [finding, ...others] = await diagnosticsOf({ source: 'x-a: &a {privileged: true}\nservices:\n  a:\n    <<: *a\n    image: x\n  b:\n    <<: *a\n    image: x\n' })
    expect(others).toEqual([])
    expect(finding!.related).toHaveLength(2)
  })
})

describe('what is not asked for is not reported', () => {
  it.each([
    ['switched off', service('privileged: false\nread_only: "false"\ninit: false')],
    ['reset', service('privileged: !reset true\ncap_add: !reset []')],
    ['overridden by a merge target', 'x-a: &a {privileged: true}\nservices:\n  web:\n    <<: *a\n    privileged: false\n    image: x\n'],
    ['an extension', 'x-web:\n  privileged: true\nservices:\n  x-template:\n    privileged: true\n  web:\n    image: x\n'],
    ['a dollar that is none of a variable', service('command: echo $(date) $ 5$\nhostname: "$$HOST"')],
    ['unknown', service('network_mode: ${MODE}\nprivileged: $PRIVILEGED')],
    ['a network that only bears the name', service('networks: [internal, host]').concat('networks:\n  internal:\n  host: {driver: nat}\n')],
    ['any address of the host', service('ports: ["0.0.0.0:80:80", "[::]:81:81", "82:82", "8000-8002:80-82"]')],
    ['publishing in host mode', service('ports:\n  - mode: host\n    target: 80\n    published: 8080')],
    ['no driver', service('networks: [a]').concat('networks:\n  a:\n')],
    ['the predefined network', service('networks: [default]').concat('networks:\n  default:\n    external:\n      name: nat\n')]
  ])('%s', async (_, source) => {
    expect((await diagnosticsOf({ source })).map(({ feature, severity }) => `${severity} ${feature}`)).toEqual([])
  })

  it('knows what `.env` says', async () => {
    const source = service('network_mode: ${MODE}')
    expect(await diagnosticsOf({ source, environment: { MODE: 'host' } })).toMatchObject([{ rule: 'no-host-network' }])
    expect(await diagnosticsOf({ source, environment: { MODE: 'none' } })).toEqual([])
  })
})

describe('what is recognised as compose', () => {
  it.each([
    ['compose.yaml', 'services: {a: {image: x}}', 'compose'],
    ['docker-compose.override.yml', 'services: {a: {ports: ["80:80"]}}', 'compose'],
    ['app/v4.yml', 'version: "3"\nservices:\n  a:\n    image: x\n', 'compose'],
    ['v4.yml', 'services:\n  a:\n    environment: {B: c}\n', undefined],
    ['playbook.yml', '- hosts: all\n  tasks:\n    - docker_container: {image: x}\n', undefined],
    ['template.yml', 'AWSTemplateFormatVersion: "2010-09-09"\nservices:\n  a:\n    image: x\n', undefined],
    ['swagger.yml', 'swagger: "2.0"\nservices:\n  a:\n    image: x\n', undefined],
    ['.gitlab-ci.yml', 'image: x\nservices:\n  - docker:dind\nbuild:\n  script: make\n', 'workflow'],
    ['ci.yml', 'jobs:\n  a:\n    services:\n      db:\n        image: x\n', undefined],
    ['deployment.yaml', 'apiVersion: apps/v1\nkind: Deployment\nspec:\n  image: x\n', undefined],
    ['.drone.yml', 'pipeline: {}\nservices:\n  db:\n    image: x\n', 'workflow']
  ])('%s: %j', async (path, source, language) => {
    expect((await lintText({ path, source })).language).toBe(language)
  })
})

describe('faults of the file itself', () => {
  it('are reported, and the rest is read', async () => {
    const source = 'services:\n  web:\n    image: x\n    privileged: true\n    labels: [a\n  db:\n    image: y\n'
    const found = await diagnosticsOf({ source })
    expect(found.map(({ rule }) => rule)).toEqual(expect.arrayContaining(['yaml-syntax', 'unsupported-security-option']))
  })

  it('are reported at a variable that compose refuses', async () => {
    const marked = service('hostname: "a⟦${HOST NAME}⟧"')
    expect(await markedFindings(marked)).toBe(marked)
  })
})
