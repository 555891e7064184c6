import { join } from 'node:path';
import { checkManifest } from 'dynamics365-connector';
import {
  CompletionItemKind,
  type Connection,
  type Position,
  type ServerCapabilities,
  TextDocumentSyncKind,
} from 'vscode-languageserver';
import { DiagnosticsPublisher } from './diagnostics.ts';
import { explainAction } from './explain-action.ts';
import { toOffset, toRange } from './positions.ts';
import { createWorkspace, type Workspace } from './workspace.ts';

const capabilities: ServerCapabilities = {
  textDocumentSync: TextDocumentSyncKind.Full,
  completionProvider: { triggerCharacters: ['{', '.', '#', ' ', '"'] },
  hoverProvider: true,
  definitionProvider: true,
  codeActionProvider: { codeActionKinds: ['quickfix'] },
};

/**
 * Serves the Language Server Protocol on a connection: diagnostics with quick fixes, completion, hover and go to
 * definition in the files of a manifest.
 * https://microsoft.github.io/language-server-protocol/specifications/lsp/3.17/specification/
 */
export function serveLanguage(connection: Connection): void {
  const workspace = createWorkspace();
  const publisher = new DiagnosticsPublisher(connection, workspace);
  connection.onInitialize(() => ({ capabilities, serverInfo: { name: 'd365' } }));
  followFiles(connection, workspace, publisher);
  connection.onCompletion(({ textDocument, position }) => complete(workspace, textDocument.uri, position));
  connection.onHover(async ({ textDocument, position }) => {
    const info = await explainWord(workspace, textDocument.uri, position);
    return info && { contents: { kind: 'markdown', value: info.text }, range: info.range };
  });
  connection.onDefinition(async ({ textDocument, position }) => {
    const info = await explainWord(workspace, textDocument.uri, position);
    if (info?.definition === undefined) return undefined;
    const { file, line, column, length } = info.definition;
    const start = { line: line - 1, character: column - 1 };
    const range = { start, end: { line: start.line, character: start.character + length } };
    return { uri: workspace.open.uriOf(join(info.folder, file)), range };
  });
  connection.onRequest('d365/explain', (params) => explainAction(workspace, params));
  // For programs that must not wait for the compiler themselves: the files as they are on disk.
  connection.onRequest('d365/compile', ({ folder }) => checkManifest({ manifest: folder }));
  connection.onCodeAction(({ textDocument, range }) => publisher.quickFixes(textDocument.uri, range));
  connection.listen();
}

function followFiles(connection: Connection, workspace: Workspace, publisher: DiagnosticsPublisher): void {
  const set = (uri: string, text: string | undefined) => {
    workspace.open.setText(uri, text);
    publisher.checkLater(uri);
  };
  connection.onDidOpenTextDocument(({ textDocument: { uri, text } }) => set(uri, text));
  connection.onDidChangeTextDocument(({ textDocument: { uri }, contentChanges }) => {
    const text = contentChanges.at(-1)?.text;
    if (text !== undefined) set(uri, text);
  });
  connection.onDidCloseTextDocument(({ textDocument: { uri } }) => set(uri, undefined));
}

const kinds = {
  key: CompletionItemKind.Property,
  value: CompletionItemKind.EnumMember,
  table: CompletionItemKind.Class,
  column: CompletionItemKind.Field,
  input: CompletionItemKind.Variable,
  operation: CompletionItemKind.Function,
} as const;

async function complete(workspace: Workspace, uri: string, position: Position) {
  const [text, found] = [workspace.open.textOf(uri), await workspace.find(uri)];
  if (text === undefined || found === undefined) return [];
  const proposals = found.service.complete({ file: found.file, text }, toOffset(text, position));
  return proposals.map(({ label, kind, detail, insert, span }, index) => ({
    label,
    kind: kinds[kind],
    detail,
    // Editors sort by this text: ours is the order of the language.
    sortText: String(index).padStart(4, '0'),
    filterText: insert,
    textEdit: { range: toRange(text, span), newText: insert },
  }));
}

async function explainWord(workspace: Workspace, uri: string, position: Position) {
  const [text, found] = [workspace.open.textOf(uri), await workspace.find(uri)];
  if (text === undefined || found === undefined) return undefined;
  const info = found.service.explainWord({ file: found.file, text }, toOffset(text, position));
  return info && { ...info, range: toRange(text, info.span), folder: found.folder };
}
