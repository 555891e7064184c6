import * as authoring from '../../../src/authoring/index.ts';
import { runtimeOf } from '../../../src/host.ts';
import { Secret } from '../../../src/index.ts';
import * as node from '../../../src/node/index.ts';
import * as odata from '../../../src/odata/index.ts';
import { whole } from '../hostile-values.ts';
import type { Fixtures } from './fixtures.ts';
import { type Subjects, subjectsOf } from './subject.ts';

const id = '2a8f6a3e-6f0c-4b6e-9f0e-6f1f6a3e2b10';

/** The adapters for Node.js. PostgreSQL is not there: its functions get an address where nobody listens. */
export function nodeSubjects(fixtures: Fixtures): readonly Subjects[] {
  const { folder, manifest, database } = fixtures;
  const sql = whole({ query: async () => ({ rows: [], rowCount: 0 }) });
  const postgres = whole({
    ...sql,
    transaction: async (work: (sql: object) => unknown) => work(sql),
    close: async () => {},
  });
  return [
    subjectsOf('./node', node, {
      buildManifest: [manifest, `${folder}/build.json`],
      clientSecretFromEnv: [{ D365_CLIENT_SECRET: 'x' }, 'D365_'],
      secretFrom: ['https://a.vault.azure.net/secrets/b', { env: {} }],
      connectionFromEnv: [{ D365_ORG_URL: 'https://a.crm.dynamics.com', D365_CLIENT_ID: id }, 'D365_'],
      createLog: [{ format: 'json', level: 'info', write: () => {} }],
      createNodeFetchSender: [{ HTTPS_PROXY: 'http://p.example' }, {}],
      createNodeServices: [{ random: Math.random }],
      createPostgresTables: [postgres, 'CREATE TABLE a (b TEXT)'],
      createSender: [{ transport: 'node-fetch' }],
      createStateStore: [database],
      importOptional: [async () => 1, { name: 'a', feature: 'b', install: 'c' }],
      localConnectOptions: [{ localAuthority: 'http://127.0.0.1:1', localDiscovery: 'http://127.0.0.1:1' }],
      managedIdentity: [{ clientId: id }, {}],
      oneAtATime: [postgres, async () => 1],
      openAuditLog: [{ folder: `${folder}/audit`, keepDays: 3, actor: 'me' }],
      openConnectionStore: [{ env: { D365_HOME: folder, D365_KEY_FILE: '/tmp/none/d365.key' } }],
      openLoopbackRedirect: [],
      openPostgres: ['postgres://127.0.0.1:1/a', { maxWaitMs: 1 }],
      openPostgresStore: [postgres],
      openSqliteFile: [`${folder}/file.db`, 'CREATE TABLE IF NOT EXISTS a (b TEXT)'],
      openSqliteStore: [`${folder}/store.db`],
      openTelemetry: [],
      readEntries: [sql, ['a']],
      readManifest: [manifest],
      replaceFileText: [`${folder}/text.txt`, 'x'],
      usesProxy: ['https://a.example', { HTTPS_PROXY: 'http://p.example' }],
      toApp: [{ clientId: id }, { secret: new Secret('x') }],
      workloadAssertion: [{}],
      writeEntries: [sql, new Map([['a', 'x']])],
    }),
  ];
}

const batch = { method: 'GET', url: '/api/data/v9.2/accounts', headers: {} };
const element = { name: 'condition', attributes: { value: 'a' }, children: [] };

/** Parsers and writers of the Web API. */
export function odataSubjects(): readonly Subjects[] {
  return [
    subjectsOf('./odata', odata, {
      composeBatchRequest: [[batch, { changeSet: [batch] }], 'b'],
      composeBatchResponse: [[{ status: 200, headers: {}, body: '{}' }], () => 'b'],
      escapeXml: ['<a>'],
      formatEtag: ['1'],
      isGuid: [id],
      isSemiJoin: [{ attributes: { 'link-type': 'any' } }],
      isTrue: ['true'],
      isValidDate: ['2026-12-01'],
      isValidDateTime: ['2026-12-01T00:00:00Z'],
      omitEtag: [{ '@odata.etag': 'W/"1"' }],
      parseApply: ['aggregate($count as n)', new Map()],
      parseBatchRequest: ['multipart/mixed; boundary=b', '--b\r\n\r\n--b--'],
      parseBatchResponse: ['multipart/mixed; boundary=b', '--b\r\n\r\n--b--'],
      parseEtagVersion: ['W/"1"'],
      parseExpand: ['a($select=b)'],
      parseFilter: ["a eq 'b'", new Map([['@a', '1']])],
      parseOrderBy: ['a desc', new Map()],
      parseQueryString: ['$top=3&$select=a'],
      parseSelect: ['a,b'],
      quoteString: ["a'b"],
      readConditionValues: [{ ...element, children: [element] }],
      readEtag: [{ '@odata.etag': 'W/"1"' }],
      readFetchXml: ['<fetch><entity name="a"/></fetch>'],
      readFormattedValue: [{ a: 1 }, 'a'],
      readXml: ['<a/>'],
      sourceName: [{ attributes: { name: 'a', alias: 'b' } }],
      toLogicalName: ['_a_value'],
      toWireName: [{ name: 'a', type: 'lookup' }],
      unquoteString: ["'a'"],
    }),
  ];
}

