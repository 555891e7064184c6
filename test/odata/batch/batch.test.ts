import { expect } from 'chai';
import fc from 'fast-check';
import { ConnectorError } from '../../../src/errors/connector-error.ts';
import { LongText } from '../../../src/model/long-text.ts';
import type { BatchItem, BatchRequest, BatchResponse } from '../../../src/odata/batch/batch-types.ts';
import { composeBatchRequest, composeBatchResponse } from '../../../src/odata/batch/compose-batch.ts';
import { parseBatchRequest, parseBatchResponse } from '../../../src/odata/batch/parse-batch.ts';
import type { ParseResult } from '../../../src/odata/query/ast.ts';

const items: readonly BatchItem<BatchRequest>[] = [
  {
    changeSet: [
      {
        method: 'POST',
        url: '/api/data/v9.2/contacts',
        headers: { 'content-type': 'application/json' },
        body: '{"lastname":"é"}',
        contentId: '1',
      },
      {
        method: 'PUT',
        url: '$1/lastname',
        headers: { 'content-type': 'application/json' },
        body: '{"value":"b"}',
        contentId: '2',
      },
    ],
  },
  {
    part: {
      method: 'GET',
      url: "/api/data/v9.2/accounts?$filter=name eq 'x y'",
      headers: { accept: 'application/json' },
    },
  },
  { changeSet: [] },
];

const anyBody = fc
  .string({ unit: fc.constantFrom('\r', '\n', '-', 'b', 'a', ' ', 'é', '{', ':') })
  .filter((text) => text.trim() !== '');
const anyRequest = fc.record(
  {
    method: fc.constantFrom('GET', 'POST', 'PATCH'),
    url: fc.constantFrom('/a', '$1/b'),
    headers: fc.constant({ a: 'b' }),
    body: anyBody,
    contentId: fc.constantFrom('1', 'x'),
  },
  { requiredKeys: ['method', 'url', 'headers'] },
);
const anyItem = fc.oneof(
  anyRequest.map((part) => ({ part })),
  fc.array(anyRequest, { maxLength: 3 }).map((changeSet) => ({ changeSet })),
);

describe('batch requests', () => {
  it('are composed with CRLF, boundaries and Content-IDs', () => {
    const { contentType, body } = composeBatchRequest(items.slice(0, 1), 'u');
    expect(contentType).to.equal('multipart/mixed; boundary="batch_u"');
    expect(body.split('\r\n')).to.deep.equal([
      '--batch_u',
      'Content-Type: multipart/mixed; boundary="changeset_u_1"',
      '',
      '--changeset_u_1',
      'Content-Type: application/http',
      'Content-Transfer-Encoding: binary',
      'Content-ID: 1',
      '',
      'POST /api/data/v9.2/contacts HTTP/1.1',
      'Content-Type: application/json',
      '',
      '{"lastname":"é"}',
      '--changeset_u_1',
      'Content-Type: application/http',
      'Content-Transfer-Encoding: binary',
      'Content-ID: 2',
      '',
      'PUT $1/lastname HTTP/1.1',
      'Content-Type: application/json',
      '',
      '{"value":"b"}',
      '--changeset_u_1--',
      '',
      '--batch_u--',
      '',
    ]);
  });

  it('have header names in the spelling that Dataverse documents', () => {
    const names = ['odata-version', 'if-none-match', 'callerobjectid', 'mscrm.suppressduplicatedetection'];
    const headers = Object.fromEntries(names.map((name) => [name, 'x']));
    const { body } = composeBatchRequest([{ part: { method: 'GET', url: '/x', headers } }], 'u');
    expect(body).to.include(
      'OData-Version: x\r\nIf-None-Match: x\r\nCallerObjectId: x\r\nMSCRM.SuppressDuplicateDetection: x',
    );
  });

  it('are parsed to the items they were composed from', () => {
    const { contentType, body } = composeBatchRequest(items, 'u');
    expect(accept(parseBatchRequest(contentType, body))).to.deep.equal(items);
  });

  it('can have LF line breaks, a preamble, an epilogue and unquoted boundaries', () => {
    const { body } = composeBatchRequest(items, 'u');
    const unquoted = body.replaceAll('\r\n', '\n').replace(/boundary="([^"]+)"/g, 'boundary=$1');
    const loose = `preamble\n${unquoted}epilogue`;
    const read = accept(parseBatchRequest('Multipart/Mixed;boundary=batch_u', loose));
    expect(read.map((item) => ('part' in item ? 1 : item.changeSet.length))).to.deep.equal([2, 1, 0]);
  });

  it('keep a body with the delimiter of another batch', () => {
    const body = '{"a":"\r\n--batch_ux\r\n--batch_"}';
    const one = [{ part: { method: 'POST', url: '/a', headers: {}, body } }];
    const composed = composeBatchRequest(one, 'uy');
    expect(accept(parseBatchRequest(composed.contentType, composed.body))).to.deep.equal(one);
  });

  it('are split only at whole lines with the exact delimiter', () => {
    const body = 'x --b\r\n--bb\r\n--b- \r\n';
    const text = `--b\r\nContent-Type: application/http\r\n\r\nPOST /a HTTP/1.1\r\n\r\n${body}\r\n--b--`;
    expect(accept(parseBatchRequest('multipart/mixed; boundary=b', text))).to.have.nested.property(
      '[0].part.body',
      body,
    );
  });

  it('reject parts with the boundary, and headers with a line break', () => {
    const compose = (part: Partial<BatchRequest>) => () =>
      composeBatchRequest([{ part: { method: 'GET', url: '/a', headers: {}, ...part } }], 'u');
    for (const part of [
      { body: '\r\n--batch_u\r\n' },
      { url: '/a HTTP/1.1\r\nX: y' },
      { headers: { x: 'a\nb' } },
      { contentId: '1\r\n' },
    ]) {
      expect(compose(part)).to.throw(ConnectorError).with.property('code', 'INPUT_INVALID');
    }
  });
});

