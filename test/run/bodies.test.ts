import { expect } from 'chai';
import type { ConnectorError } from '../../src/errors/connector-error.ts';
import type { JsonObject } from '../../src/model/json.ts';
import { openYamlClient } from '../support/yaml-client.ts';

const id = '2a8f6a3e-6f0c-4b6e-9f0e-6f1f6a3e2b10';
const caseRef = '../schemas/tables/case.yaml';

/** The body that an action with this body and these inputs sends. */
async function send(body: string, properties: string, input: JsonObject): Promise<unknown> {
  const text = await sendText(body, properties, input);
  return JSON.parse(text);
}

async function sendText(body: string, properties: string, input: JsonObject): Promise<string> {
  const { client, requests } = openYamlClient(
    {
      'actions/case.try.yaml': `title: Try\ndescription: Tries a body.\ninput: { properties: ${properties} }\nrequest: { method: POST, path: /new_Try, body: ${body} }\n`,
    },
    [{ status: 204 }],
  );
  await client.run('case.try', input);
  return String(requests[0]?.body ?? '');
}

const tags = '{ tags: { title: Tags, type: array, items: { type: string, maxLength: 20 } } }';
const none = '{}';

describe('the body of a request', () => {
  it('has the lists and nulls that the author wrote', async () => {
    expect(
      await send('{ M: [[1, 2], [3]], N: [1, null], O: { p: null, q: [] }, R: [[], [[null]]] }', none, {}),
    ).to.deep.equal({
      M: [[1, 2], [3]],
      N: [1, null],
      O: { p: null, q: [] },
      R: [[], [[null]]],
    });
  });

  it('has a list inside a list, if an item of the author is a placeholder for a list', async () => {
    expect(
      await send('{ A: ["{{input.tags}}", x], B: "{{input.tags}}" }', tags, { tags: ['a', 'b'] }),
    ).to.deep.equal({
      A: [['a', 'b'], 'x'],
      B: ['a', 'b'],
    });
  });

  it('keeps null in a list of the input', async () => {
    const any = '{ any: { title: Any, type: object, additionalProperties: true } }';
    const input = { any: { a: [1, null, [null]], b: null } };
    expect(await send('{ A: "{{input.any}}" }', any, input)).to.deep.equal({ A: input.any });
  });

  it('omits an item and a property whose input is missing', async () => {
    expect(await send('{ A: ["{{input.tags}}", x], B: "{{input.tags}}" }', tags, {})).to.deep.equal({
      A: ['x'],
    });
  });

  const lines = `{ lines: { title: Lines, type: array, items: { type: object, required: [severity], properties: {
    severity: { $ref: "${caseRef}#/properties/priority" }, parent: { $ref: "${caseRef}#/properties/parent" },
    amount: { title: Amount, type: number, x-column: Amount }, note: { title: Note, type: string, maxLength: 9 },
    steps: { title: Steps, type: array, items: { type: object, properties: { level: { title: Level, x-choices: { low: 10, high: 20 } } } } } } } } }`;

  it('has numbers of choices and references of lookups in objects of lists, at any depth', async () => {
    const line = {
      severity: 'high',
      parent: { table: 'case', id },
      steps: [{ level: 'low' }, { level: 20 }],
    };
    expect(
      await send('{ A: "{{input.lines}}" }', lines, {
        lines: [line, { severity: { value: 2, label: 'Normal' } }],
      }),
    ).to.deep.equal({
      A: [
        {
          severity: 1,
          parent: { '@odata.type': 'Microsoft.Dynamics.CRM.incident', incidentid: id },
          steps: [{ level: 10 }, { level: 20 }],
        },
        { severity: 2 },
      ],
    });
  });

  it('has the x-column of a member as its name', async () => {
    const input = { lines: [{ severity: 'low', amount: 1.5, note: 'n' }] };
    expect(await send('{ A: "{{input.lines}}" }', lines, input)).to.deep.equal({
      A: [{ severity: 3, Amount: 1.5, note: 'n' }],
    });
  });

  it('has digits for a number as a JSON number, with all of them', async () => {
    const amount = '{ amount: { title: Amount, type: number } }';
    expect(
      await sendText('{ A: "{{input.amount}}", B: ["{{input.amount}}"] }', amount, {
        amount: '922337203685477.5807',
      }),
    ).to.equal('{"A":922337203685477.5807,"B":[922337203685477.5807]}');
    const input = { lines: [{ severity: 'low', amount: '0.10' }] };
    expect(await send('{ A: "{{input.lines}}" }', lines, input)).to.deep.equal({
      A: [{ severity: 3, Amount: 0.1 }],
    });
  });

  it('has a list of choices as Dataverse writes it, and null for none', async () => {
    const colors = '{ colors: { title: Colors, type: array, x-choices: { red: 1, green: 2 } } }';
    expect(await send('{ A: "{{input.colors}}" }', colors, { colors: ['red', 'green'] })).to.deep.equal({
      A: '1,2',
    });
    expect(await send('{ A: "{{input.colors}}" }', colors, { colors: [] })).to.deep.equal({ A: null });
    const list = '{ colors: { title: Colors, type: array, items: { x-choices: { red: 1, green: 2 } } } }';
    expect(await send('{ A: "{{input.colors}}" }', list, { colors: ['green'] })).to.deep.equal({ A: [2] });
  });

  it('names the place of a value in a list that cannot be encoded', async () => {
    const keyed = { severity: 'low', parent: { table: 'case', key: { title: 'x' } } };
    const error = (await send('{ A: "{{input.lines}}" }', lines, {
      lines: [{ severity: 'low' }, keyed],
    }).catch((reason) => reason)) as ConnectorError;
    expect(error.code).to.equal('INPUT_INVALID');
    expect(error.details.issues?.map(({ path }) => path)).to.deep.equal(['/lines/1/parent']);
  });
});
