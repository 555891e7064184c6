import { accessRights } from '../../../src/errors/missing-privilege.ts';
import type { ConnectorDefinition, Json, JsonObject, JsonSchema } from '../../../src/index.ts';
import type { LookupTarget, Table } from '../../../src/model/table.ts';
import type { CatalogFixture, Exercise } from '../catalog/exercises/fixture.ts';
import { activateEntitlement, keyOf } from '../catalog/exercises/samples.ts';

/**
 * Further calls of an action, which the exercises of the catalog do not make: with every table of each lookup and party,
 * with every expand, with every right that can be shared. Together with its exercise, they need each privilege of the
 * action at least once.
 */
export function variantsOf(action: string, fixture: CatalogFixture): readonly Variant[] {
  const { definition } = fixture;
  const [resource = '', verb = ''] = action.split('.');
  const table = definition.tables[resource];
  const own = variants[action] ?? variantsByTables[action]?.(fixture) ?? [];
  const shared = table === undefined ? [] : (verbs[verb]?.(table, action, fixture) ?? []);
  const properties = (definition.actions[action]?.input.properties ?? {}) as JsonObject;
  const reads =
    table !== undefined && 'expand' in properties ? expands(rowsOf(definition, action, table), action) : [];
  return [...own, ...shared, ...reads];
}

/** The table of the rows that an action answers: `case.list-articles` answers no cases. */
function rowsOf({ actions, tables }: ConnectorDefinition, action: string, table: Table): Table {
  const { output } = actions[action]!;
  return ('table' in output ? tables[output.table] : undefined) ?? table;
}

/** One more call of an action. */
export interface Variant {
  /** The logical name of the table whose privileges the call is about. */
  readonly about: string;
  readonly call: Exercise;
}

type Variants = (table: Table, action: string, fixture: CatalogFixture) => readonly Variant[];

const link = ({ add }: CatalogFixture, logicalName: string, table = logicalName) => ({
  table,
  id: add(logicalName).id,
});

/** One call for each table that each lookup can refer to. */
function lookupCalls(
  table: Table,
  write: (fixture: CatalogFixture, values: JsonObject) => Promise<unknown>,
): readonly Variant[] {
  const lookups = table.columns.filter(({ type, writable }) => type === 'lookup' && writable);
  return lookups.flatMap(({ name, targets = [] }) =>
    targets.map(({ logicalName, table: ours }) => ({
      about: logicalName,
      async call(fixture) {
        const value = { [name]: link(fixture, logicalName, ours) };
        const customerid = link(fixture, 'account');
        activateEntitlement(fixture, value, customerid);
        await write(fixture, name === 'entitlement' ? { ...value, customer: customerid } : value);
      },
    })),
  );
}

/** The values that a new row needs besides. */
function required(fixture: CatalogFixture, table: Table, given: JsonObject): JsonObject {
  const missing = table.columns.filter(
    (column) => column.required && column.writable && !(column.name in given),
  );
  const values = missing.map((column): readonly [string, Json] => {
    const [target] = column.targets ?? [];
    if (target !== undefined) return [column.name, link(fixture, target.logicalName, target.table)];
    return [column.name, column.type === 'date-time' ? '2026-12-30T09:00:00Z' : fixture.text()];
  });
  return { ...Object.fromEntries(values), ...given };
}

const partyCalls = (table: Table, action: string): readonly Variant[] =>
  (table.parties ?? []).flatMap(({ name, targets }) =>
    targets.map(({ logicalName, table: ours }) => ({
      about: logicalName,
      async call(fixture) {
        const party = [link(fixture, logicalName, ours)];
        await fixture.run(action, { ...required(fixture, table, {}), [name]: party });
      },
    })),
  );

