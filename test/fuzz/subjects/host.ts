import * as host from '../../../src/host.ts';
import { Secret } from '../../../src/index.ts';
import { whole } from '../hostile-values.ts';
import type { Fixtures } from './fixtures.ts';
import { type Subjects, subjectsOf } from './subject.ts';

const id = '2a8f6a3e-6f0c-4b6e-9f0e-6f1f6a3e2b10';
const cursor = { readFromMs: 1000, newSinceMs: 1000, watermark: 5000 };
const facts = { id, version: 5n, createdMs: 1, modifiedMs: 2, row: { incidentid: id } };
const column = { name: 'new_a', type: 'string', creatable: true, updatable: true, requiredLevel: 'none' };
const windowOptions = { key: 'incidentid', select: ['title'], start: 1n };

/** The host SDK. */
export function hostSubjects(fixtures: Fixtures): readonly Subjects[] {
  const { connection, runtime, table, trigger, subscription, feed, needs, read, endpoint } = fixtures;
  const { definition, client, connector, store, vault, action, settings, credential, services } = fixtures;
  const checkpoint = { v: 1, feedKey: feed.key, offset: 0, epoch: 1 };
  const telemetry = whole({
    start: () => ({ run: (body: () => unknown) => body(), headers: () => ({}), end() {} }),
  });
  const wanted = { endpoint, steps: [{ table: 'incident', message: 'Create' }] };
  const push = { method: 'POST', url: '/p?code=x', headers: { 'content-type': 'application/json' } };
  const { send } = services;
  return [
    subjectsOf('./host', host, {
      advanceCursor: [cursor, { startedMs: 1, endedMs: 2, highest: 3n }, 600_000],
      applicableCallOptions: [action],
      assertListenAddress: ['127.0.0.1', 0],
      assertOptions: [{ a: 1 }, { of: 'it', types: { a: 'count' } }],
      assertSignal: [AbortSignal.abort(), 'The signal'],
      guardFunctions: [{}],
      asConnectorError: [new Error('x')],
      checkInput: [runtime.validator, action, { title: 'x' }],
      checkRegistration: [connection, wanted],
      createClient: [connection],
      createConnector: [{ ...runtime }],
      createIdMatcher: ['case.*'],
      createMemoryStore: [],
      createPrecompiledValidator: [new Map()],
      createPrefixedStore: [store, 'a/'],
      createPushEndpoint: ['https://push.example/a', 'main', new Secret('s'.repeat(40))],
      createRanking: [
        [
          {
            id: 'case.create',
            title: 'Create',
            description: '',
            resource: 'case',
            keywords: ['close'],
            resourceKeywords: [],
            fields: [],
            readOnly: false,
          },
        ],
        ['case.create'],
      ],
      createRowReader: [connection, table, { operation: 'x', requestId: 'r' }, { pageSize: 3 }],
      deriveItems: [feed, read.head, subscription, checkpoint, { maxRowItems: 5 }],
      describeOperation: [definition, action],
      deterministicId: ['a', 'b'],
      effectsOfCall: [action, { title: 'x' }],
      epochOf: [checkpoint],
      explainEntraError: [{ error: 'invalid_grant', error_description: 'AADSTS70008' }, 400],
      findRowsById: [feed, [id], ['title']],
      findTableByName: [definition.tables, 'case'],
      forgetRow: [store, id],
      idFromRowUrl: [`https://a.example/api/data/v9.2/incidents(${id})`],
      isGuid: [id],
      isJsonObject: [{}],
      isLoopbackHost: ['localhost'],
      isRejectedRequest: [new Error('x')],
      isRepeatableWithKey: [action],
      isRequired: [column],
      isWatchable: [column],
      isWritable: [column, { key: 'incidentid' }, 'create'],
      keyPropertyOf: [table],
      loadColumns: [definition, client, { from: 'columns', table: { name: 'case' }, use: 'read' }],
      loadPickList: [
        definition,
        client,
        { from: 'choices', table: 'case', column: 'priority' },
        { search: 'a' },
      ],
      loadTable: [connection, 'account'],
      lookupTableName: ['_a_value'],
      mergeNeeds: [needs, needs],
      needsOf: [[subscription], table],
      normalizeGuid: [`{${id}}`],
      observeRequest: [
        telemetry,
        { method: 'GET', route: '/', header: () => '' },
        async () => ({ status: 200 }),
      ],
      observeWork: [telemetry, { kind: 'action', operation: 'a' }, async () => 1, () => 1],
      omitEtag: [{ '@odata.etag': 'W/"1"', a: 1 }],
      omitUndefined: [{ a: undefined }],
      openConnection: [runtime, settings, credential, { allowLoopback: true }],
      openFeed: [connection, table, { operation: 'x', requestId: 'r' }],
      openSubscription: [connection, trigger, {}, { from: 'beginning' }],
      parseCallOptions: [{ asUser: id }],
      parseCursor: [host.serializeCursor(cursor as never)],
      parseDateTime: ['2026-12-01T00:00:00Z'],
      readColumnValues: [{ name: 'a' }, definition],
      readFormValue: ['a', { kind: 'text' }],
      readStoreContent: [store],
      parseEntraError: [{ error: 'a', error_description: 'b', error_codes: [1] }, String],
      parseExactJson: ['{"a":1}'],
      parseJsonPointer: ['/a/0'],
      parsePickedRow: [JSON.stringify({ table: 'account', id })],
      parseRetryAfter: [{ 'retry-after': '3' }, 0, 1000],
      pruneState: [store, checkpoint],
      pushStepsOf: [[subscription]],
      quoteFilterText: ["a'b"],
      quoteString: ["a'b"],
      readAccount: [vault, 'main'],
      readDeletedId: ['{"MessageName":"Delete"}', 'incident'],
      readFailedPushes: [connection, new Map([[id, 'incident']]), 0],
      readFeed: [feed, needs, { overlapMs: 1000, limits: { pages: 1 }, retention: { maxEntries: 10 } }],
      readFormattedValue: [{ 'a@OData.Community.Display.V1.FormattedValue': 'x' }, 'a'],
      readInitialPosition: [feed, 600_000],
      readPushRequest: [
        push,
        { key: endpoint.key, origin: 'https://a.example', tables: new Set(['incident']) },
      ],
      readWindow: [
        { ...windowOptions, reader: feed.reader, query: () => ({ filter: 'a eq 1' }), position: () => 1n },
      ],
      removeControls: ['a\u0007b', { keep: '\n' }],
      removeRegistration: [connection, { name: 'a' }],
      repairRegistration: [connection, wanted],
      requireOperation: ['action', definition.actions, 'case.create', definition.triggers],
      resolveTable: [definition, client.metadata, 'case'],
      rowPosition: [cursor, facts],
      rowUrl: ['https://a.example', 'incidents', id],
      runAs: [undefined, 'me', () => 1],
      runPoll: [connection, trigger, {}, undefined, { maxRowItems: 5 }],
      runtimeOf: [connector],
      serializeCursor: [cursor],
      startPosition: [cursor],
      suggest: ['tilte', ['title'], 2],
      summarizeCall: [definition, action, { title: 'x' }],
      toJsonPointer: ['a', 1],
      toLogFields: [new Error('x')],
      toPrintableJson: [{ a: 1 }],
      toVisibleJson: [{ a: 1 }],
      toWireName: [{ name: 'a', type: 'lookup' }],
      traceSender: [telemetry, send, { propagates: true }],
      untypedClient: [client],
      untypedConnector: [connector],
      windowQuery: [cursor, 5n, 'incidentid'],
      withoutNameOf: [{ a: id }, id],
    }),
  ];
}
