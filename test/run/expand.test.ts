import { expect } from 'chai';
import type { ConnectorError } from '../../src/errors/connector-error.ts';
import type { Json, JsonObject } from '../../src/model/json.ts';
import { createValidator } from '../../src/validation/validator.ts';
import { compileSmall, smallFiles, tableFile } from '../manifest/support/manifests.ts';
import { api, openYamlClient } from '../support/yaml-client.ts';

const id = '2a8f6a3e-6f0c-4b6e-9f0e-6f1f6a3e2b10';
const other = '77d0b2f6-2a51-4c2c-8d0f-4d7b1c0a9e31';
const third = '1f3d0c7a-5b1e-4c39-9d55-0a3c1c5d7e90';

/** The small manifest with two more tables, and a case that refers to them. */
const tables = {
  'schemas/tables/case.yaml': smallFiles()
    .get('schemas/tables/case.yaml')!
    .replace(
      /^properties:\n/m,
      `properties:
  customer:
    title: Customer
    x-lookup: { column: customerid, targets: { account: customerid_account, person: customerid_contact } }
  owner: { title: Owner, x-lookup: { column: ownerid, targets: { user: { navigation: ownerid, entitySet: systemusers, name: systemuser } } } }
  children: { title: Child cases, x-collection: { navigation: incident_parent_incident, table: case } }
  labels: { title: Labels, x-collection: { navigation: new_labels, table: account, manyToMany: true } }
`,
    ),
  'schemas/tables/account.yaml': tableFile(
    'Account',
    { logicalName: 'account', primaryName: 'name' },
    `  rating: { title: Rating, x-column: accountratingcode, x-choices: { good: 1, bad: 2 } }
  parent: { title: Parent, x-lookup: { column: parentaccountid, targets: { account: parentaccountid } } }
`,
  ),
  'schemas/tables/person.yaml': tableFile(
    'Person',
    { logicalName: 'contact', primaryName: 'fullname' },
    '  birthday: { title: Birthday, type: string, format: date, x-column: birthdate }\n',
  ),
};

const list = (expand = '') =>
  `title: List\ndescription: Lists.\ninput: { properties: { limit: { title: Limit, type: integer, default: 9 } } }\nrequest: { list: case${expand} }\npagination: { limit: input.limit }\n`;

function open(expand: string, responses: readonly unknown[] = []) {
  return openYamlClient({ ...tables, 'actions/case.list.yaml': list(expand) }, responses);
}

function expandOf(url: string | undefined): string | null {
  return new URL(url ?? '').searchParams.get('$expand');
}

const row = (more: object) => ({ incidentid: id, title: 'Kettle', ...more });