const verbs: Readonly<Record<string, Variants>> = {
  create: (table, action) => [
    ...lookupCalls(table, (fixture, values) => fixture.run(action, required(fixture, table, values))),
    ...partyCalls(table, action),
  ],
  upsert: (table, action) =>
    lookupCalls(table, (fixture, values) => {
      const matchOn = [keyOf(fixture, table)];
      return fixture.run(action, {
        ...required(fixture, table, { ...values, [matchOn[0]!]: keyValue(fixture, matchOn[0]!) }),
        matchOn,
      });
    }),
  update: (table, action) => [amountCall(table, (fixture, row) => fixture.run(action, row))],
  'create-many': (table, action) =>
    lookupCalls(table, (fixture, values) =>
      writeRows(fixture, action, { rows: [required(fixture, table, values)] }),
    ),
  'update-many': (table, action) => [
    ...lookupCalls(table, (fixture, values) =>
      writeRows(fixture, action, { rows: [{ ...values, id: fixture.add(table.name).id }] }),
    ),
    amountCall(table, (fixture, row) => writeRows(fixture, action, { rows: [row] })),
  ],
  'upsert-many': (table, action) =>
    lookupCalls(table, (fixture, values) => {
      const matchOn = [keyOf(fixture, table)];
      const row = required(fixture, table, { ...values, [matchOn[0]!]: keyValue(fixture, matchOn[0]!) });
      return writeRows(fixture, action, { rows: [row], matchOn });
    }),
  share: (table, action) => [
    {
      about: 'systemuser',
      async call(fixture) {
        const rights = accessRights.filter((right) => right !== 'Create').map((right) => `${right}Access`);
        const who = link(fixture, 'systemuser', 'user');
        await fixture.run(action, { id: fixture.add(table.name).id, with: who, rights });
      },
    },
  ],
  unshare: (table, action) => [
    {
      about: 'team',
      async call(fixture) {
        const who = { id: fixture.add(table.name).id, with: link(fixture, 'team') };
        await fixture.client.run(`${table.name}.share`, who);
        await fixture.run(action, who);
      },
    },
  ],
  'set-attendees': (table, action) =>
    (table.parties ?? []).flatMap(({ name, targets }) =>
      targets.map(({ logicalName, table: ours }) => ({
        about: logicalName,
        async call(fixture) {
          const attendee = [link(fixture, logicalName, ours)];
          await fixture.run(action, { id: fixture.add(table.name).id, [name]: attendee });
        },
      })),
    ),
  associate: linkCalls,
  disassociate: linkCalls,
};

/** The first amount of a row, which has no currency yet. */
function amountCall(
  { name, columns }: Table,
  write: (fixture: CatalogFixture, row: JsonObject) => Promise<unknown>,
): Variant {
  const amounts = columns.filter(({ type, writable }) => type === 'decimal' && writable);
  return {
    about: 'transactioncurrency',
    async call(fixture) {
      const values = amounts.map((column) => [column.name, 12]);
      await write(fixture, { id: fixture.add(name).id, ...Object.fromEntries(values) });
    },
  };
}

/** A row that fails is an error here: bulk actions report it in their output. */
async function writeRows(fixture: CatalogFixture, action: string, input: JsonObject): Promise<void> {
  const { failed } = await fixture.run(action, input);
  const [first] = failed as readonly JsonObject[];
  if (first !== undefined) throw new Error(String(first.message));
}

/** A link to a row of each table that the action can link, through each relationship of the organization. */
function linkCalls(
  { name, logicalName }: Table,
  action: string,
  { sandbox, definition }: CatalogFixture,
): readonly Variant[] {
  const { model } = sandbox.organization.store;
  const { target: schema } = definition.actions[action]!.input.properties as Record<string, JsonSchema>;
  const { table: names } = schema!.properties as Record<string, JsonSchema>;
  const ours = new Map(
    (names!.enum as readonly string[]).map((each) => [definition.tables[each]!.logicalName, each]),
  );
  const links = model
    .navigations(model.table(logicalName)!)
    .filter(({ kind, target }) => kind !== 'lookup' && ours.has(target));
  return links.map(({ name: relationship, target }) => ({
    about: target,
    async call(fixture) {
      const pair = {
        id: fixture.add(name).id,
        relationship,
        target: link(fixture, target, ours.get(target)),
      };
      if (action.endsWith('.disassociate')) await fixture.client.run(`${name}.associate`, pair);
      await fixture.run(action, pair);
    },
  }));
}

/** A read with each lookup and collection of its table. */
function expands(table: Table, action: string): readonly Variant[] {
  const lookups = table.columns.flatMap(({ name, targets = [] }) =>
    targets.map((target) => ({ ...target, name })),
  );
  return [...lookups, ...(table.collections ?? [])].map(({ name, logicalName }) => ({
    about: logicalName,
    async call(fixture) {
      const expand = { [name]: expandedColumns(fixture, table, name) };
      await fixture.run(action, { ...readInput(fixture, table, action), expand });
    },
  }));
}

function readInput(fixture: CatalogFixture, table: Table, action: string): JsonObject {
  const verb = action.split('.')[1];
  const { id } = fixture.add(table.name);
  if (verb === 'get') return { id };
  if (verb === 'search') return { text: 'a' };
  if (verb === 'get-by-key') {
    const key = keyOf(fixture, table);
    const text = keyValue(fixture, key);
    const { logicalName } = table.columns.find(({ name }) => name === key)!;
    fixture.change(table.name, id, { [logicalName]: text });
    return { [key]: text };
  }
  if (action === 'attachment.list') return { activityId: fixture.add('email').id };
  return action === 'case.list-articles' ? { id: fixture.add('case').id } : {};
}

/** A value of a key that no other row has. */
function keyValue(fixture: CatalogFixture, key: string): string {
  const text = fixture.text();
  return key === 'email' ? `${text.replace(' ', '')}@contoso.example` : text;
}

