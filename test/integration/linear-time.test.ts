import { expect } from 'chai';
import { fromBase64 } from '../../src/auth/base64.ts';
import { parseEntraError } from '../../src/auth/entra-error.ts';
import { adviceForHost, isOnPremises } from '../../src/auth/environment-host-advice.ts';
import { decodeClaims } from '../../src/auth/jwt.ts';
import { parseChallenge } from '../../src/auth/parse-challenge.ts';
import { Scrubber } from '../../src/authoring/record/scrubber.ts';
import { didYouMean } from '../../src/errors/did-you-mean.ts';
import { recognizeErrorMessage } from '../../src/errors/recognize-error-message.ts';
import { parseTimeCursor } from '../../src/handlers/time-cursor.ts';
import { createRanking } from '../../src/host-view/rank-operations.ts';
import { idFromRowUrl } from '../../src/host-view/row-url.ts';
import { assertSameOrigin, createUrlGuard } from '../../src/http/assert-same-origin.ts';
import { redactPath } from '../../src/http/redact-path.ts';
import { sanitizeServerMessage } from '../../src/http/sanitize-server-message.ts';
import { parseClause } from '../../src/manifest/compile/parse-clause.ts';
import { parseDurationMs } from '../../src/manifest/read/parse-duration.ts';
import { readYaml } from '../../src/manifest/read/read-yaml.ts';
import { removeControls, toVisibleJson } from '../../src/model/control-characters.ts';
import { parseExactJson } from '../../src/model/exact-json.ts';
import { parseRetryAfter } from '../../src/model/retry-after.ts';
import { createFindProxy } from '../../src/node/network/find-proxy.ts';
import { parseBatchRequest, parseBatchResponse } from '../../src/odata/batch/parse-batch.ts';
import { checkOption } from '../../src/odata/check/check-option.ts';
import { checkFetchXml } from '../../src/odata/fetchxml/check-fetchxml.ts';
import { addPaging, isSinglePage } from '../../src/odata/fetchxml/fetchxml-paging.ts';
import { readOperations } from '../../src/odata/operations/read-operations.ts';
import { parseErrorBody } from '../../src/odata/parse-error-body.ts';
import { quoteFilterText } from '../../src/odata/quote-string.ts';
import { createIdMatcher } from '../../src/run/create-id-matcher.ts';
import { parseTemplate } from '../../src/template/parse-template.ts';
import { stringFormats } from '../../src/validation/string-formats.ts';
import { describeGrowth, measureGrowth } from '../support/growth.ts';
import { standardSchema } from '../support/metadata.ts';

const schema = standardSchema();
const incident = schema.table('incident');

const checking = (option: '$filter' | '$orderby' | '$expand' | '$select' | '$apply') => (text: string) =>
  checkOption(option, text, { schema, table: incident });

const operation = {
  ...{ id: 'case.create', resource: 'case', title: 'Create', description: '', readOnly: false },
  ...{ keywords: ['close'], resourceKeywords: ['ticket'], fields: [{ name: 'title', title: 'Title' }] },
};

/** What reads texts of servers, users and authors. Refusing a text by its length or by an error is fine. */
const readers: Readonly<Record<string, (text: string) => unknown>> = {
  'the message of a server error': (text) => recognizeErrorMessage(sanitizeServerMessage(text)),
  'the body of a server error': (text) => parseErrorBody(text),
  'a page of a proxy': (text) => parseErrorBody(`<html>${text}`),
  'an error of the authority': (text) => parseEntraError({ error: text, error_description: text }),
  'a challenge': (text) => parseChallenge(`Bearer ${text}`),
  'the header Retry-After': (text) => parseRetryAfter({ 'retry-after': text }, 0),
  'a next link': (text) => assertSameOrigin('https://a.example', '/api', `https://a.example/api/${text}`),
  'the URL of a request': (text) =>
    createUrlGuard('https://a.example', '/api')(`https://a.example/api/${text}`),
  'the base path of an API': (text) => createUrlGuard('https://a.example', text),
  'the path in a log': redactPath,
  'the metadata document': (text) => readOperations(`<Schema${text}`),
  'the response of a batch': (text) => parseBatchResponse(text, 'multipart/mixed; boundary=b'),
  'the parts of a batch': (text) =>
    parseBatchRequest(`--b\r\nContent-Type: application/http\r\n\r\n${text}`, 'multipart/mixed; boundary=b'),
  'exact numbers in JSON': parseExactJson,
  'a token': decodeClaims,
  base64: fromBase64,
  'a text for a terminal': removeControls,
  'a text for a model': toVisibleJson,
  'a filter': checking('$filter'),
  'an order': checking('$orderby'),
  'an expand': checking('$expand'),
  'a select': checking('$select'),
  'an aggregation': checking('$apply'),
  FetchXML: (text) => checkFetchXml(text, schema),
  'a page of FetchXML': (text) => [isSinglePage(text), addPaging(text, 10)],
  'a searched text': quoteFilterText,
  'a misspelled name': (text) => didYouMean(text, ['priority', 'customer', 'title']),
  'the cursor of a list': parseTimeCursor,
  'a link to a row': idFromRowUrl,
  'the host of an environment': (text) => [adviceForHost(text), isOnPremises(text, text)],
  'a list of hosts without proxy': (text) =>
    createFindProxy({ HTTPS_PROXY: 'http://p.example', NO_PROXY: text })({
      ...{ isSecure: true, hostname: 'a.example', port: 443 },
    }),
  'a question for an action': (text) => createRanking([operation])(text),
  'the texts of an action': (text) => createRanking([{ ...operation, title: text, description: text }]),
  'a pattern of operations': (text) => createIdMatcher(text)('case.create'),
  'an id for a pattern': (text) => createIdMatcher('*.*.*e*e*')(text),
  'a duration': parseDurationMs,
  'a template': parseTemplate,
  'a clause of a trigger': parseClause,
  'a YAML file': (text) => readYaml('actions/a.yaml', text),
  'a value of a recording': (text) => new Scrubber().text(text),
  ...Object.fromEntries(
    Object.entries(stringFormats).map(([name, format]) => [
      `the format ${name}`,
      (text: string) => test(format, text),
    ]),
  ),
};

