import type { Sandbox, SandboxOptions } from 'dynamics365-connector-sandbox';
import type {
  ColumnValues,
  EntityReference,
  StoredRow,
} from '../../../../packages/sandbox/src/store/types.ts';
import { runtimeOf } from '../../../../src/client/connector.ts';
import type { Client, ConnectorDefinition, Json, JsonObject } from '../../../../src/index.ts';
import type { Table } from '../../../../src/model/table.ts';
import { openSandboxClient } from '../../../support/sandbox-client.ts';

/** A lookup as inputs and outputs have it. */
export type Link = { readonly table: string; readonly id: string };

/** Runs an action and checks its effect in the database; throws if the effect is another one. */
export type Exercise = (fixture: CatalogFixture) => Promise<void>;
/** The same for an action that many tables have. */
export type VerbExercise = (fixture: CatalogFixture, table: Table, action: string) => Promise<void>;

/** A sandbox organization with a client, and access to its database that does not use the connector. */
export interface CatalogFixture {
  readonly sandbox: Sandbox;
  readonly client: Client;
  readonly definition: ConnectorDefinition;
  /** The signed-in user. */
  readonly me: Link;
  /** A unique text. */
  text(): string;
  /** Runs an action, adds it to `ran`, and returns its output. */
  run<Output extends Json = JsonObject>(action: string, input: JsonObject): Promise<Output>;
  readonly ran: ReadonlySet<string>;
  /** Adds a row to the store directly, with its required columns. The table has our name or its logical name. */
  add(table: string, values?: ColumnValues): StoredRow;
  /** Changes or removes a row in the store directly; returns its id. */
  change(table: string, id: string, values: ColumnValues): string;
  remove(table: string, id: string): string;
  /** The columns of a row in the database; undefined if there is none. */
  stored(table: string, id: Json | undefined): ColumnValues | undefined;
  /** The rows of a table with these values; lookups are compared by id. */
  rowsWith(table: string, values: ColumnValues): readonly StoredRow[];
  /** The ids of the rows in a collection of a row. */
  linked(from: Link, collection: string, target: string): readonly string[];
  close(): Promise<void>;
}

/** Opens a fixture with an empty organization. Its client is the first user of the sandbox. */
export async function openFixture(options: SandboxOptions = {}): Promise<CatalogFixture> {
  const { sandbox, connector, client, close } = await openSandboxClient(options);
  const { definition } = runtimeOf(connector);
  const { store } = sandbox.organization;
  const { userId } = await client.check();
  const actor = { userId };
  const ran = new Set<string>();
  let textCount = 0;
  const nameOf = (table: string) => definition.tables[table]?.logicalName ?? table;
  const text = () => `text ${++textCount}`;
  const fixture: CatalogFixture = {
    sandbox,
    client,
    definition,
    ran,
    text,
    close,
    me: { table: 'user', id: userId },
    async run<Output extends Json>(action: string, input: JsonObject) {
      ran.add(action);
      return (await client.run(action, input)).output as Output;
    },
    add(table, values = {}) {
      const name = nameOf(table);
      return store.insert(name, { ...requiredValues(fixture, name), ...values }, actor);
    },
    change: (table, id, values) => store.update({ table: nameOf(table), id, values, actor }).id,
    remove(table, id) {
      store.delete(nameOf(table), id);
      return id;
    },
    stored: (table, id) => store.read(nameOf(table), String(id))?.values,
    rowsWith(table, values) {
      const expected = Object.entries(values);
      const { rows } = store.query(nameOf(table), { actor });
      return rows.filter((row) => expected.every(([name, value]) => isSame(row.values[name] ?? null, value)));
    },
    linked({ table, id }, navigation, target) {
      const within = { table: nameOf(table), id, navigation };
      return store.query(nameOf(target), { relatedTo: within, actor }).rows.map((row) => row.id);
    },
  };
  for (const [table, column] of Object.entries(keys)) store.addKey(table, `${table}_key`, [column]);
  return fixture;
}

/** The alternate keys that the fixture adds; a new organization has none. */
const keys = {
  account: 'accountnumber',
  contact: 'emailaddress1',
  incident: 'title',
  lead: 'subject',
  opportunity: 'name',
  queue: 'name',
};

/** The columns that Dataverse requires in a new row. */
function requiredValues(fixture: CatalogFixture, name: string): ColumnValues {
  const row = (table: string): EntityReference => ({ table, id: fixture.add(table).id });
  switch (name) {
    case 'incident':
      return { title: fixture.text(), customerid: row('account') };
    case 'contact':
    case 'lead':
    case 'systemuser':
      return { lastname: fixture.text() };
    case 'queue':
      // A queue that sends e-mails needs an address.
      return { name: fixture.text(), emailaddress: 'desk@contoso.example' };
    case 'queueitem':
      return { queueid: row('queue'), objectid: row('incident') };
    case 'annotation':
      return { subject: fixture.text(), objectid: row('incident') };
    case 'incidentresolution':
      return { subject: fixture.text(), incidentid: row('incident') };
    case 'sla': // active: a case takes no other
      return { name: fixture.text(), statecode: 1, statuscode: 2 };
    case 'opportunityclose':
      return { subject: fixture.text(), opportunityid: row('opportunity') };
    default: {
      const primaryName = fixture.sandbox.organization.store.model.table(name)?.primaryName;
      return primaryName === undefined ? {} : { [primaryName]: fixture.text() };
    }
  }
}

function isSame(stored: unknown, expected: unknown): boolean {
  const id = (value: unknown) => (value as EntityReference | null)?.id ?? value;
  return id(stored) === id(expected);
}
