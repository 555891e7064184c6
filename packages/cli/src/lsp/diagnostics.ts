import { setTimeout as sleep } from 'node:timers/promises';
import type { Diagnostic } from 'dynamics365-connector';
import {
  type CodeAction,
  type Connection,
  DiagnosticSeverity,
  type Diagnostic as LspDiagnostic,
  type Range,
} from 'vscode-languageserver';
import { toRange } from './positions.ts';
import type { Workspace } from './workspace.ts';

/** Pause after a keystroke before the manifest is checked again. */
const checkDelayMs = 150;

/** Checks manifests while their files are edited, and publishes what is found. */
export class DiagnosticsPublisher {
  readonly #connection: Connection;
  readonly #workspace: Workspace;
  readonly #published = new Map<string, readonly LspDiagnostic[]>();
  /** The files of each manifest that have diagnostics. */
  readonly #files = new Map<string, readonly string[]>();
  /** The text of each file when it was checked. */
  readonly #checked = new Map<string, string | undefined>();
  /** The number of the last check of each manifest. */
  readonly #runs = new Map<string, number>();

  constructor(connection: Connection, workspace: Workspace) {
    this.#connection = connection;
    this.#workspace = workspace;
  }

  /** Checks the manifest of a file soon; a later call for the same manifest replaces this one. */
  checkLater(uri: string): void {
    const folder = this.#workspace.folderOf(uri);
    if (folder === undefined) return;
    this.#check(folder).catch((error: unknown) => this.#connection.console.error(String(error)));
  }

  /** The fixes that can be applied in a part of a file. */
  quickFixes(uri: string, { start, end }: Range): CodeAction[] {
    // A range of a text that has changed since is another place now.
    if (this.#checked.get(uri) !== this.#workspace.open.textOf(uri)) return [];
    const here = (this.#published.get(uri) ?? []).filter(
      ({ range }) => range.start.line <= end.line && start.line <= range.end.line,
    );
    return here.flatMap((diagnostic) => toQuickFix(uri, diagnostic));
  }

  async #check(folder: string): Promise<void> {
    const run = (this.#runs.get(folder) ?? 0) + 1;
    this.#runs.set(folder, run);
    await sleep(checkDelayMs);
    if (this.#runs.get(folder) !== run) return;
    const { files, texts } = await this.#workspace.check(folder);
    for (const old of this.#files.get(folder) ?? []) if (!files.has(old)) await this.#publish(old, []);
    this.#files.set(folder, [...files.keys()]);
    for (const [file, diagnostics] of files) {
      const text = texts.get(file);
      this.#checked.set(file, text);
      await this.#publish(
        file,
        diagnostics.map((diagnostic) => toLsp(diagnostic, text)),
      );
    }
  }

  async #publish(uri: string, diagnostics: LspDiagnostic[]): Promise<void> {
    if (diagnostics.length > 0) this.#published.set(uri, diagnostics);
    else this.#published.delete(uri);
    await this.#connection.sendDiagnostics({ uri, diagnostics });
  }
}

interface FixData {
  readonly title: string;
  readonly range: Range;
  readonly newText: string;
}

/** @param text the text of the file, if it is open: only then a fix can be offered */
function toLsp(
  { severity, code, message, location, fix, edit, related }: Diagnostic,
  text: string | undefined,
): LspDiagnostic {
  const { line, column, length } = location;
  const start = { line: line - 1, character: column - 1 };
  const lines = [
    message,
    fix && `fix: ${fix}`,
    related && `${related.message}: line ${related.location.line}`,
  ];
  const data: FixData | undefined =
    edit === undefined || text === undefined
      ? undefined
      : { title: fix ?? `write ${edit.text}`, range: toRange(text, edit), newText: edit.text };
  return {
    range: { start, end: { line: start.line, character: start.character + length } },
    severity: severity === 'error' ? DiagnosticSeverity.Error : DiagnosticSeverity.Warning,
    code,
    source: 'd365',
    message: lines.filter(Boolean).join('\n'),
    data,
  };
}

function toQuickFix(uri: string, diagnostic: LspDiagnostic): CodeAction[] {
  const fix = diagnostic.data as FixData | undefined;
  if (fix === undefined) return [];
  const { title, range, newText } = fix;
  const edit = { changes: { [uri]: [{ range, newText }] } };
  return [{ title, kind: 'quickfix', diagnostics: [diagnostic], isPreferred: true, edit }];
}
