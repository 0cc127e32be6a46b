import { existsSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { EditorHome, installFromDebian, runs, snippet } from './editor-page.ts'

/** Debian keeps ALE where Vim does not look. */
const ale = '/usr/share/vim-ale'
const reason = installFromDebian(() => runs('vim', '--version') && existsSync(ale), 'vim', 'vim-ale')
if (reason !== undefined) console.log(`Vim: skipped: ${reason}`) // eslint-disable-line no-console

const hostMode = 'services:\n  web:\n    image: x\n    network_mode: host\n'

describe.skipIf(reason !== undefined)('Vim', () => {
  let home: EditorHome
  beforeEach(() => void (home = new EditorHome()))
  afterEach(() => home.remove())

  it('shows with ALE what is found, and applies what is offered', () => {
    home.write('compose.yaml', hostMode)
    const script = home.write('ale.vim', `set nocompatible hidden encoding=utf-8
let &runtimepath = &runtimepath . ',${ale}'
filetype plugin on
let g:ale_linters = {'yaml': ['porthole']}
let g:ale_linters_explicit = 1
runtime plugin/ale.vim
${snippet('Vim, with ALE', 'vim')}
function! Until(condition)
  let l:left = 1200
  while !a:condition() && l:left > 0
    sleep 50m
    let l:left -= 1
  endwhile
endfunction
edit compose.yaml
call Until({-> !empty(ale#engine#GetLoclist(bufnr('')))})
let s:seen = {'found': map(copy(ale#engine#GetLoclist(bufnr(''))), {_, item -> {'line': item.lnum, 'column': item.col, 'end': item.end_col, 'code': get(item, 'code', ''), 'type': item.type, 'text': item.text}})}
call cursor(4, 6)
function! Choose(data, items)
  let s:seen.actions = map(copy(a:items), {_, item -> item[1].title})
  call ale#codefix#ApplyLSPCodeAction(a:data, a:items[0][1])
  " Without a screen, no event tells that the text has changed.
  call ale#Queue(0)
endfunction
call ale#codefix#Execute(0, function('Choose'))
call Until({-> has_key(s:seen, 'actions')})
call Until({-> empty(ale#engine#GetLoclist(bufnr('')))})
let s:seen.left = len(ale#engine#GetLoclist(bufnr('')))
write!
call writefile([json_encode(s:seen)], 'seen.json')
qall!
`)
    const said = home.run('vim', '-Es', '-u', script)
    const seen = JSON.parse(home.read('seen.json')) as Record<string, unknown>
    expect(seen['found'], said).toMatchObject([{ line: 4, column: 5, end: 22, code: 'no-host-network', type: 'E' }])
    expect(seen['actions']).toEqual(expect.arrayContaining(['Suppress `no-host-network` here with a comment']))
    expect(seen['left']).toBe(0)
    expect(home.read('compose.yaml')).toContain('    # porthole-disable-next-line no-host-network -- reason\n    network_mode: host\n')
  }, 130_000)

  it('fills the quickfix list', () => {
    home.write('compose.yaml', hostMode)
    const script = home.write('make.vim', `set nocompatible\n${snippet('Vim, with ALE', 'vim', 1)}\nsilent make!\ncall writefile([json_encode(map(getqflist(), {_, item -> {'file': bufname(item.bufnr), 'line': item.lnum, 'column': item.col, 'end': item.end_col, 'type': item.type, 'valid': item.valid}}))], 'seen.json')\nqall!\n`)
    const said = home.run('vim', '-Es', '-u', script)
    const seen = (JSON.parse(home.read('seen.json')) as { valid: number }[]).filter(({ valid }) => valid === 1)
    expect(seen, said).toEqual([{ file: 'compose.yaml', line: 4, column: 5, end: 23, type: 'e', valid: 1 }])
  }, 130_000)
})
