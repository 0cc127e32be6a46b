import * as vscode from 'vscode'
import type { DocumentTargets } from '../../../src/server-session.ts'

/** What the file in front is judged for, in the status bar; hidden for files that do not speak of Docker. */
export class TargetsItem implements vscode.Disposable {
  readonly #ask: (uri: vscode.Uri) => Promise<DocumentTargets | null>
  readonly #item = vscode.window.createStatusBarItem('porthole.targets', vscode.StatusBarAlignment.Right, 90)
  readonly #subscriptions: readonly vscode.Disposable[]

  constructor(ask: (uri: vscode.Uri) => Promise<DocumentTargets | null>) {
    this.#ask = ask
    this.#item.name = 'porthole: targets'
    this.#item.command = 'porthole.chooseTargets'
    const update = (): void => void this.update()
    this.#subscriptions = [
      vscode.window.onDidChangeActiveTextEditor(update),
      vscode.workspace.onDidChangeConfiguration(event => event.affectsConfiguration('porthole') && update()),
      // A configuration file may have changed, or the file may have become a compose file.
      vscode.languages.onDidChangeDiagnostics(update)
    ]
  }

  async update(): Promise<void> {
    const uri = vscode.window.activeTextEditor?.document.uri
    const answer = uri ? await this.#ask(uri).catch(() => null) : null
    // Another file may have come to the front meanwhile; it is asked about by itself.
    if (uri?.toString() !== vscode.window.activeTextEditor?.document.uri.toString()) return
    if (!answer || answer.language === null) return this.#item.hide()
    const { targets, platform } = answer
    this.#item.text = `$(server-environment) ${targets.length > 3 ? `${targets.length} targets` : targets.join(' ')}`
    this.#item.tooltip = `porthole judges this file (${answer.language}) for ${targets.join(', ')}${platform === 'auto' ? '; only what is evidently for Windows' : ''}`
    this.#item.show()
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose()
    this.#item.dispose()
  }
}