function test(format: unknown, text: string): unknown {
  if (format instanceof RegExp) return format.test(text);
  return typeof format === 'function'
    ? format(text)
    : (format as { validate(value: string): unknown }).validate(text);
}

/** Texts that make careless expressions slow: one piece, many times, with an end that does not match. */
const pieces: readonly string[] = [
  ...[
    '-',
    '/',
    '%',
    '=',
    ' ',
    '\t',
    '\n',
    '\r\n ',
    "'",
    '"',
    '"\\',
    '(',
    ')',
    '((',
    '[',
    '{',
    '{{',
    '{{a.',
    '&',
    '<',
    '.',
  ],
  ...[
    'a',
    '0',
    'a.',
    '.a',
    'a/',
    'a-',
    "a'",
    'a b ',
    'a,',
    'a, ',
    ', ',
    ' eq ',
    ' and ',
    "title eq 'a' and ",
    '--> ',
  ],
  ...[
    '<title',
    '<Action ',
    '<EntityType ',
    '<fetch ',
    '<!--',
    '<![CDATA[',
    '<a>',
    '<a ',
    '&amp',
    'eyJ-',
    'Bearer ',
  ],
  ...[
    'Principal user ',
    '\n at',
    '-> InnerException',
    "'a' is ",
    'a@',
    '@.',
    '#',
    ': ',
    'a: ',
    '- ',
    '%2F',
    '::',
    '*',
  ],
  ...[
    '--b\r\n',
    'GET a ',
    'contains(',
    'not ',
    '\ud83d\ude00',
    '\u202e',
    'AADSTS',
    'a="',
    "a='",
    '@',
    '1e',
    '.operations',
  ],
];

const isQuery = (reader: string) =>
  /^(an? (filter|order|expand|select|aggregation|clause of a trigger|YAML file)|FetchXML)$/.test(reader);

const isComplete = process.env.PIECES === 'all';

/** A part of the pieces in the test suite; all, in longer texts, with `npm run fuzz:texts`. */
const piecesFor = (reader: string): readonly string[] => {
  if (isComplete) return pieces;
  return pieces.filter((_, at) => at % (isQuery(reader) ? 12 : 4) === 0);
};

/** Queries are repaired by trying many corrections, each of which is parsed, so their texts are shorter. */
const lengthFor = (reader: string): number => {
  if (!isQuery(reader)) return 10_000;
  return isComplete ? 4000 : 1000;
};

describe('time grows with the length of a text, whatever the text is', () => {
  for (const [name, read] of Object.entries(readers)) {
    it(`${name}: four times the text takes about four times as long`, () => {
      const run = (text: string) => {
        try {
          return read(text);
        } catch (error) {
          return error;
        }
      };
      const slow = piecesFor(name).flatMap((piece) => {
        const text = (length: number) => `${piece.repeat(Math.ceil(length / piece.length))}\u0000x`;
        const problem = describeGrowth(measureGrowth(run, text, lengthFor(name)));
        return problem === undefined ? [] : [`${JSON.stringify(piece)}: ${problem}`];
      });
      expect(slow).to.deep.equal([]);
    });
  }

  it('the measure finds quadratic time', () => {
    const quadratic = (text: string) => /-+>/.exec(text);
    expect(describeGrowth(measureGrowth(quadratic, (length) => '-'.repeat(length), 6000))).to.be.a('string');
    const linear = (text: string) => text.split('').map((each) => each.charCodeAt(0) * 2);
    expect(describeGrowth(measureGrowth(linear, (length) => '-'.repeat(length), 100_000))).to.equal(
      undefined,
    );
  });
});
