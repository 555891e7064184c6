import type { HttpSender } from '../../src/index.ts';
import { createNodeFetchSender } from '../../src/node/node-fetch-sender.ts';
import { openSandboxClient } from '../support/sandbox-client.ts';

/** A client of a sandbox with sample data, and how often it asked for what. */
export async function connectToSandbox({ withoutMetadata = false } = {}) {
  const paths: string[] = [];
  const over = createNodeFetchSender();
  const send: HttpSender = async (request) => {
    const path = decodeURIComponent(new URL(request.url).pathname);
    paths.push(path);
    return withoutMetadata && path.includes('EntityDefinitions') ? refused() : await over(request);
  };
  const bench = await openSandboxClient({ organizations: [{ name: 'contoso', data: 'sample' }] }, { send });
  return {
    client: bench.client,
    close: () => bench.close(),
    /** How many requests went to paths with this in them. */
    asked: (word: string) => paths.filter((path) => path.includes(word)).length,
  };
}

/** What somebody without rights on metadata gets. */
async function refused(): ReturnType<HttpSender> {
  async function* body() {
    yield new TextEncoder().encode('{"error":{"code":"0x80040220","message":"no"}}');
  }
  return { status: 403, headers: { 'content-type': 'application/json' }, body: body() };
}
