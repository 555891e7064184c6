import { LSPClient, languageServerExtensions } from '@codemirror/lsp-client';
import { send } from '../rest.ts';

/** The language server of this page, with what else the page asks it. */
export interface LanguageClient {
  readonly client: LSPClient;
  /** Called with the message when the server has stopped. */
  onEnd(listener: (message: string) => void): void;
  close(): void;
}

const base = '/console/api/author/language';
const requestTimeoutMs = 30_000;

/** Connects to a language server: messages go there as requests, and come back as server-sent events. */
export function openLanguageClient(folder: string): LanguageClient {
  const handlers = new Set<(message: string) => void>();
  const endListeners = new Set<(message: string) => void>();
  const source = new EventSource(base);
  const session = new Promise<string>((resolve) => {
    source.addEventListener('session', ({ data }) => resolve(data), { once: true });
  });
  source.addEventListener('message', ({ data }) => {
    for (const handler of handlers) handler(data);
  });
  const end = (message: string) => {
    source.close();
    for (const listener of endListeners) listener(message);
  };
  // A server that is started again would not know the open file: the page says so, and does not reconnect by itself.
  source.addEventListener('error', () => end('The language server has stopped. Load the page again.'));
  // One after another: the order of changes matters.
  let last: Promise<unknown> = session;
  const transport = {
    send(message: string) {
      last = last
        .then(async () => send('POST', `${base}/${await session}`, JSON.parse(message)))
        .catch(() => end('The language server does not answer. Load the page again.'));
    },
    subscribe: (handler: (message: string) => void) => void handlers.add(handler),
    unsubscribe: (handler: (message: string) => void) => void handlers.delete(handler),
  };
  const client = new LSPClient({
    rootUri: toUri(folder, ''),
    timeout: requestTimeoutMs,
    extensions: languageServerExtensions(),
  }).connect(transport);
  return {
    client,
    onEnd: (listener) => void endListeners.add(listener),
    close() {
      client.disconnect();
      source.close();
    },
  };
}

/** `file:///home/rosa/contoso/actions/case.escalate.yaml` */
export function toUri(folder: string, file: string): string {
  const path = `${folder.replaceAll('\\', '/')}/${file}`;
  return `file://${path.startsWith('/') ? '' : '/'}${path.split('/').map(encodeURIComponent).join('/')}`;
}