describe('expand of a list', () => {
  const declared =
    ', expand: { customer: [name, birthday], children: { columns: [title, priority], expand: { parent: [title] } } }';
  const wire = row({
    customerid_account: null,
    customerid_contact: { contactid: other, fullname: 'Ann', birthdate: '2000-01-31' },
    incident_parent_incident: [
      {
        incidentid: third,
        title: 'Child',
        prioritycode: 1,
        parentcaseid: { incidentid: id, title: 'Kettle' },
      },
    ],
  });
  const expanded = {
    customer: { id: other, name: 'Ann', birthday: '2000-01-31' },
    children: [
      { id: third, title: 'Child', priority: 'high', expanded: { parent: { id, title: 'Kettle' } } },
    ],
  };

  it('is sent in the names of Dataverse, to each table of a lookup that has one of the columns', async () => {
    const { client, requests } = open(declared, [{ value: [] }]);
    await client.run('case.list', {});
    expect(expandOf(requests[0]?.url)).to.equal(
      'customerid_account($select=accountid,name),customerid_contact($select=contactid,fullname,birthdate),' +
        'incident_parent_incident($select=incidentid,title,prioritycode;$expand=parentcaseid($select=incidentid,title))',
    );
  });

  it('decodes the expanded rows at any depth, as the schema of the output says', async () => {
    const { client, definition } = open(declared, [{ value: [wire] }]);
    const { output } = await client.run('case.list', {});
    expect((output as JsonObject[])[0]).to.deep.include({ id, title: 'Kettle', expanded });
    const { outputSchema } = definition.actions['case.list']!;
    expect(createValidator().issues(outputSchema, output)).to.deep.equal([]);
    const changed = [{ id, expanded: { ...expanded, children: [{ id: 7 }] } }];
    expect(
      createValidator()
        .issues(outputSchema, changed)
        .map(({ path }) => path),
    ).to.deep.equal(['/0/expanded/children/0/id']);
  });

  it('reads all pages of an expanded collection', async () => {
    const link = (page: number) => `${api}/incidents(${id})/incident_parent_incident?$skiptoken=${page}`;
    const child = (title: string) => ({ incidentid: third, title });
    const responses = [
      { value: [row({ incident_parent_incident: [], 'incident_parent_incident@odata.nextLink': link(1) })] },
      { value: [child('a')], '@odata.nextLink': link(2) },
      { value: [child('b')] },
    ];
    const { client, requests } = open(', expand: { children: [title] }', responses);
    const { output, meta } = await client.run('case.list', {});
    const [{ expanded: rows = null } = {}] = output as JsonObject[];
    expect(rows).to.deep.equal({
      children: [
        { id: third, title: 'a' },
        { id: third, title: 'b' },
      ],
    });
    expect(meta.attempts).to.equal(3);
    expect(requests[1]?.headers.prefer).to.equal(requests[0]?.headers.prefer);
  });

  it('reads a collection again only if its rows may be cut off', async () => {
    const whole = `${api}/incidents(${id})/incident_parent_incident?$select=title`;
    const child = (title: string) => ({ incidentid: third, title });
    const first = {
      value: [
        row({
          incident_parent_incident: [child('a')],
          'incident_parent_incident@odata.nextLink': whole,
        }),
      ],
    };
    const complete = open(', expand: { children: [title] }', [first]);
    await complete.client.run('case.list', {});
    expect(complete.requests.length).to.equal(1);

    const cut = open(', expand: { children: [title] }', [first, { value: [child('a'), child('b')] }]);
    const { output } = await cut.client.run('case.list', { limit: 1 });
    const [{ expanded: rows = null } = {}] = output as JsonObject[];
    expect(rows).to.deep.equal({
      children: [
        { id: third, title: 'a' },
        { id: third, title: 'b' },
      ],
    });
    expect(cut.requests[1]?.headers.prefer).to.contain('odata.maxpagesize=5000');
  });

  it('refuses a next link of a collection to another host', async () => {
    const link = 'https://evil.example/api/data/v9.2/incidents?$skiptoken=1';
    const responses = [
      { value: [row({ incident_parent_incident: [], 'incident_parent_incident@odata.nextLink': link })] },
    ];
    const { client } = open(', expand: { children: [title] }', responses);
    const error = (await client.run('case.list', {}).catch((reason) => reason)) as ConnectorError;
    expect(error.code).to.equal('ORIGIN_REFUSED');
  });

  it('can be chosen by the caller, and is shown by explain', async () => {
    const { client, requests } = open('', [{ value: [wire] }]);
    const input = {
      columns: ['title'],
      expand: { customer: ['name'], children: { columns: ['title'], expand: { parent: ['title'] } } },
    };
    const { output } = await client.run('case.list', input);
    const [{ expanded: rows = null } = {}] = output as JsonObject[];
    expect(rows).to.deep.equal({
      customer: { id: other, name: 'Ann' },
      children: [{ id: third, title: 'Child', expanded: { parent: { id, title: 'Kettle' } } }],
    });
    expect(decodeURIComponent(client.explain('case.list', input).url)).to.equal(
      decodeURIComponent(requests[0]?.url ?? ''),
    );
  });

  it('reports all unknown names of a caller before anything is sent', async () => {
    const { client, requests } = open('');
    const wrong = async (expand: Json) => {
      const error = (await client.run('case.list', { expand }).catch((reason) => reason)) as ConnectorError;
      return error.details.issues?.map(({ path, message }) => `${path} ${message}`);
    };
    expect(await wrong({ customer: ['nam', 'birthdat'] })).to.deep.equal([
      '/expand/customer/0 is not a column of the table Account or Person: "nam": did you mean "name"?',
      '/expand/customer/1 is not a column of the table Account or Person: "birthdat": did you mean "birthday"?',
    ]);
    expect(await wrong({ children: { columns: ['title'], expand: { titel: ['id'] } } })).to.deep.equal([
      '/expand/children/expand/titel is not a lookup or collection of the table Case',
    ]);
    expect(await wrong({ childs: ['title'] })).to.have.length(1);
    expect(await wrong({ labels: ['name'], children: ['title'] })).to.deep.equal([
      '/expand/labels is a many-to-many relationship, which cannot be expanded together with others',
    ]);
    expect(requests).to.deep.equal([]);
  });

  it('is limited to 15 expands, as in Dataverse', async () => {
    const nest = (depth: number): JsonObject =>
      depth === 0 ? { children: ['title'] } : { children: { columns: ['title'], expand: nest(depth - 1) } };
    const { client, requests } = open('', [{ value: [] }]);
    await client.run('case.list', { expand: nest(14) });
    const error = (await client
      .run('case.list', { expand: nest(15) })
      .catch((reason) => reason)) as ConnectorError;
    expect(error.message).to.match(/has 16 expands/);
    expect(requests.length).to.equal(1);
  });

  it('leaves out a column of an expanded row that the organization lacks', async () => {
    const message =
      "Could not find a property named 'accountratingcode' on type 'Microsoft.Dynamics.CRM.account'.";
    const { client, requests } = open(', expand: { customer: [name, rating] }', [
      { status: 400, body: { error: { code: '0x80060888', message } } },
      { value: [] },
    ]);
    await client.run('case.list', {});
    expect(expandOf(requests[1]?.url)).to.equal(
      'customerid_account($select=accountid,name),customerid_contact($select=contactid,fullname)',
    );
  });
});