/** The tools of authors. */
export function authoringSubjects(fixtures: Fixtures): readonly Subjects[] {
  const { definition, runtime, client, connection, packages, action, small } = fixtures;
  const validator = runtime.validator;
  const role = authoring.computeRole(definition, { operations: ['case.create'] });
  const roleConnection = connection;
  const result = { file: 'actions/a.yaml', index: 0, operation: 'a.b', name: 'x', failures: [] };
  const failure = { part: 'output', expected: 1, actual: 2, differences: [], message: 'x' };
  const file = 'tests: [{ name: x, input: {}, output: 1 }]';
  const schema = { type: 'object', properties: { a: { type: 'string' } } };
  const exchange = {
    request: { method: 'GET', url: 'accounts', headers: {} },
    response: { status: 200, headers: {}, body: '{}' },
  };
  const learning = { packages, tables: [], summaries: [], record: undefined };
  const service = authoring.createLanguageService();
  service.update(packages);
  const edited = { file: 'actions/visit.close.yaml', text: 'title: x\nrequest: { ' };
  return [
    subjectsOf('./authoring', authoring, {
      appendTest: ['actions/a.yaml', 'title: x\n', { name: 'x' }],
      applyEdits: ['abc', [{ start: 0, end: 1, text: 'x' }]],
      compareRole: [roleConnection, role],
      computeRole: [definition, { operations: ['case.create'], tables: ['case'], depth: 'Global' }],
      createLanguageService: [],
      createQueryChecker: [definition, client.metadata],
      createRecordingSender: [runtime.services.send],
      createRole: [roleConnection, role, { name: 'x', replace: false }],
      createTableLoader: [client.metadata, 10],
      createValidator: [],
      escapeXml: ['<a>'],
      explainCode: ['NOT_FOUND', ['# NOT_FOUND\n\nx']],
      generateValidatorSource: [{ a: schema }],
      isReadable: ['a: 1'],
      learnTables: [learning],
      lintManifest: [packages, whole({ table: () => undefined, tables: [] })],
      listTablesToLearn: [learning, ['account']],
      locateFailure: [result, failure, file],
      parseDurationMs: ['3s'],
      precompile: [whole(runtimeOf(small).definition), 'dynamics365-connector'],
      printDiagnostics: [
        [{ severity: 'error', code: 'Y101', message: 'x', file: 'a', line: 1, column: 1, fix: 'y' }],
        'text',
      ],
      readSnapshot: ['{"origin":"https://a.example","tables":[]}'],
      readSource: ['action', 'actions/a.yaml', 'title: x', { validator, diagnostics: [] }],
      recordTest: [runtime, action, { name: 'x', input: { title: 'x' }, exchanges: [exchange] }],
      runContractTests: [runtimeOf(small), () => true],
      sampleInput: [action],
      scaffoldConnector: ['my-connector', '1.0.0'],
      scaffoldFile: [packages, 'action', 'visit.close'],
      sortEdits: [[{ start: 0, end: 1, text: 'x' }]],
      toMetadataTables: [runtimeOf(small).definition, definition],
      updateTest: [result, failure, file],
      writeSnapshot: [{ origin: 'https://a.example' }, []],
      writeTypes: [{ definition: runtimeOf(small).definition, tables: [] }],
    }),
    subjectsOf('language service', service, {
      update: [packages],
      complete: [edited, 5],
      definition: [],
      explainWord: [edited, 2],
      codeActions: [edited, 0],
    }),
    subjectsOf('validator', validator, {
      issues: [schema, {}],
      detailedIssues: [schema, {}],
      withDefaults: [schema, {}],
    }),
  ];
}
