import { randomBytes } from 'node:crypto';
import { ServiceError } from '../../problem/problem.ts';
import type { AuthorOptions, LanguageServer } from './author-options.ts';

/** The language servers of the open pages: each page has its own, because each has its own open files. */
export interface LanguageSessions {
  /** Starts a server. Its messages go to `receive`; `end` is called when it stops by itself. */
  open(receive: (message: string) => void, end: () => void): { readonly id: string; close(): void };
  /** Sends a message to the server of a page. */
  send(id: string, message: string): void;
  closeAll(): void;
}

const maxSessions = 8;

export function createLanguageSessions({ startLanguageServer }: AuthorOptions): LanguageSessions {
  const servers = new Map<string, LanguageServer>();
  const close = (id: string) => {
    servers.get(id)?.stop();
    servers.delete(id);
  };
  return {
    open(receive, end) {
      const [oldest] = servers.keys();
      if (servers.size >= maxSessions && oldest !== undefined) close(oldest);
      const id = randomBytes(12).toString('base64url');
      const server = startLanguageServer();
      servers.set(id, server);
      followMessages(server, receive);
      server.output.once('close', () => {
        servers.delete(id);
        end();
      });
      return { id, close: () => close(id) };
    },
    send(id, message) {
      const server = servers.get(id);
      if (server === undefined)
        throw new ServiceError('SESSION_UNKNOWN', 'The language server of this page has stopped.');
      const bytes = Buffer.from(message);
      server.input.write(`Content-Length: ${bytes.length}\r\n\r\n`);
      server.input.write(bytes);
    },
    closeAll() {
      for (const id of [...servers.keys()]) close(id);
    },
  };
}

/**
 * Takes messages from their frames.
 * https://microsoft.github.io/language-server-protocol/specifications/lsp/3.17/specification/#baseProtocol
 */
function followMessages({ output, input }: LanguageServer, receive: (message: string) => void): void {
  let pending = Buffer.alloc(0);
  // A server that has stopped: its page is told by the end of its output.
  input.on('error', () => {});
  output.on('data', (chunk: Buffer) => {
    pending = Buffer.concat([pending, chunk]);
    for (;;) {
      const end = pending.indexOf('\r\n\r\n');
      const [, length] =
        /Content-Length: *(\d+)/i.exec(pending.subarray(0, Math.max(end, 0)).toString()) ?? [];
      const start = end + 4;
      if (end < 0 || length === undefined || pending.length < start + Number(length)) return;
      receive(pending.subarray(start, start + Number(length)).toString('utf8'));
      pending = pending.subarray(start + Number(length));
    }
  });
}
