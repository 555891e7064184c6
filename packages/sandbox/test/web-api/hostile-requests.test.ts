import { expect } from 'chai';
import fc from 'fast-check';
import { createWebApiFixture, type WebApiFixture } from './fixture.ts';

/** Number of requests; FUZZ_CASES=50000 for a long run. */
const numRuns = Number(process.env.FUZZ_CASES ?? 1500);

const id = '0000000a-0000-4000-8000-000000000001';
const word = fc.constantFrom(
  ...'accounts incidents emails tasks systemusers teams activitypointers queueitems annotations principals'.split(
    ' ',
  ),
  ...'$metadata $batch $ref $count $value WhoAmI CloseIncident Merge EntityDefinitions Attributes Keys'.split(
    ' ',
  ),
  ...'RelationshipDefinitions GlobalOptionSetDefinitions name revenue primarycontactid Account_Tasks'.split(
    ' ',
  ),
  ...'email_activity_parties ownerid new_doc statecode _ownerid_value Microsoft.Dynamics.CRM.account'.split(
    ' ',
  ),
  ...'Microsoft.Dynamics.CRM.CreateMultiple Microsoft.Dynamics.CRM.AddToQueue RetrieveTotalRecordCount'.split(
    ' ',
  ),
  ...'InitializeFrom RetrievePrincipalAccess UploadBlock InitializeFileBlocksUpload'.split(' '),
  ...'RetrieveMetadataChanges InitializeAnnotationBlocksUpload CommitAttachmentBlocksUpload'.split(' '),
  ...'InitializeAttachmentBlocksDownload DownloadBlock DeleteFile recurringappointmentmasters'.split(' '),
  ...'Microsoft.Dynamics.CRM.CreateException'.split(' '),
);
const junk = fc.oneof(fc.string({ unit: 'binary', maxLength: 12 }), fc.string({ maxLength: 12 }));
const key = fc.oneof(
  fc.constantFrom(
    id,
    "LogicalName='account'",
    `accountid=${id}`,
    "accountnumber='a'",
    '',
    '@p1',
    "EntityNames=['account']",
  ),
  fc.constantFrom(
    "Target={'@odata.id':'accounts(1)'}",
    'EntityNames=@p1',
    "name='",
    '(((',
    `{${id}}`,
    '1,2,3',
  ),
  junk,
);
const segment = fc.oneof(
  { weight: 4, arbitrary: word },
  { weight: 4, arbitrary: fc.tuple(word, key).map(([name, args]) => `${name}(${args})`) },
  { weight: 1, arbitrary: junk },
);
const row = `accounts(${id})`;
const known = fc.constantFrom(
  ...[
    'accounts',
    'incidents',
    'emails',
    'activitypointers',
    'WhoAmI',
    'CloseIncident',
    'Merge',
    '$batch',
    '$metadata',
  ],
  ...[
    row,
    `${row}/name`,
    `${row}/Account_Tasks`,
    `${row}/primarycontactid`,
    `${row}/ownerid`,
    `${row}/new_doc`,
  ],
  ...[`${row}/contact_customer_accounts/$ref`, `${row}/primarycontactid/$ref`, `${row}/Account_Tasks/$count`],
  ...[
    'accounts/$count',
    "EntityDefinitions(LogicalName='account')",
    'EntityDefinitions',
    'RouteTo',
    'GrantAccess',
  ],
  ...['accounts/Microsoft.Dynamics.CRM.CreateMultiple', 'accounts/Microsoft.Dynamics.CRM.UpsertMultiple'],
  ...["EntityDefinitions(LogicalName='account')/Attributes", 'InitializeFileBlocksUpload', 'UploadBlock'],
  ...[
    'RetrieveTotalRecordCount(EntityNames=@p1)',
    `systemusers(${id})/Microsoft.Dynamics.CRM.RetrievePrincipalAccess(Target=@p1)`,
  ],
);
const path = fc.oneof(
  { weight: 3, arbitrary: known },
  { weight: 1, arbitrary: fc.tuple(known, segment).map((parts) => parts.join('/')) },
  { weight: 1, arbitrary: fc.array(segment, { maxLength: 4 }).map((parts) => parts.join('/')) },
);
const option = fc.oneof(
  fc.constantFrom(
    '$select=name',
    '$select=*',
    '$select=name,revenue,_ownerid_value',
    '$expand=primarycontactid($select=fullname),Account_Tasks($top=1)',
    '$expand=createdby/$ref',
    "$filter=contains(name,'%')",
    '$filter=revenue gt 1e999 or name eq null',
    "$filter=Account_Tasks/any(t:t/subject eq 'x')",
    "$filter=Microsoft.Dynamics.CRM.LastXDays(PropertyName='createdon',PropertyValue=99999999999)",
    '$orderby=name desc',
    '$top=0',
    '$count=true',
    '$apply=groupby((statuscode),aggregate($count as n))',
    '$apply=aggregate(name with sum as x)',
    '$deltatoken=99999999999999999999!13/45/0000 99:99:99',
    '$deltatoken=1!01/01/2024 00:00:00',
    '$skiptoken=<cookie pagenumber="2" pagingcookie="%253ctoken%2520value%253d%2522x%2522" istracking="True" />',
    '$skiptoken=<cookie pagenumber="2" pagingcookie="<token value="1:x" />" istracking="True" />',
    '$id=accounts(1)',
    'fetchXml=<fetch><entity name="account"><all-attributes/></entity></fetch>',
    'fetchXml=<fetch><entity name="account"><filter><condition attribute="name" operator="last-x-days" value="z"/></filter></entity></fetch>',
    `savedQuery=${id}`,
    'annotations=true',
    "@p1='x'",
    '@p1=["account"]',
    'FileContinuationToken=x',
    '%zz=1',
  ),
  fc
    .tuple(
      fc.constantFrom(
        '$filter',
        '$expand',
        '$select',
        '$orderby',
        '$apply',
        '$skiptoken',
        '$deltatoken',
        'fetchXml',
        '@p1',
      ),
      junk,
    )
    .map(([name, text]) => `${name}=${text}`),
);
const target = fc
  .tuple(
    fc.constantFrom('v9.2', 'v9.2', 'v9.2', 'v9.2', 'v9.1', 'v9.0', 'v8.2', 'v9.2', 'v1.0'),
    path,
    fc.array(option, { maxLength: 2 }),
  )
  .map(([version, below, options]) => `/api/data/${version}/${below}?${options.join('&')}`);

