import type { ColumnValues } from '../../../../packages/sandbox/src/store/types.ts';
import type { JsonObject } from '../../../../src/index.ts';
import type { Table } from '../../../../src/model/table.ts';
import type { CatalogFixture } from './fixture.ts';

/** The test of a trigger. Its rows exist before the first poll. */
export interface TriggerScenario {
  readonly params?: JsonObject;
  /** A change of the same table that the trigger must not report. */
  readonly unrelatedChange: () => unknown;
  /** A change that the trigger must report; returns the id of the row. */
  readonly matchingChange: () => string | Promise<string>;
}
type TriggerScenarioOf<Context extends readonly unknown[]> = (
  fixture: CatalogFixture,
  ...context: Context
) => TriggerScenario;

/** The scenario of a trigger: its own, or the one that it shares with the same trigger of other tables. */
export function findTriggerScenario(
  trigger: string,
  tables: Readonly<Record<string, Table>>,
): ((fixture: CatalogFixture) => TriggerScenario) | undefined {
  const [name = '', change = ''] = trigger.split('.');
  const [table, shared] = [tables[name], changes[change]];
  return own[trigger] ?? (table && shared && ((fixture) => shared(fixture, table)));
}

const changes: Readonly<Record<string, TriggerScenarioOf<[Table]>>> = {
  created(fixture, table) {
    const old = fixture.add(table.name);
    return {
      unrelatedChange: () => fixture.change(table.name, old.id, touch(fixture, table)),
      matchingChange: () => fixture.add(table.name).id,
    };
  },
  updated(fixture, table) {
    const old = fixture.add(table.name);
    return {
      unrelatedChange: () => fixture.add(table.name),
      matchingChange: () => fixture.change(table.name, old.id, touch(fixture, table)),
    };
  },
  deleted: deletedRow,
};

function deletedRow(fixture: CatalogFixture, table: Table): TriggerScenario {
  const [kept, gone] = [fixture.add(table.name), fixture.add(table.name)];
  return {
    unrelatedChange: () => fixture.change(table.name, kept.id, touch(fixture, table)),
    matchingChange: () => fixture.remove(table.name, gone.id),
  };
}

/** An existing row changes to these values; a change of another column is unrelated. */
function changedTo(
  table: string,
  before: ColumnValues,
  after: (fixture: CatalogFixture) => ColumnValues,
): TriggerScenarioOf<[]> {
  return (fixture) => {
    const { id } = fixture.add(table, before);
    return {
      unrelatedChange: () => fixture.change(table, id, touch(fixture, fixture.definition.tables[table]!)),
      matchingChange: () => fixture.change(table, id, after(fixture)),
    };
  };
}

/** Triggers of any table, on the table of cases by its logical name. */
const anyTable: Readonly<Record<string, TriggerScenarioOf<[]>>> = {
  'record.created': (fixture) => ({
    params: { table: 'incident', filter: 'prioritycode eq 1' },
    unrelatedChange: () => fixture.add('case', { prioritycode: 3 }),
    matchingChange: () => fixture.add('case', { prioritycode: 1 }).id,
  }),
  'record.updated'(fixture) {
    const scenario = changedTo('case', { prioritycode: 2 }, () => ({ prioritycode: 1 }))(fixture);
    return { ...scenario, params: { table: 'incident', columns: ['prioritycode', 'ownerid'] } };
  },
  'record.deleted': (fixture) => ({
    ...deletedRow(fixture, fixture.definition.tables.case!),
    params: { table: 'incident' },
  }),
  'record.changed': (fixture) => ({
    ...deletedRow(fixture, fixture.definition.tables.case!),
    params: { table: 'incident', changes: ['created', 'deleted'] },
  }),
};

