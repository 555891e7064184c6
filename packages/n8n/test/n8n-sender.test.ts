import { expect } from 'chai';
import { createN8nSender } from '../src/n8n-sender.ts';
import type { N8nHttpRequest } from '../src/n8n-types.ts';

describe('n8n: sender', () => {
  it('gives n8n the body of a request as text, whether it is text or bytes', async () => {
    const requests: N8nHttpRequest[] = [];
    const send = createN8nSender(async (request) => {
      requests.push(request);
      return { statusCode: 204, headers: {}, body: new Uint8Array() };
    });
    for (const body of ['{"t":"Zürich"}', new TextEncoder().encode('{"t":"Zürich"}'), undefined])
      await send({ method: 'POST', url: 'https://contoso.crm4.dynamics.com/api', headers: {}, body });
    expect(requests.map(({ body }) => body)).to.deep.equal(['{"t":"Zürich"}', '{"t":"Zürich"}', undefined]);
  });
});