/** Columns of which every table of a lookup has one. */
function expandedColumns(
  { definition, sandbox }: CatalogFixture,
  table: Table,
  name: string,
): readonly string[] {
  const lookup = table.columns.find((column) => column.name === name);
  const collection = table.collections?.find((each) => each.name === name);
  const targets: readonly Pick<LookupTarget, 'table' | 'logicalName'>[] = lookup?.targets ?? [collection!];
  const columns = targets.map((target) => {
    if (definition.tables[target.table] !== undefined) return 'id';
    return sandbox.organization.store.model.table(target.logicalName)!.primaryId;
  });
  return [...new Set(columns)];
}

/** A party or the row that an e-mail is about, of each table that it can be of. */
function emailCalls(
  action: string,
  inputOf: (fixture: CatalogFixture) => JsonObject,
): (fixture: CatalogFixture) => readonly Variant[] {
  return ({ definition }) => {
    const email = definition.tables.email!;
    const { properties } = definition.actions[action]!.input as { readonly properties: JsonObject };
    const regarding = email.columns.filter(({ name }) => name === 'regarding');
    const roles = [...(email.parties ?? []), ...regarding].filter(({ name }) => name in properties);
    return roles.flatMap(({ name, targets = [] }) => {
      const schema = properties[name] as JsonObject;
      const { properties: members } = (schema.items ?? schema) as { readonly properties?: JsonObject };
      const allowed = (members?.table as JsonObject | undefined)?.enum as readonly string[] | undefined;
      return targets
        .filter(({ table }) => allowed?.includes(table) ?? true)
        .map(({ logicalName, table }) => ({
          about: logicalName,
          async call(fixture: CatalogFixture) {
            const row = link(fixture, logicalName, table);
            await fixture.run(action, {
              ...inputOf(fixture),
              [name]: schema.items === undefined ? row : [row],
            });
          },
        }));
    });
  };
}

/** The link from the other row: the exercise links a competitor to an opportunity. */
const linkBack =
  (action: string): ((fixture: CatalogFixture) => readonly Variant[]) =>
  () => [
    {
      about: 'competitor',
      async call(fixture) {
        const input = {
          ...link(fixture, 'competitor'),
          relationship: 'opportunitycompetitors_association',
          target: link(fixture, 'opportunity'),
        };
        if (action === 'record.disassociate') await fixture.client.run('record.associate', input);
        await fixture.run(action, input);
      },
    },
  ];

const newEmail = (fixture: CatalogFixture): JsonObject => ({
  from: [link(fixture, 'queue')],
  to: [link(fixture, 'contact')],
  ...{ subject: fixture.text(), body: fixture.text() },
});

const reply = (fixture: CatalogFixture): JsonObject => {
  const primarycontactid = { table: 'contact', id: fixture.add('contact').id };
  return { id: fixture.add('case', { primarycontactid }).id, body: fixture.text() };
};

/** Variants that depend on the tables of the connector. */
const variantsByTables: Readonly<Record<string, (fixture: CatalogFixture) => readonly Variant[]>> = {
  'record.associate': linkBack('record.associate'),
  'record.disassociate': linkBack('record.disassociate'),
  'email.send-new': emailCalls('email.send-new', newEmail),
  'case.reply-by-email': emailCalls('case.reply-by-email', reply),
  'note.attach': ({ definition }) =>
    (definition.tables.note!.columns.find(({ name }) => name === 'regarding')?.targets ?? []).map(
      ({ logicalName, table }) => ({
        about: logicalName,
        async call(fixture) {
          const file = { fileName: 'a.txt', mimeType: 'text/plain', content: 'aGVsbG8=' };
          await fixture.run('note.attach', { ...file, regarding: link(fixture, logicalName, table) });
        },
      }),
    ),
  'record.create': ({ definition }) =>
    definition.tables
      .opportunity!.columns.filter(({ type, writable }) => type === 'lookup' && writable)
      .flatMap(({ logicalName: column, targets = [] }) =>
        targets.map(({ logicalName, table }) => ({
          about: column === 'ownerid' ? 'opportunity' : logicalName,
          async call(fixture) {
            const values = { name: fixture.text(), [column]: { table, id: link(fixture, logicalName).id } };
            await fixture.run('record.create', { table: 'opportunity', values });
          },
        })),
      ),
  'queue.pick-next': () =>
    ['email', 'case'].map((table) => ({
      about: table === 'case' ? 'incident' : table,
      async call(fixture) {
        const { id } = fixture.add('queue');
        await fixture.run('queue.pick-next', { id, table });
      },
    })),
};

const variants: Readonly<Record<string, readonly Variant[]>> = {
  'lead.qualify': ['account', 'contact'].map((table) => ({
    about: table,
    async call(fixture) {
      const customer = link(fixture, table);
      const choice = { createAccount: false, createContact: false };
      await fixture.run('lead.qualify', { id: fixture.add('lead').id, ...choice, customer });
    },
  })),
  'queue-item.route': [
    {
      about: 'systemuser',
      async call(fixture) {
        const { id } = fixture.add('queueitem');
        await fixture.run('queue-item.route', { id, to: link(fixture, 'systemuser', 'user') });
      },
    },
  ],
};
