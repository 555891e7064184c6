import type { Sandbox } from 'dynamics365-connector-sandbox';
import type {
  ColumnValues,
  EntityReference,
  StoredRow,
} from '../../../../packages/sandbox/src/store/types.ts';
import type { Client, ConnectorDefinition, Json, JsonObject } from '../../../../src/index.ts';
import type { Table } from '../../../../src/model/table.ts';
import { openSandboxClient } from '../../../support/sandbox-client.ts';

/** A lookup in our words. */
export type Link = { readonly table: string; readonly id: string };

/** Runs an action and looks at what it did to the organization; throws where that is not what it says. */
export type Exercise = (stage: CatalogFixture) => Promise<void>;
/** The same for a verb that many tables have. */
export type VerbExercise = (stage: CatalogFixture, table: Table, action: string) => Promise<void>;

/** An organization to act on, and an eye into its database that knows nothing of the connector. */
export interface CatalogFixture {
  readonly sandbox: Sandbox;
  readonly client: Client;
  readonly definition: ConnectorDefinition;
  /** Who is signed in. */
  readonly me: Link;
  /** A text that nobody has used yet. */
  text(): string;
  /** The output of an action; it is then among those that ran. */
  run<Output extends Json = JsonObject>(action: string, input: JsonObject): Promise<Output>;
  readonly ran: ReadonlySet<string>;
  /** Adds a row past the Web API, with what a row of its table must have; our name of the table or Dataverse's. */
  add(table: string, values?: ColumnValues): StoredRow;
  /** Changes or removes one past the Web API; answers its id. */
  change(table: string, id: string, values: ColumnValues): string;
  remove(table: string, id: string): string;
  /** The columns of a row in the database; undefined when it is gone. */
  stored(table: string, id: Json | undefined): ColumnValues | undefined;
  /** Rows of a table whose columns have these values; lookups are compared by their id. */
  rowsWith(table: string, values: ColumnValues): readonly StoredRow[];
  /** Ids of the rows that a row has in a collection. */
  linked(from: Link, collection: string, target: string): readonly string[];
  close(): Promise<void>;
}

/** Opens one with an empty organization. */
export async function openFixture(): Promise<CatalogFixture> {
  const { sandbox, connector, client, close } = await openSandboxClient();
  const { definition } = connector;
  const { store } = sandbox.organization;
  const { userId } = await client.check();
  const actor = { userId };
  const ran = new Set<string>();
  let texts = 0;
  const nameOf = (table: string) => definition.tables[table]?.logicalName ?? table;
  const text = () => `text ${++texts}`;
  const stage: CatalogFixture = {
    ...{ sandbox, client, definition, ran, text, close },
    me: { table: 'user', id: userId },
    async run<Output extends Json>(action: string, input: JsonObject) {
      ran.add(action);
      return (await client.run(action, input)).output as Output;
    },
    add(table, values = {}) {
      const name = nameOf(table);
      return store.insert(name, { ...needed(stage, name), ...values }, actor);
    },
    change: (table, id, values) => store.update({ table: nameOf(table), id, values, actor }).id,
    remove(table, id) {
      store.delete(nameOf(table), id);
      return id;
    },
    stored: (table, id) => store.read(nameOf(table), String(id))?.values,
    rowsWith(table, values) {
      const wanted = Object.entries(values);
      const { rows } = store.query(nameOf(table), { actor });
      return rows.filter((row) => wanted.every(([name, value]) => same(row.values[name] ?? null, value)));
    },
    linked({ table, id }, navigation, target) {
      const within = { table: nameOf(table), id, navigation };
      return store.query(nameOf(target), { relatedTo: within, actor }).rows.map((row) => row.id);
    },
  };
  for (const [table, column] of Object.entries(keys)) store.addKey(table, `${table}_key`, [column]);
  return stage;
}

/** An alternate key for each table that rows are found by one; a new organization has none. */
const keys = {
  account: 'accountnumber',
  contact: 'emailaddress1',
  incident: 'title',
  lead: 'subject',
  opportunity: 'name',
  queue: 'name',
};

/** What Dataverse wants of a new row, by its logical name. */
function needed(stage: CatalogFixture, name: string): ColumnValues {
  const row = (table: string): EntityReference => ({ table, id: stage.add(table).id });
  switch (name) {
    case 'incident':
      return { title: stage.text(), customerid: row('account') };
    case 'contact':
    case 'lead':
    case 'systemuser':
      return { lastname: stage.text() };
    case 'queueitem':
      return { queueid: row('queue'), objectid: row('incident') };
    case 'annotation':
      return { subject: stage.text(), objectid: row('incident') };
    case 'incidentresolution':
      return { subject: stage.text(), incidentid: row('incident') };
    case 'opportunityclose':
      return { subject: stage.text(), opportunityid: row('opportunity') };
    default: {
      const primaryName = stage.sandbox.organization.store.model.table(name)?.primaryName;
      return primaryName === undefined ? {} : { [primaryName]: stage.text() };
    }
  }
}

function same(stored: unknown, wanted: unknown): boolean {
  const id = (value: unknown) => (value as EntityReference | null)?.id ?? value;
  return id(stored) === id(wanted);
}