describe('batch responses', () => {
  it('are composed and parsed; a failed change set has one part', () => {
    const responses: readonly BatchItem<BatchResponse>[] = [
      { changeSet: [{ status: 204, headers: { 'odata-version': '4.0' }, contentId: '1' }] },
      {
        part: {
          status: 412,
          headers: { 'content-type': 'application/json' },
          body: '{"error":{"code":"0x80060882","message":"m"}}',
        },
      },
    ];
    const { contentType, body } = composeBatchResponse(responses, () => 'u');
    expect(contentType).to.equal('multipart/mixed; boundary=batchresponse_u');
    expect(body)
      .to.include('\r\nHTTP/1.1 412 Precondition Failed\r\n')
      .and.include('multipart/mixed; boundary=changesetresponse_u\r\n')
      .and.include('--changesetresponse_u--');
    expect(accept(parseBatchResponse(contentType, body))).to.deep.equal(responses);
  });

  it('are parsed as Dataverse writes them, with empty lines before a delimiter', () => {
    const text = [
      '--batchresponse_a',
      'Content-Type: multipart/mixed; boundary=changesetresponse_b',
      '',
      '--changesetresponse_b',
      'Content-Type: application/http',
      'Content-Transfer-Encoding: binary',
      'Content-ID: 1',
      '',
      'HTTP/1.1 204 No Content',
      'OData-Version: 4.0',
      'Location: https://org.crm3.dynamics.com/api/data/v9.0/accounts(c48c005e-d215-ed11-b83f-0022483d2320)',
      '',
      '',
      '--changesetresponse_b--',
      '--batchresponse_a',
      'Content-Type: application/http',
      'Content-Transfer-Encoding: binary',
      '',
      'HTTP/1.1 200 OK',
      'Content-Type: application/json; odata.metadata=minimal; odata.streaming=true',
      '',
      '{"value":[]}',
      '--batchresponse_a--',
      '',
    ].join('\r\n');
    const [set, single] = accept(parseBatchResponse('multipart/mixed; boundary=batchresponse_a', text));
    expect(set).to.have.nested.property('changeSet[0]').that.includes({ status: 204, contentId: '1' });
    expect(set).to.not.have.nested.property('changeSet[0].body');
    expect(single).to.have.nested.property('part.body', '{"value":[]}');
  });
});

