import { expect } from 'chai';
import type { ConnectorError } from '../../src/errors/connector-error.ts';
import type { Json } from '../../src/model/json.ts';
import { createValidator } from '../../src/validation/validator.ts';
import { api, openYamlClient } from '../support/yaml-client.ts';

const id = '2a8f6a3e-6f0c-4b6e-9f0e-6f1f6a3e2b10';
const other = '77d0b2f6-2a51-4c2c-8d0f-4d7b1c0a9e31';
const display = '@OData.Community.Display.V1.FormattedValue';
const lookupTable = '@Microsoft.Dynamics.CRM.lookuplogicalname';
const caseFile = '../schemas/tables/case.yaml';

interface Call {
  readonly output: string;
  readonly request?: string;
  readonly rest?: string;
}

function open(
  { output, request = '{ method: GET, path: /new_things }', rest = '' }: Call,
  responses: readonly unknown[],
) {
  const yaml = `title: Try\ndescription: Tries an output.\nrequest: ${request}\n${rest}output: ${output}\n`;
  return openYamlClient({ 'actions/case.try.yaml': yaml }, responses);
}

/** What the action returns; it is valid for the schema that the action has. */
async function run(call: Call, ...responses: readonly unknown[]): Promise<Json> {
  const { client, definition } = open(call, responses);
  const { output } = await client.run('case.try', {});
  const { outputSchema = {} } = definition.actions['case.try'] ?? {};
  expect(createValidator().issues(outputSchema, output)).to.deep.equal([]);
  return output as Json;
}