const value = fc.oneof(
  fc.constantFrom(
    null,
    true,
    -1,
    0.5,
    1e300,
    2 ** 53,
    '',
    'x',
    id,
    `/accounts(${id})`,
    '$1',
    '2024-02-30',
    'accounts(',
    [],
    {},
  ),
  junk,
);
const member = fc.constantFrom(
  ...'name revenue accountid statecode statuscode title prioritycode createdon versionnumber __proto__ constructor'.split(
    ' ',
  ),
  ...'primarycontactid@odata.bind customerid_account@odata.bind @odata.type @odata.id @odata.bind value Targets'.split(
    ' ',
  ),
  ...'primarycontactid Account_Tasks email_activity_parties contact_customer_accounts@odata.bind Target Status'.split(
    ' ',
  ),
  ...'IncidentResolution Members PrincipalAccess BlockData BlockId FileContinuationToken QueueItem Subordinate'.split(
    ' ',
  ),
);
const object = fc.letrec((tie) => ({
  json: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    value,
    tie('object'),
    fc.array(tie('json'), { maxLength: 2 }),
  ),
  object: fc
    .array(fc.tuple(member, tie('json')), { maxLength: 4 })
    .map(
      (pairs) =>
        `{${pairs.map(([name, inner]) => `${JSON.stringify(name)}:${typeof inner === 'string' && inner.startsWith('{') ? inner : JSON.stringify(inner)}`).join(',')}}`,
    ),
})).object as fc.Arbitrary<string>;
const boundary = 'b';
const batch = fc
  .array(fc.tuple(fc.constantFrom('GET', 'POST', 'PATCH', 'PUT', 'DELETE'), target, fc.oneof(object, junk)), {
    maxLength: 3,
  })
  .map((parts) =>
    [
      ...parts.map(
        ([method, url, body]) =>
          `--${boundary}\r\nContent-Type: application/http\r\nContent-ID: 1\r\n\r\n${method} ${url} HTTP/1.1\r\nPrefer: return=representation\r\n\r\n${body}\r\n`,
      ),
      `--${boundary}--`,
    ].join(''),
  );