describe('batch parsers with hostile input', () => {
  const type = 'multipart/mixed; boundary=b';
  const part = 'Content-Type: application/http\r\n\r\nGET /a HTTP/1.1\r\n\r\n\r\n';
  for (const [name, contentType, text, message] of [
    ['without a boundary', 'multipart/mixed', '', 'The content type is not multipart/mixed with a boundary.'],
    [
      'of another type',
      'application/json; boundary=b',
      '--b--',
      'The content type is not multipart/mixed with a boundary.',
    ],
    [
      'with a boundary that is too long',
      `multipart/mixed; boundary=${'b'.repeat(71)}`,
      '',
      'The content type is not multipart/mixed with a boundary.',
    ],
    ['without its boundary in the body', type, 'x', 'The boundary does not occur.'],
    ['without the closing boundary', type, `--b\r\n${part}`, 'The closing boundary is missing.'],
    [
      'with a change set without the closing boundary',
      type,
      `--b\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n--c\r\n${part}--b--`,
      'The closing boundary is missing.',
    ],
    [
      'with a change set in a change set',
      type,
      '--b\nContent-Type: multipart/mixed; boundary=c\n\n--c\nContent-Type: multipart/mixed; boundary=d\n\n--d--\n--c--\n--b--',
      'A part must have the content type application/http.',
    ],
    [
      'with a part of another type',
      type,
      '--b\r\nContent-Type: text/plain\r\n\r\nx\r\n--b--',
      'A part must have the content type application/http.',
    ],
    ['with an invalid header line', type, '--b\r\nnonsense\r\n\r\nx\r\n--b--', 'This line is not a header.'],
    [
      'without a request line',
      type,
      '--b\r\nContent-Type: application/http\r\n\r\nGET\r\n\r\n--b--',
      'A part must begin with an HTTP line.',
    ],
    [
      'with too many requests',
      type,
      `${`--b\r\n${part}`.repeat(1001)}--b--`,
      'A batch can contain at most 1000 requests.',
    ],
  ] as const) {
    it(`report a batch ${name}`, () => {
      expect(parseBatchRequest(contentType, text)).to.have.nested.property('diagnostics[0].message', message);
    });
  }

  const pieces = fc.constantFrom(
    '--b',
    '--b--',
    '--c',
    '\r\n',
    '\n',
    '\r\n\r\n',
    part,
    'Content-Type: multipart/mixed; boundary=c',
    'Content-Type: application/http',
    'HTTP/1.1 200 OK',
    'GET / HTTP/1.1',
    ' ',
    '__proto__: x',
    ':',
    '\0',
    'é漢🖨',
  );
  const soup = fc.array(fc.oneof(pieces, fc.string({ maxLength: 3 })), { maxLength: 30 });

  it('return items or errors with spans inside the text', () => {
    fc.assert(
      fc.property(soup, (parts) => {
        const text = parts.join('');
        for (const parsed of [parseBatchRequest(type, text), parseBatchResponse(type, text)]) {
          if (parsed.ok) continue;
          const { start, end } = parsed.diagnostics[0]!;
          expect(start).to.be.within(0, text.length);
          expect(end).to.be.within(start, text.length);
        }
      }),
      { numRuns: 3000 },
    );
  });

  it('return the same for a text in pieces, wherever it is divided', () => {
    const preamble = fc.constantFrom('', 'preamble\r\n');
    const batch = fc
      .record({ items: fc.array(anyItem, { maxLength: 4 }), preamble })
      .map(({ items, preamble }) => {
        const { contentType, body } = composeBatchRequest(items, 'id');
        return { contentType, parts: [...`${preamble}${body}`] };
      });
    const anyText = fc.oneof(
      soup.map((parts) => ({ contentType: type, parts })),
      batch,
    );
    const cuts = fc.array(fc.nat({ max: 400 }), { maxLength: 20 });
    fc.assert(
      fc.property(anyText, cuts, ({ contentType, parts }, cuts) => {
        const [text, starts] = [parts.join(''), cuts.sort((a, b) => a - b)];
        const pieces = [0, ...starts].map((start, at) => parts.slice(start, starts[at]).join(''));
        for (const parse of [parseBatchRequest, parseBatchResponse])
          expect(parse(contentType, new LongText(pieces))).to.deep.equal(parse(contentType, text));
      }),
      { numRuns: 2000 },
    );
  });

  it('return the composed parts for any content', () => {
    fc.assert(
      fc.property(fc.array(anyItem, { maxLength: 4 }), (items) => {
        const composed = composeBatchRequest(items, 'id');
        expect(accept(parseBatchRequest(composed.contentType, composed.body))).to.deep.equal(items);
      }),
    );
  });
});

function accept<T>(parsed: ParseResult<T>): T {
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.diagnostics));
  return parsed.value;
}
