import { expect } from 'chai';
import { loadTable, openConnection, runtimeOf } from '../../../src/host.ts';
import type { ExpandedTable, Table } from '../../../src/model/table.ts';
import { resolveExpand } from '../../../src/odata/expand/resolve-expand.ts';
import { openSandboxClient, type SandboxClient } from '../../support/sandbox-client.ts';

/** Their owners are read by other navigation properties, or by none. */
const tablesWithOtherOwners = ['slaitem', 'customeraddress', 'activityparty', 'letter', 'quoteclose'];

type Tables = Readonly<Record<string, Table>>;

/** What actions offer to expand, compared with the $metadata document of the sandbox. */
describe('every lookup and collection', () => {
  let fixture: SandboxClient;
  let metadata: Metadata;
  before(async () => {
    fixture = await openSandboxClient();
    const { origin } = fixture.sandbox.organization;
    const headers = { authorization: `Bearer ${fixture.sandbox.issueToken()}` };
    const response = await fetch(`${origin}/api/data/v9.2/$metadata`, { headers });
    metadata = readMetadata(await response.text());
  });
  after(() => fixture.close());

  it('that an action offers to expand is one of the organization, and so are all columns of its rows', () => {
    const { actions, tables } = runtimeOf(fixture.connector).definition;
    const offers = Object.values(actions).flatMap((action) => {
      if (!('columnInputs' in action) || !action.columnInputs?.includes('expand')) return [];
      return 'table' in action.output ? expandsOf(tables[action.output.table]!, tables) : [];
    });
    expect(offers.flatMap(({ from, to }) => metadata.issues(from, to))).to.deep.equal([]);
    expect(offers).to.have.length.above(400);
  });

  it('that record.list offers is one of the organization, once for each table that it refers to', async () => {
    const runtime = runtimeOf(fixture.connector);
    const settings = { orgUrl: fixture.sandbox.organization.origin };
    const credential = { kind: 'host', getToken: () => ({ token: fixture.sandbox.issueToken() }) } as const;
    const connection = openConnection(runtime, settings, credential, { allowLoopback: true });
    const issues: string[] = [];
    for (const name of ['queueitem', 'email', ...tablesWithOtherOwners]) {
      const { table } = await loadTable(connection, name);
      const offers = expandsOf(table, {});
      issues.push(...offers.flatMap(({ from, to }) => metadata.issues(from, to)));
      const twice = offers.filter(({ to }, at) => offers.findIndex((one) => isSame(one.to, to)) < at);
      issues.push(
        ...twice.map(({ to }) => `${name}: ${to.name} is expanded twice to ${to.table.logicalName}`),
      );
    }
    expect(issues).to.deep.equal([]);
  });
});

const isSame = (one: ExpandedTable, other: ExpandedTable) =>
  one.name === other.name && one.table.logicalName === other.table.logicalName;

/** What a query would expand for each lookup and collection of a table, each with all columns of its rows. */
function expandsOf(
  from: Table,
  tables: Tables,
): readonly { readonly from: Table; readonly to: ExpandedTable }[] {
  const lookups = from.columns.filter(({ type }) => type === 'lookup');
  return [...lookups, ...(from.collections ?? [])].flatMap(({ name }) => {
    const columns: string[] = [];
    const find = ({ table, logicalName }: { table: string; logicalName: string }) => {
      const found = tables[table] ?? tableWithId(from, logicalName);
      columns.push(...found.columns.map((column) => column.name));
      return found;
    };
    // The first time tells the tables, the second one asks for their columns.
    resolveExpand(from, { [name]: ['id'] }, find);
    const { expanded } = resolveExpand(from, { [name]: columns }, find);
    return expanded.map((to) => ({ from, to }));
  });
}

/** Another table, of which the id is read. */
function tableWithId(from: Table, logicalName: string): Table {
  const id = { ...from.columns[0]!, name: 'id', type: 'uuid' as const, logicalName: 'id', wireName: 'id' };
  return { ...from, name: logicalName, logicalName, columns: [id], collections: [] };
}

interface Metadata {
  /** What the organization does not have. */
  issues(from: Table, expanded: ExpandedTable): readonly string[];
}

/** The entity types of a $metadata document, with what they inherit. */
function readMetadata(csdl: string): Metadata {
  const elements = csdl.matchAll(/<EntityType Name="(\w+)"([^>/]*)>[\s\S]*?<\/EntityType>/g);
  const types = new Map(
    [...elements].map(([text, name = '', attributes = '']) => [
      name,
      { text, base: /BaseType="mscrm\.(\w+)"/.exec(attributes)?.[1] },
    ]),
  );
  const find = (name: string | undefined, pattern: RegExp): RegExpExecArray | null => {
    const type = types.get(name ?? '');
    return type === undefined ? null : (pattern.exec(type.text) ?? find(type.base, pattern));
  };
  return {
    issues({ logicalName }, { name, navigation, table }) {
      const pattern = new RegExp(
        `<NavigationProperty Name="${navigation}" Type="(?:Collection\\()?mscrm\\.(\\w+)`,
      );
      const target = find(logicalName, pattern)?.[1];
      if (target !== table.logicalName)
        return [`${logicalName}.${navigation} of ${name} refers to ${target}`];
      const columns = table.columns.filter((column) => table.selected?.includes(column.name));
      return columns
        .filter(
          ({ wireName }) => wireName !== 'id' && !find(target, new RegExp(`<Property Name="${wireName}"`)),
        )
        .map(({ wireName }) => `${logicalName}.${navigation} has no column ${wireName}`);
    },
  };
}