const body = fc.oneof({ weight: 4, arbitrary: object }, batch, junk, fc.uint8Array({ maxLength: 20 }));
const headers = fc.record(
  {
    Prefer: fc.oneof(
      fc.constantFrom(
        'return=representation',
        'odata.track-changes',
        'odata.maxpagesize=1',
        'odata.include-annotations="*"',
        'odata.maxpagesize=99999999999',
      ),
      junk,
    ),
    'If-Match': fc.constantFrom('*', 'W/"1"', 'x'),
    'If-None-Match': fc.constantFrom('*', 'null', 'W/"1"'),
    'Content-Type': fc.constantFrom(`multipart/mixed; boundary=${boundary}`, 'application/json', ''),
    Range: fc.constantFrom('bytes=0-1', 'x'),
    'x-ms-file-name': junk,
  },
  { requiredKeys: [] },
) as fc.Arbitrary<Record<string, string>>;

describe('hostile requests', () => {
  let fixture: WebApiFixture;

  before(() => {
    fixture = createWebApiFixture();
    const shape = { required: 'None', validForCreate: true, validForUpdate: true } as const;
    fixture.store.addColumn('account', {
      logicalName: 'new_doc',
      schemaName: 'new_doc',
      displayName: 'Doc',
      type: 'File',
      ...shape,
    });
    fixture.create('accounts', { accountid: id, name: 'A' });
  });
  after(() => fixture.store.close());

  it('get no 500 response, and JSON in every error', () => {
    const method = fc.constantFrom(
      ...'GET GET GET GET POST POST POST POST PATCH PATCH PUT DELETE HEAD BREW'.split(' '),
    );
    fc.assert(
      fc.property(method, target, headers, body, (verb, where, sent, bytes) => {
        fixture.send('PATCH', row, { name: 'A' });
        const response = fixture.send(verb, where, bytes, sent);
        expect(response.status < 500 || response.status === 501, response.text).to.equal(true);
        const single = !response.headers['Content-Type']?.startsWith('multipart/');
        if (response.status >= 400 && response.status !== 416 && single)
          expect(response.json.error.message, response.text).to.be.a('string');
        if (/ 500 Internal/.test(response.text)) expect.fail(response.text);
      }),
      { numRuns },
    );
  });

  it('with deep or long bodies are rejected', () => {
    const deep = `${'{"primarycontactid":'.repeat(50_000)}1${'}'.repeat(50_000)}`;
    const nested = `${'{"primarycontactid":'.repeat(30)}{}${'}'.repeat(30)}`;
    const longFilter = `accounts?$filter=${'('.repeat(10_000)}`;
    expect(fixture.send('POST', 'accounts', deep).status).to.equal(400);
    expect(fixture.send('POST', 'accounts', nested).status).to.equal(400);
    expect(fixture.send('POST', 'accounts', `[${'['.repeat(200_000)}`).status).to.equal(400);
    expect(fixture.get(longFilter).status).to.equal(400);
    expect(fixture.send('PATCH', `accounts(${id})`, { name: 'x'.repeat(5_000_000) }).status).to.equal(400);
  });
});
