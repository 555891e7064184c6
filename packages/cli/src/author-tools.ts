import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { realpathSync } from 'node:fs';
import type { Readable, Writable } from 'node:stream';
import type { AuthorOptions } from 'dynamics365-connector-service';
import {
  createProtocolConnection,
  type ProtocolConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver/node';

/** What the console needs to edit a connector, with a language server that also compiles its files. */
export function createAuthorTools(manifest: string): AuthorOptions {
  const folder = realpathSync(manifest);
  let compiler: { readonly server: LanguageProcess; readonly connection: ProtocolConnection } | undefined;
  const openCompiler = () => {
    const server = startLanguageServer();
    const connection = createProtocolConnection(
      new StreamMessageReader(server.stdout),
      new StreamMessageWriter(server.stdin),
    );
    connection.listen();
    server.once('exit', () => {
      compiler = undefined;
      connection.dispose();
    });
    return { server, connection };
  };
  return {
    folder,
    startLanguageServer() {
      const server = startLanguageServer();
      return { input: server.stdin, output: server.stdout, stop: () => void server.kill() };
    },
    async compile() {
      compiler ??= openCompiler();
      return await compiler.connection.sendRequest('d365/compile', { folder });
    },
    close: () => void compiler?.server.kill(),
  };
}

type LanguageProcess = ChildProcessByStdio<Writable, Readable, null>;

/** `d365 lsp` in a process of its own: the compiler keeps a processor busy for a while. */
function startLanguageServer(): LanguageProcess {
  const { execPath, execArgv, argv } = process;
  const args = [...execArgv, argv[1] ?? '', 'lsp'];
  return spawn(execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
}
