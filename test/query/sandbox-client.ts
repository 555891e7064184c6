import type { HttpSender } from '../../src/index.ts';
import { openSandboxClient } from '../support/sandbox-client.ts';
import { createTestSender } from '../support/test-transport.ts';

/** A client of a sandbox with sample data, with a count of its requests. */
export async function connectToSandbox({ withoutMetadata = false } = {}) {
  const paths: string[] = [];
  const sender = createTestSender();
  const send: HttpSender = async (request) => {
    const path = decodeURIComponent(new URL(request.url).pathname);
    paths.push(path);
    return withoutMetadata && path.includes('EntityDefinitions') ? forbidden() : await sender(request);
  };
  const fixture = await openSandboxClient({ organizations: [{ name: 'contoso', data: 'sample' }] }, { send });
  return {
    client: fixture.client,
    close: () => fixture.close(),
    /** The number of requests whose path contains a text. */
    countRequests: (text: string) => paths.filter((path) => path.includes(text)).length,
  };
}

/** The response to a user without privileges on metadata. */
async function forbidden(): ReturnType<HttpSender> {
  async function* body() {
    yield new TextEncoder().encode('{"error":{"code":"0x80040220","message":"no"}}');
  }
  return { status: 403, headers: { 'content-type': 'application/json' }, body: body() };
}