const own: Readonly<Record<string, TriggerScenarioOf<[]>>> = {
  ...anyTable,
  'case.assigned': changedTo('case', {}, (fixture) => ({
    ownerid: { table: 'team', id: fixture.add('team').id },
  })),
  'case.priority-changed': changedTo('case', { prioritycode: 2 }, () => ({ prioritycode: 1 })),
  'case.escalated': changedTo('case', {}, () => ({ isescalated: true })),
  'case.rated': changedTo('case', {}, () => ({ customersatisfactioncode: 5 })),
  'case.reopened': changedTo('case', { statecode: 1 }, () => ({ statecode: 0 })),
  'knowledge-article.published': changedTo('knowledge-article', { isrootarticle: false }, () => ({
    statecode: 3,
  })),
  'lead.qualified': changedTo('lead', {}, () => ({ statecode: 1 })),
  'opportunity.stage-changed': changedTo('opportunity', { salesstage: 0 }, () => ({ salesstage: 3 })),
  'task.completed': changedTo('task', {}, () => ({ statecode: 1 })),
  'queue-item.added': changedTo('queue-item', {}, (fixture) => ({
    queueid: { table: 'queue', id: fixture.add('queue').id },
  })),

  'case.created': (fixture) => ({
    params: { priority: 'high' },
    unrelatedChange: () => fixture.add('case', { prioritycode: 3 }),
    matchingChange: () => fixture.add('case', { prioritycode: 1 }).id,
  }),
  'case.resolved'(fixture) {
    const [canceled, resolved] = [fixture.add('case'), fixture.add('case')];
    return {
      unrelatedChange: () => fixture.client.run('case.cancel', { id: canceled.id }),
      async matchingChange() {
        await fixture.client.run('case.resolve', { id: resolved.id, subject: 'New fuse' });
        return fixture.rowsWith('case-resolution', { incidentid: resolved.id })[0]!.id;
      },
    };
  },
  'email.received': (fixture) => ({
    unrelatedChange: () => fixture.add('email', { directioncode: true }),
    matchingChange: () => fixture.add('email', { directioncode: false }).id,
  }),
  'task.due': deadlineReached('task', 'scheduledend', { open: { statecode: 0 }, over: { statecode: 1 } }),
  'phonecall.due': deadlineReached('phonecall', 'scheduledend', {
    open: { statecode: 0 },
    over: { statecode: 1 },
  }),
  'case.sla-nearing': slaDeadline('warningtime'),
  'case.sla-missed': slaDeadline('failuretime'),
  'opportunity.won': closedAs('win', 'lose'),
  'opportunity.lost': closedAs('lose', 'win'),
};

const minute = 60_000;

/** A deadline passes. The trigger must report open rows only, and only those whose deadline has passed. */
function deadlineReached(
  table: string,
  column: string,
  rows: { readonly open: ColumnValues; readonly over: ColumnValues },
): TriggerScenarioOf<[]> {
  return (fixture) => {
    const { organization } = fixture.sandbox;
    const inMinutes = (count: number) => {
      const ms = Date.now() + organization.clockOffsetMs + count * minute;
      return { [column]: new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z') };
    };
    const { id } = fixture.add(table, { ...rows.open, ...inMinutes(2) });
    return {
      unrelatedChange() {
        fixture.add(table, { ...rows.over, ...inMinutes(1) });
        fixture.add(table, { ...rows.open, ...inMinutes(50) });
        organization.clockOffsetMs += minute;
      },
      matchingChange() {
        organization.clockOffsetMs += 2 * minute;
        return id;
      },
    };
  };
}

/** An open SLA KPI of a case, and one that has succeeded. */
function slaDeadline(column: string): TriggerScenarioOf<[]> {
  return (fixture) => {
    const regarding = { table: 'incident', id: fixture.add('case').id };
    const rows = { open: { regarding, status: 0 }, over: { regarding, status: 4 } };
    return deadlineReached('sla-kpi', column, rows)(fixture);
  };
}

function closedAs(how: string, otherwise: string): TriggerScenarioOf<[]> {
  return (fixture) => {
    const close = async (verb: string) => {
      const { id } = fixture.add('opportunity');
      await fixture.client.run(`opportunity.${verb}`, { id, subject: 'It is over' });
      return fixture.rowsWith('opportunity-close', { opportunityid: id })[0]!.id;
    };
    return { unrelatedChange: () => close(otherwise), matchingChange: () => close(how) };
  };
}

/** A change of one text column. */
function touch(fixture: CatalogFixture, { columns }: Table): ColumnValues {
  const { logicalName } = columns.find(({ type, writable }) => type === 'string' && writable) ?? columns[1]!;
  return { [logicalName]: fixture.text() };
}
