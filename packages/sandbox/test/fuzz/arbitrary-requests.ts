import fc from 'fast-check';
import type { Model, TableModel } from '../../src/model/types.ts';
import {
  columnDefinition,
  label,
  oneToManyDefinition,
  options,
  tableDefinition,
} from '../web-api/schema-definitions.ts';
import { arbitraryOtherBody, arbitraryParameters, arbitraryRowBody } from './arbitrary-bodies.ts';
import { arbitraryFetchXml } from './arbitrary-fetchxml.ts';
import { arbitraryOption } from './arbitrary-queries.ts';
import {
  arbitraryColumn,
  arbitraryRow,
  arbitraryTable,
  type FuzzDomain,
  junk,
  missingId,
  operations,
} from './fuzz-domain.ts';

/** A request without its connection. The path is behind `/api/data/`. */
export interface FuzzRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

/** A request before its headers. */
type Call = Omit<FuzzRequest, 'headers'>;

const withQuery = (path: string, query: readonly string[]): string =>
  query.length === 0 ? path : `${path}?${query.join('&')}`;

const queries = (domain: FuzzDomain, model: Model, table: TableModel) =>
  fc.array(arbitraryOption(domain, table, model), { maxLength: 3 });

function reads(domain: FuzzDomain, model: Model): fc.Arbitrary<Call> {
  const set = arbitraryTable(domain).chain((table) =>
    fc
      .tuple(fc.constantFrom('', '/$count', '/$ref'), queries(domain, model, table))
      .map(([end, query]) => withQuery(`${table.set}${end}`, query)),
  );
  const row = arbitraryRow(domain).chain(({ table: name, set: of, id }) => {
    const table = model.table(name) ?? domain.tables[0];
    if (table === undefined) return fc.constant(of);
    const navigations = model.navigations(table).map((navigation) => `/${navigation.name}`);
    const columns = table.attributes.map(({ logicalName }) => `/${logicalName}`);
    const end = fc.constantFrom('', '', ...navigations, ...columns.slice(0, 20));
    const more = fc.constantFrom('', '', '/$ref', '/$count', '/$value', '/x');
    return fc
      .tuple(
        fc.constantFrom(id, id, missingId, `{${id}}`, 'x', "name='a'", ''),
        end,
        more,
        queries(domain, model, table),
      )
      .map(([key, part, tail, query]) => withQuery(`${of}(${key})${part}${tail}`, query));
  });
  return fc
    .tuple(fc.constantFrom('GET', 'GET', 'GET', 'GET', 'DELETE', 'PUT', 'HEAD', 'BREW'), fc.oneof(set, row))
    .map(([method, path]) => ({ method, path, body: '' }));
}

const fetches = (domain: FuzzDomain, model: Model): fc.Arbitrary<Call> =>
  arbitraryTable(domain).chain((table) =>
    arbitraryFetchXml(domain, model, table).map((xml) => ({
      method: 'GET',
      path: `${table.set}?fetchXml=${encodeURIComponent(xml.toWellFormed())}`,
      body: '',
    })),
  );

function writes(domain: FuzzDomain, model: Model): fc.Arbitrary<Call> {
  const create: fc.Arbitrary<Call> = arbitraryTable(domain).chain((table) =>
    arbitraryRowBody(domain, model, table).map((body) => ({
      method: 'POST',
      path: String(table.set),
      body: JSON.stringify(body),
    })),
  );
  const change = arbitraryRow(domain).chain(({ table: name, set, id }): fc.Arbitrary<Call> => {
    const table = model.table(name) ?? domain.tables[0];
    if (table === undefined) return create;
    const parts = [
      '',
      '',
      ...model.navigations(table).flatMap((one) => [`/${one.name}`, `/${one.name}/$ref`]),
    ];
    const columns = table.attributes.map(({ logicalName }) => `/${logicalName}`);
    return fc
      .tuple(
        fc.constantFrom('PATCH', 'PATCH', 'PATCH', 'PUT', 'DELETE', 'POST'),
        fc.constantFrom(id, id, missingId),
        fc.constantFrom(...parts, ...columns.slice(0, 15)),
        fc.oneof(
          arbitraryRowBody(domain, model, table).map((body) => JSON.stringify(body)),
          arbitraryRow(domain).map((other) => JSON.stringify({ '@odata.id': `${other.set}(${other.id})` })),
          arbitraryOtherBody(domain),
        ),
      )
      .map(([method, key, part, body]) => ({ method, path: `${set}(${key})${part}`, body }));
  });
  return fc.oneof(create, change, change);
}