describe('the output of a plain request', () => {
  it('keeps every property of the schema beside one that is renamed', async () => {
    const output =
      '{ type: object, properties: { total: { type: integer, x-column: Total }, Other: { type: integer } } }';
    expect(await run({ output }, { '@odata.context': 'x', Total: 1, Other: 2, Third: 3 })).to.deep.equal({
      total: 1,
      Other: 2,
    });
  });

  it('keeps all members of an object with additional properties', async () => {
    const output =
      '{ type: object, additionalProperties: true, properties: { total: { type: integer, x-column: Total } } }';
    expect(await run({ output }, { Total: 1, Other: { a: [null] } })).to.deep.equal({
      total: 1,
      Other: { a: [null] },
    });
  });

  it('is the rows of a list, from all its pages', async () => {
    const output =
      '{ type: array, items: { type: object, properties: { name: { type: string, x-column: new_name, maxLength: 9 } } } }';
    const pages = [
      { value: [{ new_name: 'a' }, { new_name: 'b' }], '@odata.nextLink': `${api}/new_things?$skiptoken=2` },
      { value: [{ new_name: 'c' }] },
    ];
    expect(await run({ output }, ...pages)).to.deep.equal([{ name: 'a' }, { name: 'b' }, { name: 'c' }]);
  });

  it('is the rows of a list up to its limit', async () => {
    const output = '{ type: array, items: { type: object, properties: { n: { type: integer } } } }';
    const yaml = `title: Try\ndescription: Tries.\ninput: { properties: { limit: { title: Limit, type: integer, default: 3 } } }\nrequest: { method: GET, path: /new_things }\npagination: { limit: input.limit }\noutput: ${output}\n`;
    const page = (from: number) => ({
      value: [{ n: from }, { n: from + 1 }],
      '@odata.nextLink': `${api}/new_things?$skiptoken=${from}`,
    });
    const { client, requests } = openYamlClient({ 'actions/case.try.yaml': yaml }, [page(1), page(3)]);
    const { output: rows, meta } = await client.run('case.try', {});
    expect(rows).to.deep.equal([{ n: 1 }, { n: 2 }, { n: 3 }]);
    expect(meta.hasMore).to.equal(true);
    expect(requests[0]?.headers.prefer).to.contain('odata.maxpagesize=3');
  });

  it('refuses a next link to another host', async () => {
    const output = '{ type: array, items: { type: string, maxLength: 9 } }';
    const page = { value: ['a'], '@odata.nextLink': 'https://evil.example/api/data/v9.2/things' };
    const error = (await run({ output }, page).catch((reason) => reason)) as ConnectorError;
    expect(error.code).to.equal('ORIGIN_REFUSED');
  });

  it('refuses a list without rows', async () => {
    const error = (await run(
      { output: '{ type: array, items: { type: string, maxLength: 9 } }' },
      { rows: [] },
    ).catch((reason) => reason)) as ConnectorError;
    expect(error.code).to.equal('RESPONSE_INVALID');
  });

  it('is the value of a response with one value', async () => {
    expect(await run({ output: '{ type: integer }' }, { '@odata.context': 'x', value: 7 })).to.equal(7);
    expect(
      await run(
        { output: '{ type: integer }' },
        { status: 200, headers: { 'content-type': 'text/plain' }, body: '\ufeff42' },
      ),
    ).to.equal(42);
    expect(await run({ output: '{ type: string, maxLength: 9 }' }, { value: 'ok' })).to.equal('ok');
    expect(
      await run({ output: '{ type: array, items: { x-choices: { red: 1 } } }' }, { value: [1, 2] }),
    ).to.deep.equal(['red', { value: 2, label: null }]);
  });

  const deep = `{ type: array, items: { type: object, properties: {
    priority: { $ref: "${caseFile}#/properties/priority" },
    colors: { type: array, x-column: new_colors, x-choices: { red: 1, green: 2 } },
    parent: { $ref: "${caseFile}#/properties/parent" },
    owner: { x-lookup: { column: ownerid, targets: { systemuser: { navigation: ownerid, entitySet: systemusers } } } },
    on: { type: string, format: date-time, x-column: createdon },
    big: { type: string, x-type: bigint, x-column: versionnumber },
    amount: { type: number, x-column: new_amount },
    lines: { type: array, x-column: new_lines, items: { type: object, properties: { level: { x-column: new_level, x-choices: { low: 10 } } } } },
    case: { $ref: "${caseFile}", x-column: new_Case } } } }`;
  const deepRow = {
    prioritycode: 1,
    [`prioritycode${display}`]: 'High',
    new_colors: '1,3',
    _parentcaseid_value: id,
    [`_parentcaseid_value${display}`]: 'Kettle',
    [`_parentcaseid_value${lookupTable}`]: 'incident',
    _ownerid_value: other,
    [`_ownerid_value${lookupTable}`]: 'systemuser',
    createdon: '2026-01-15T09:00:00Z',
    versionnumber: 12,
    new_amount: 1.5,
    new_lines: [{ new_level: 10 }, { new_level: 11, [`new_level${display}`]: 'Eleven' }],
    new_Case: { incidentid: id, title: 'Kettle', prioritycode: 3 },
    extra: 1,
  };

  it('has labels of choices, lookups, exact numbers and rows at any depth', async () => {
    expect(await run({ output: deep.replaceAll('\n', ' ') }, { value: [deepRow] })).to.deep.equal([
      {
        priority: 'high',
        colors: ['red', { value: 3, label: null }],
        parent: { table: 'case', id, name: 'Kettle' },
        owner: { table: 'systemuser', id: other, name: null },
        on: '2026-01-15T09:00:00Z',
        big: '12',
        amount: 1.5,
        lines: [{ level: 'low' }, { level: { value: 11, label: 'Eleven' } }],
        case: { id, title: 'Kettle', priority: 'low' },
      },
    ]);
  });

  it('asks for display texts and tables of lookups, if it has choices or lookups', async () => {
    const { client, requests } = open({ output: deep.replaceAll('\n', ' ') }, [{ value: [] }]);
    await client.run('case.try', {});
    expect(requests[0]?.headers.prefer).to.contain('odata.include-annotations=');
  });

  it('has the pages of nested lists too', async () => {
    const output =
      '{ type: object, properties: { tasks: { type: array, x-column: Tasks, items: { type: object, properties: { n: { type: integer } } } } } }';
    const responses = [
      { Tasks: [{ n: 1 }], 'Tasks@odata.nextLink': `${api}/new_things(1)/Tasks?$skiptoken=2` },
      { value: [{ n: 2 }], '@odata.nextLink': `${api}/new_things(1)/Tasks?$skiptoken=3` },
      { value: [{ n: 3 }] },
    ];
    expect(await run({ output }, ...responses)).to.deep.equal({ tasks: [{ n: 1 }, { n: 2 }, { n: 3 }] });
  });

  it('has references to rows, also those of a response with another name', async () => {
    const lookup = '{ x-lookup: { column: created, targets: { case: created } } }';
    const row = { '@odata.type': '#Microsoft.Dynamics.CRM.incident', incidentid: id };
    const unknown = { '@odata.type': '#Microsoft.Dynamics.CRM.contact', contactid: other };
    const request = '{ method: POST, path: /new_Try }';
    expect(
      await run({ request, output: `{ type: array, items: ${lookup} }` }, { value: [row, unknown] }),
    ).to.deep.equal([
      { table: 'case', id },
      { table: 'contact', id: other },
    ]);
    expect(
      await run({ request, output: `{ type: object, properties: { made: ${lookup} } }` }, { made: row }),
    ).to.deep.equal({
      made: { table: 'case', id },
    });
  });

  it('has null for null, and omits what was not sent', async () => {
    const output = `{ type: object, properties: { priority: { $ref: "${caseFile}#/properties/priority" }, parent: { $ref: "${caseFile}#/properties/parent" }, list: { type: array, items: { type: integer } }, gone: { type: integer } } }`;
    expect(
      await run({ output }, { prioritycode: null, _parentcaseid_value: null, list: null }),
    ).to.deep.equal({
      priority: null,
      parent: null,
      list: null,
    });
  });
});
