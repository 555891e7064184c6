import { expect } from 'chai';
import { computeRole, type RoleLine } from '../../../src/authoring/rights/compute-role.ts';
import { compileFolders, realDefinition, realFiles, tableFile } from '../../manifest/support/manifests.ts';
import { publishedTools } from './published-tools.ts';

const definition = realDefinition();

/** The lines that operations need, without those that every connection needs. */
function linesOf(operations: readonly string[], more: Parameters<typeof computeRole>[1] = {}) {
  const { lines } = computeRole(definition, { operations, ...more });
  return lines.filter(({ neededBy }) => neededBy.some(({ operation }) => operations.includes(operation)));
}

const namesOf = (lines: readonly RoleLine[]) => lines.map(({ privilege }) => privilege).sort();

describe('computeRole', () => {
  it('case.resolve: reads and writes the case, and creates the activity that refers to it', () => {
    expect(namesOf(linesOf(['case.resolve']))).to.deep.equal([
      'prvAppendActivity',
      'prvAppendToIncident',
      'prvCreateActivity',
      'prvReadIncident',
      'prvWriteIncident',
    ]);
  });

  it('takes one line for a privilege that several operations need, and names them all', () => {
    const lines = linesOf(['case.get', 'case.created', 'case.resolve'], { inputs: [] });
    const [read] = lines.filter(({ privilege }) => privilege === 'prvReadIncident');
    expect(read).to.deep.equal({
      privilege: 'prvReadIncident',
      tables: ['incident'],
      right: 'Read',
      depth: 'Global',
      neededBy: [{ operation: 'case.get' }, { operation: 'case.created' }, { operation: 'case.resolve' }],
    });
  });

  it('names the inputs of lookups, and leaves out the lines of inputs that calls do not give', () => {
    const all = namesOf(linesOf(['case.create']));
    expect(all).to.include.members(['prvAppendToEntitlement', 'prvAssignIncident', 'prvAppendToProduct']);
    expect(namesOf(linesOf(['case.create'], { inputs: ['title', 'customer'] }))).to.deep.equal([
      'prvAppendIncident',
      'prvAppendToAccount',
      'prvAppendToContact',
      'prvCreateIncident',
      'prvReadIncident',
    ]);
  });

  it('needs to read all rows of a table for deletions, whatever the level of the role is', () => {
    const levels = (operation: string) => linesOf([operation], { depth: 'Local' }).map(({ depth }) => depth);
    expect(levels('case.deleted')).to.deep.equal(['Global']);
    expect(levels('case.created')).to.deep.equal(['Local']);
  });

  it('reads the tables that a filter of a trigger looks into', () => {
    expect(namesOf(linesOf(['opportunity.won']))).to.deep.equal(['prvReadActivity', 'prvReadOpportunity']);
  });

  it('says what it cannot know without the input, and takes the tables of operations on any table', () => {
    const { unknown } = computeRole(definition, { operations: ['record.create', 'operation.call'] });
    expect(unknown).to.deep.equal([
      'record.create works on a table that its input names.',
      'The message that operation.call sends is an input.',
    ]);
    const given = { operations: ['record.create', 'record.deleted'], tables: ['new_ticket'] };
    expect(computeRole(definition, given).unknown).to.deep.equal([]);
    expect(namesOf(linesOf(given.operations, given))).to.deep.equal([
      'prvCreatenew_ticket',
      'prvReadnew_ticket',
    ]);
  });

  it('knows a rule for every action and trigger of the connector that does not depend on its input', () => {
    const { unknown, lines } = computeRole(definition);
    const open = unknown.map((sentence) => /[a-z-]+\.[a-z-]+/.exec(sentence)?.[0]);
    expect(open.every((id) => /^(record|request|operation|changeset|query)\./.test(id ?? ''))).to.equal(
      true,
      String(unknown),
    );
    const covered = new Set(lines.flatMap(({ neededBy }) => neededBy.map(({ operation }) => operation)));
    const all = [...Object.keys(definition.actions), ...Object.keys(definition.triggers)];
    expect(all.filter((id) => !covered.has(id) && !open.includes(id))).to.deep.equal([]);
  });

  it('rejects an id that is neither an action nor a trigger', () => {
    expect(() => computeRole(definition, { operations: ['case.creat'] })).to.throw(/case\.create/);
  });

  it('computes the role of a connector of your own with the operations and tables of both', () => {
    const files = Object.fromEntries(realFiles());
    const { definition: own, diagnostics } = compileFolders({
      base: files,
      own: {
        'connector.yaml':
          'manifestVersion: 1\nid: own\nversion: 1.0.0\ntitle: Own\ndescription: A connector.\nextends: ../base\n',
        'schemas/tables/ticket.yaml': `${tableFile(
          'Ticket',
          { logicalName: 'new_ticket', primaryName: 'new_name' },
          '  case: { title: Case, x-lookup: { column: new_case, targets: { case: new_Case } } }\n',
        )}operations: [create]\n`,
        'actions/ticket.close.yaml':
          'title: Close\ndescription: Closes it.\ninput: { required: [id], properties: { id: { $ref: ticket#id } } }\nrequest: { method: POST, path: /new_CloseTicket, body: { Ticket: "{{input.id}}" } }\ntests:\n  - { name: an id is a GUID, input: { id: 1 }, fails: { code: INPUT_INVALID } }\n',
      },
    });
    expect(diagnostics).to.deep.equal([]);
    const { lines } = computeRole(own!, { operations: ['ticket.create', 'case.resolve'] });
    expect(namesOf(lines)).to.include.members([
      'prvCreatenew_ticket',
      'prvAppendnew_ticket',
      'prvAppendToIncident',
      'prvWriteIncident',
    ]);
    const { unknown } = computeRole(own!, { operations: ['ticket.close'] });
    expect(unknown.join()).to.contain('new_CloseTicket');
  });

  for (const { tool, operations, privileges, exception = {} } of publishedTools) {
    it(`has every privilege that Microsoft publishes for its tool ${tool}`, () => {
      const computed = namesOf(linesOf(operations, { inputs: undefined })).map((name) => name.toLowerCase());
      const lacking = privileges.filter((name) => !computed.includes(name.toLowerCase()));
      expect(lacking).to.deep.equal(Object.keys(exception));
    });
  }
});