describe('expand in YAML', () => {
  const codes = (expand: string, more: Readonly<Record<string, string>> = {}) =>
    compileSmall({ ...tables, ...more, 'actions/case.list.yaml': list(expand) })
      .diagnostics.filter(({ code }) => code !== 'M119')
      .map(
        ({ code, sourceLine, location, fix }) =>
          `${code} ${sourceLine.slice(location.column - 1, location.column - 1 + location.length)} -> ${fix}`,
      );

  it('is checked when it is loaded', () => {
    expect(
      codes(
        ', expand: { customer: [nam], childen: [title], children: { columns: [title], expand: { parnt: [title] } } }',
      ),
    ).to.deep.equal([
      'S122 nam -> did you mean "name"?',
      'S122 childen -> did you mean "children"?',
      'S122 parnt -> did you mean "parent"?',
    ]);
    expect(codes(', expand: { owner: [name] }')).to.deep.equal([
      'S122 owner -> add a file for this table to schemas/tables',
    ]);
  });

  it('is not lost in a request with a path whose rows are those of a table file', () => {
    const action = `title: Try\ndescription: Tries.\ninput: { properties: { limit: { title: Limit, type: integer, default: 9 } } }\nrequest: { method: GET, path: /incidents, query: { $expand: "customerid_account($select=name)" } }\npagination: { limit: input.limit }\noutput: { type: array, items: { $ref: ../schemas/tables/case.yaml } }\n`;
    expect(
      compileSmall({ ...tables, 'actions/case.try.yaml': action }).diagnostics.map(({ code }) => code),
    ).to.include('M110');
  });
});