function calls(domain: FuzzDomain, model: Model): fc.Arbitrary<Call> {
  return fc.constantFrom(...operations).chain((operation) => {
    const { name, kind, boundTo } = operation;
    const rows = domain.rows.filter(({ table }) => boundTo?.table === undefined || table === boundTo.table);
    const on = rows.length > 0 ? fc.constantFrom(...rows) : arbitraryRow(domain);
    return fc
      .tuple(on, arbitraryParameters(domain, model, operation), arbitraryOtherBody(domain), fc.nat(9))
      .map(([{ set, id }, parameters, other, dice]) => {
        const prefix =
          boundTo === undefined
            ? ''
            : boundTo.kind === 'row'
              ? `${set}(${id})/Microsoft.Dynamics.CRM.`
              : `${set}/Microsoft.Dynamics.CRM.`;
        if (kind === 'action')
          return {
            method: 'POST',
            path: `${prefix}${name}`,
            body: dice === 0 ? other : (JSON.stringify(parameters) ?? ''),
          };
        const given = Object.entries(parameters).filter(([, value]) => value !== undefined);
        const names = given.map(([parameter], index) => `${parameter}=@p${index}`).join(',');
        const values = given.map(([, value], index) => `@p${index}=${toArgument(value)}`);
        return { method: 'GET', path: withQuery(`${prefix}${name}(${names})`, values), body: '' };
      });
  });
}

const toArgument = (value: unknown): string =>
  encodeURIComponent(
    (typeof value === 'string'
      ? `'${value.replaceAll("'", "''")}'`
      : (JSON.stringify(value) ?? 'null')
    ).toWellFormed(),
  );

const definitionRoots = ['EntityDefinitions', 'RelationshipDefinitions', 'GlobalOptionSetDefinitions'];
const casts = [
  '',
  '/Microsoft.Dynamics.CRM.PicklistAttributeMetadata',
  '/Microsoft.Dynamics.CRM.LookupAttributeMetadata',
  '/Microsoft.Dynamics.CRM.account',
];

function metadata(domain: FuzzDomain): fc.Arbitrary<Call> {
  const part = fc.constantFrom(
    '',
    '/Attributes',
    '/Keys',
    '/ManyToOneRelationships',
    '/OneToManyRelationships',
    '/ManyToManyRelationships',
    '/LogicalName',
    '/x',
  );
  const query = fc.array(
    fc.oneof(
      fc.constantFrom(
        ...[
          '$select=LogicalName',
          '$expand=Attributes',
          '$expand=Attributes($select=LogicalName),Keys',
          '$top=2',
          '$filter=IsCustomEntity eq true',
        ],
        ...[
          "$filter=LogicalName eq 'account'",
          "$filter=contains(LogicalName,'a')",
          '$expand=OptionSet',
          '$select=nope',
          'LabelLanguages=1033',
        ],
      ),
      junk.map((text) => `$filter=${text}`),
    ),
    { maxLength: 2 },
  );
  const table = arbitraryColumn(domain).chain(([{ logicalName }, attribute]) =>
    fc.tuple(part, fc.boolean(), fc.constantFrom(...casts)).map(([below, one, cast]) => {
      const key = one && below === '/Attributes' ? `(LogicalName='${attribute.logicalName}')` : '';
      return `EntityDefinitions(LogicalName='${logicalName}')${below}${key}${cast}`;
    }),
  );
  const root = fc.constantFrom(
    ...definitionRoots,
    '$metadata',
    '',
    "GlobalOptionSetDefinitions(Name='budgetstatus')",
    `EntityDefinitions(${missingId})`,
  );
  return fc
    .tuple(fc.oneof(table, table, root), query)
    .map(([path, options_]) => ({ method: 'GET', path: withQuery(path, options_), body: '' }));
}

