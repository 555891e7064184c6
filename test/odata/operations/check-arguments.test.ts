import { expect } from 'chai';
import fc from 'fast-check';
import type { Json, JsonObject } from '../../../src/model/json.ts';
import type { MetadataOperations } from '../../../src/model/metadata.ts';
import { checkArguments } from '../../../src/odata/operations/check-arguments.ts';
import { resolveOperation } from '../../../src/odata/operations/resolve-operation.ts';
import { encodeArgument } from '../../../src/odata/operations/scalar-types.ts';

const id = '2a8f6a3e-6f0c-4b6e-9f0e-6f1f6a3e2b10';
const known: MetadataOperations = {
  operations: [
    { name: 'GrantAccess', kind: 'action', parameters: [] },
    { name: 'AddToQueue', kind: 'action', boundTo: { table: 'queue' }, parameters: [] },
    {
      name: 'CreateMultiple',
      kind: 'action',
      boundTo: { table: 'crmbaseentity', isCollection: true },
      parameters: [],
    },
    { name: 'Notify', kind: 'function', boundTo: { table: 'activitypointer' }, parameters: [] },
  ],
  enumTypes: {
    Rights: { members: { Read: 1, Write: 2 }, flags: true },
    Depth: { members: { Basic: 0, Deep: 1 } },
  },
  complexTypes: { Access: [{ name: 'Mask', type: 'Rights', required: true }] },
  baseTypes: { email: 'activitypointer', team: 'principal', systemuser: 'principal' },
};
const tables = new Set(['incident', 'queue', 'team', 'systemuser', 'email']);

/** The messages for one value of a type. */
const messagesOf = (type: string, value: Json) =>
  checkArguments([{ name: 'P', type, required: true }], { P: value }, { known, tables }).map(
    ({ path, message }) => `${path} ${message}`,
  );

describe('checkArguments', () => {
  it('reports unknown and missing parameters, with a similar name', () => {
    const parameters = [
      { name: 'Target', type: 'crmbaseentity', required: true as const },
      { name: 'Status', type: 'Edm.Int32' },
    ];
    const issues = checkArguments(parameters, { Traget: { table: 'incident', id } }, { known, tables });
    expect(issues.map(({ path, message }) => `${path} ${message}`)).to.deep.equal([
      '/parameters/Traget is not a parameter: did you mean "Target"?',
      '/parameters "Target" is required',
    ]);
  });

  const valid: Readonly<Record<string, readonly Json[]>> = {
    'Edm.String': ['', 'x'],
    'Edm.Int32': [0, -2147483648],
    'Edm.Int64': [1, '9223372036854775807'],
    'Edm.Decimal': [1.5],
    'Edm.Boolean': [true],
    'Edm.Guid': [id],
    'Edm.DateTimeOffset': ['2026-01-31T08:00:00Z', '2026-01-31T08:00:00.123+02:00'],
    'Edm.Date': ['2026-01-31'],
    'Edm.Binary': ['aGVsbG8='],
    'Edm.Untyped': [null, 1, 'x'].slice(1),
    Rights: ['Read', 'Read, Write', 'Read,Write', 2],
    Depth: ['Deep', 0],
    Access: [{ Mask: 'Read' }, { '@odata.type': 'x', Mask: 1 }],
    crmbaseentity: [
      { table: 'incident', id },
      { '@odata.type': 'Microsoft.Dynamics.CRM.incident', incidentid: id },
      { '@odata.id': `incidents(${id})` },
    ],
    principal: [{ table: 'team', id }],
    incident: [{ title: 'new' }, { table: 'incident', id }],
    'Collection(systemuser)': [[], [{ table: 'systemuser', id }]],
    'Collection(Edm.String)': [['a']],
    SomethingElse: [1, {}, 'x'],
  };
  const invalid: Readonly<Record<string, readonly Json[]>> = {
    'Edm.String': [1, null, {}],
    'Edm.Int32': [1.5, '1', 2147483649],
    'Edm.Int64': [2 ** 60, 'x'],
    'Edm.Guid': ['x', 1],
    'Edm.DateTimeOffset': ['2026-01-31', 5],
    'Edm.Date': ['2026-01-31T08:00:00Z'],
    'Edm.Binary': ['not base64!'],
    Rights: ['Raed', 'Read, Raed', 8, true],
    Depth: ['Basic, Deep', 'deep'],
    Access: ['Read', {}, { Mask: 'Raed' }, { Mask: 1, Other: 1 }],
    crmbaseentity: [id, {}, { table: 'incidnt', id }],
    principal: [{ table: 'incident', id }, { ownerid: id }],
    incident: [{ table: 'queue', id }, []],
    'Collection(systemuser)': [{ table: 'systemuser', id }, [{ table: 'queue', id }]],
  };
  for (const [type, values] of Object.entries(valid)) {
    it(`accepts valid values of ${type}`, () => {
      for (const value of values) expect(messagesOf(type, value), JSON.stringify(value)).to.deep.equal([]);
    });
  }
  for (const [type, values] of Object.entries(invalid)) {
    it(`rejects invalid values of ${type}`, () => {
      for (const value of values)
        expect(messagesOf(type, value), JSON.stringify(value)).to.not.deep.equal([]);
    });
  }

  it('suggests a similar member or table', () => {
    expect(messagesOf('Rights', 'Raed')[0]).to.match(/some of: Read, Write: did you mean "Read"/);
    expect(messagesOf('crmbaseentity', { table: 'incidnt', id })[0]).to.include('did you mean "incident"');
  });

  it('does not repeat values in messages', () => {
    fc.assert(
      fc.property(fc.constantFrom('Edm.Int32', 'Edm.Guid', 'Depth', 'crmbaseentity', 'Access'), (type) => {
        const secret = 'zq-secret-value-zq';
        const values: Json[] = [secret, { [`@${secret}`]: 1 }, [secret], { Mask: secret } as JsonObject];
        for (const value of values) expect(messagesOf(type, value).join()).to.not.include(secret);
      }),
    );
  });
});

