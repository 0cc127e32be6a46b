import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { EditorHome, installFromDebian, runs, snippet } from '../editor-page.ts'

const has = (library: string) => (): boolean => runs('emacs', '--batch', '-q', '--eval', `(progn (package-initialize) (require '${library}) (require 'yaml-mode))`)
const hostMode = 'services:\n  web:\n    image: x\n    network_mode: host\n'

describe.each([
  { name: 'eglot', packages: ['emacs-nox', 'elpa-eglot', 'elpa-yaml-mode'], script: eglot },
  { name: 'lsp-mode', packages: ['emacs-nox', 'elpa-lsp-mode', 'elpa-yaml-mode'], script: lspMode }
])('Emacs with $name', ({ name, packages, script }) => {
  const reason = installFromDebian(has(name), ...packages)
  if (reason !== undefined) console.log(`Emacs with ${name}: skipped: ${reason}`) // eslint-disable-line no-console
  let home: EditorHome
  beforeEach(() => void (home = new EditorHome()))
  afterEach(() => home.remove())

  it.skipIf(reason !== undefined)('shows what is found, and follows what is typed', () => {
    home.write('compose.yaml', hostMode)
    const said = home.run('emacs', '--batch', '-q', '-l', home.write('test.el', script()))
    const seen = JSON.parse(home.read('seen.json')) as Record<string, string[]>
    expect(seen['found'], said).toEqual([expect.stringContaining('no-host-network')])
    expect(seen['typed'], said).toEqual([])
  }, 130_000)
})

const common = `(package-initialize)
(require 'json)
(require 'yaml-mode)
(defun until (condition)
  (let ((left 1200))
    (while (and (> left 0) (not (funcall condition))) (accept-process-output nil 0.05) (setq left (1- left)))))
(defun mend ()
  (goto-char (point-min))
  (search-forward "host")
  (replace-match "none"))
`

// In batch mode no timer of idleness runs: what they would do is called for.
function eglot(): string {
  return `${common}(require 'eglot)
(require 'flymake)
${snippet('Emacs, with eglot', 'elisp')}
(find-file "compose.yaml")
(yaml-mode)
(setq eglot-sync-connect 30)
(eglot-ensure)
(run-hooks 'post-command-hook)
(unless (eglot-current-server) (apply #'eglot (eglot--guess-contact)))
(defun found () (flymake-start) (mapcar #'flymake-diagnostic-text (flymake-diagnostics)))
(until (lambda () (found)))
(let ((before (vconcat (found))))
  (mend)
  (eglot--signal-textDocument/didChange)
  (until (lambda () (null (found))))
  (write-region (json-encode (list (cons 'found before) (cons 'typed (vconcat (found))))) nil "seen.json"))
(kill-emacs 0)
`
}

function lspMode(): string {
  return `${common}(require 'lsp-mode)
(setq lsp-auto-guess-root t lsp-enable-file-watchers nil lsp-restart 'ignore lsp-enable-suggest-server-download nil lsp-headerline-breadcrumb-enable nil lsp-enabled-clients '(porthole))
${snippet('Emacs, with lsp-mode', 'elisp')}
(find-file "compose.yaml")
(yaml-mode)
(lsp-workspace-folders-add default-directory)
(lsp)
(defun found () (mapcar (lambda (one) (format "%s %s" (lsp:diagnostic-code? one) (lsp:diagnostic-message one))) (lsp--get-buffer-diagnostics)))
(until (lambda () (found)))
(let ((before (vconcat (found))))
  (mend)
  (until (lambda () (null (found))))
  (write-region (json-encode (list (cons 'found before) (cons 'typed (vconcat (found))))) nil "seen.json"))
(kill-emacs 0)
`
}