const schemaNames = ['new_Alpha', 'new_Beta', 'new_Gamma', 'account', 'new_', 'x y', 'cr123_Delta'];
const columnTypes = [
  'String',
  'Memo',
  'Integer',
  'BigInt',
  'Decimal',
  'Double',
  'Money',
  'Boolean',
  'DateTime',
  'Picklist',
  'MultiSelectPicklist',
  'Lookup',
  'File',
  'Image',
  'State',
];

function schemaChanges(domain: FuzzDomain): fc.Arbitrary<Call> {
  const name = fc.constantFrom(...schemaNames);
  const table = fc.oneof(
    name.map((text) => text.toLowerCase()),
    arbitraryTable(domain).map(({ logicalName }) => logicalName),
  );
  const column = fc
    .tuple(
      fc.constantFrom(...columnTypes),
      name,
      fc.constantFrom<object>(
        {},
        { MaxLength: 10 },
        { MaxLength: -1 },
        { Precision: 99 },
        { OptionSet: { Options: options('A', 'B') } },
        { OptionSet: 5 },
        { Format: 'x' },
        { RequiredLevel: null },
      ),
    )
    .map(([type, schema, more]) => columnDefinition(type, schema, more));
  const post = (path: fc.Arbitrary<string>, body: fc.Arbitrary<unknown>) =>
    fc
      .tuple(path, body)
      .map(([where, what]) => ({ method: 'POST', path: where, body: JSON.stringify(what) ?? '' }));
  const of = (text: string) => `EntityDefinitions(LogicalName='${text}')`;
  return fc.oneof(
    post(
      fc.constant('EntityDefinitions'),
      name.map((text) => tableDefinition(text)),
    ),
    post(
      table.map((text) => `${of(text)}/Attributes`),
      column,
    ),
    post(
      table.map((text) => `${of(text)}/Keys`),
      name.map((text) => ({
        SchemaName: text,
        DisplayName: label(text),
        KeyAttributes: ['name', text.toLowerCase()],
      })),
    ),
    post(
      fc.constant('RelationshipDefinitions'),
      fc.tuple(table, table).map(([a, b]) => oneToManyDefinition(a, b)),
    ),
    post(
      fc.constant('GlobalOptionSetDefinitions'),
      name.map((text) => ({
        '@odata.type': 'Microsoft.Dynamics.CRM.OptionSetMetadata',
        Name: text,
        OptionSetType: 'Picklist',
        Options: options('A'),
      })),
    ),
    post(fc.constantFrom(...definitionRoots), arbitraryOtherBody(domain).map(String)),
    fc
      .tuple(
        fc.constantFrom('DELETE', 'PUT', 'PATCH'),
        name,
        fc.constantFrom('', "/Attributes(LogicalName='new_beta')", "/Keys(LogicalName='new_beta')"),
      )
      .map(([method, text, part]) => ({
        method,
        path: `${of(text.toLowerCase())}${part}`,
        body: method === 'PUT' ? JSON.stringify(tableDefinition(text)) : '',
      })),
  );
}

const word = fc.constantFrom(
  'accounts',
  'incidents',
  '$batch',
  '$metadata',
  '$ref',
  '$count',
  '$value',
  'WhoAmI',
  'name',
  'Microsoft.Dynamics.CRM.account',
  '@p1',
  "name='",
  '(((',
  '%2e%2e',
  'Instances',
);

const strange = (domain: FuzzDomain): fc.Arbitrary<Call> =>
  fc
    .tuple(
      fc.constantFrom('GET', 'POST', 'PATCH', 'PUT', 'DELETE', 'OPTIONS', 'BREW'),
      fc.array(fc.oneof(word, junk), { maxLength: 4 }).map((parts) => parts.join('/')),
      arbitraryOtherBody(domain),
    )
    .map(([method, path, body]) => ({ method, path, body }));