describe('resolveOperation', () => {
  it('finds an operation by name, table and kind', () => {
    const on = (table: string) => ({ table, id });
    expect(resolveOperation(known, { name: 'AddToQueue', kind: 'action', on: on('queue') })).to.have.property(
      'operation',
    );
    expect(resolveOperation(known, { name: 'Notify', kind: 'function', on: on('email') })).to.have.property(
      'operation',
    );
    const whole = { name: 'CreateMultiple', kind: 'action', on: { table: 'incident' } } as const;
    expect(resolveOperation(known, whole)).to.have.property('operation');
  });

  it('suggests a similar name, the kind or the binding', () => {
    const issueOf = (wanted: Parameters<typeof resolveOperation>[1]) => {
      const found = resolveOperation(known, wanted);
      return 'issue' in found ? `${found.issue.path} ${found.issue.message}` : '';
    };
    expect(issueOf({ name: 'GrantAcess', kind: 'action' })).to.include('did you mean GrantAccess');
    expect(issueOf({ name: 'GrantAccess', kind: 'function' })).to.equal('/kind must be "action"');
    expect(issueOf({ name: 'AddToQueue', kind: 'action' })).to.include('on a row of queue');
    expect(issueOf({ name: 'CreateMultiple', kind: 'action', on: { table: 'incident', id } })).to.include(
      'without an id',
    );
  });
});

describe('encodeArgument', () => {
  it('writes a value by its type', () => {
    expect(encodeArgument(id, 'Edm.Guid')).to.equal(id);
    expect(encodeArgument(id, 'Edm.String')).to.equal(`'${id}'`);
    expect(encodeArgument("O'Brien", 'Edm.String')).to.equal("'O''Brien'");
    expect(encodeArgument('2026-01-31T08:00:00Z', 'Edm.DateTimeOffset')).to.equal('2026-01-31T08:00:00Z');
    expect(encodeArgument('Deep', 'Depth', true)).to.equal("Microsoft.Dynamics.CRM.Depth'Deep'");
    expect(encodeArgument(['a'], 'Collection(Edm.String)')).to.equal('["a"]');
    expect(encodeArgument(id)).to.equal(id);
  });
});
