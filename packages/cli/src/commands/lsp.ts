import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { serveLanguage } from '../lsp/server.ts';

/** `d365 lsp`: serves the Language Server Protocol on standard input and output, until the editor closes them. */
export default async function lsp(): Promise<number> {
  const connection = createConnection(ProposedFeatures.all, process.stdin, process.stdout);
  const closed = new Promise<number>((resolve) => {
    connection.onExit(() => resolve(0));
    process.stdin.once('end', () => resolve(0));
  });
  serveLanguage(connection);
  return await closed;
}