const boundary = 'b';

function batches(one: fc.Arbitrary<Call>): fc.Arbitrary<Call> {
  const part = fc.tuple(one, fc.boolean()).map(([{ method, path, body }, absolute]) => {
    const target = absolute ? `/api/data/v9.2/${path}` : path;
    const text = typeof body === 'string' ? body : '';
    return `Content-Type: application/http\r\nContent-Transfer-Encoding: binary\r\nContent-ID: 1\r\n\r\n${method} ${target} HTTP/1.1\r\nContent-Type: application/json\r\n\r\n${text}\r\n`;
  });
  const parts = fc.array(part, { maxLength: 3 });
  const changeSet = parts.map(
    (all) =>
      `Content-Type: multipart/mixed; boundary=c\r\n\r\n${all.map((text) => `--c\r\n${text}`).join('')}--c--\r\n`,
  );
  return fc.array(fc.oneof(part, changeSet), { maxLength: 3 }).map((all) => ({
    method: 'POST',
    path: '$batch',
    body: `${all.map((text) => `--${boundary}\r\n${text}`).join('')}--${boundary}--`,
  }));
}

const header: fc.Arbitrary<readonly [string, string]> = fc.oneof(
  fc.constantFrom<readonly [string, string]>(
    ['Prefer', 'return=representation'],
    ['Prefer', 'odata.track-changes'],
    ['Prefer', 'odata.maxpagesize=1'],
    ['Prefer', 'odata.maxpagesize=99999999999'],
    ['Prefer', 'odata.include-annotations="*"'],
    ['Prefer', 'odata.continue-on-error'],
    ['Prefer', 'respond-async'],
    ['If-Match', '*'],
    ['If-Match', 'W/"1"'],
    ['If-None-Match', '*'],
    ['If-None-Match', 'W/"1"'],
    ['MSCRM.SuppressDuplicateDetection', 'false'],
    ['MSCRM.SolutionUniqueName', 'Default'],
    ['MSCRM.BypassCustomPluginExecution', 'true'],
    ['CallerObjectId', missingId],
    ['Range', 'bytes=0-1'],
    ['Range', 'x'],
  ),
  fc.tuple(
    fc.constantFrom('Prefer', 'If-Match', 'MSCRMCallerID', 'x-ms-file-name', 'MSCRM.SolutionUniqueName'),
    junk,
  ),
);
const headers = fc.array(header, { maxLength: 2 }).map((pairs) => Object.fromEntries(pairs));

const versions = fc.oneof(
  { weight: 30, arbitrary: fc.constant('v9.2') },
  { weight: 1, arbitrary: fc.constantFrom('v9.1', 'v9.0', 'v8.2', 'v1.0', 'v2.0') },
);

/** Requests of all kinds: valid, almost valid, and no requests at all. */
export function arbitraryRequest(domain: FuzzDomain, model: Model): fc.Arbitrary<FuzzRequest> {
  const simple = fc.oneof(
    { weight: 5, arbitrary: reads(domain, model) },
    { weight: 4, arbitrary: writes(domain, model) },
    { weight: 4, arbitrary: calls(domain, model) },
    { weight: 3, arbitrary: fetches(domain, model) },
    { weight: 2, arbitrary: metadata(domain) },
    { weight: 1, arbitrary: schemaChanges(domain) },
    { weight: 1, arbitrary: strange(domain) },
  );
  const call = fc.oneof({ weight: 9, arbitrary: simple }, { weight: 1, arbitrary: batches(simple) });
  return fc
    .tuple(versions, call, headers, fc.nat(19))
    .map(([version, { method, path, body }, sent, dice]) => ({
      method,
      path: `${version}/${path}`,
      body,
      headers: { ...sent, 'Content-Type': contentType(path, dice) },
    }));
}

const contentType = (path: string, dice: number): string =>
  path === '$batch' && dice > 0
    ? `multipart/mixed; boundary=${boundary}`
    : dice === 1
      ? 'application/octet-stream'
      : 'application/json';
