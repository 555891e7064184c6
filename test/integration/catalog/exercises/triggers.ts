import type { ColumnValues } from '../../../../packages/sandbox/src/store/types.ts';
import type { JsonObject } from '../../../../src/index.ts';
import type { Table } from '../../../../src/model/table.ts';
import type { CatalogFixture } from './fixture.ts';

/** What a trigger is about, and what it is not; made before it begins. */
export interface TriggerScenario {
  readonly params?: JsonObject;
  /** Something else of the same table happens. */
  readonly unrelatedChange: () => unknown;
  /** It happens: the id of the row to be told of. */
  readonly matchingChange: () => string | Promise<string>;
}
type TriggerScenarioOf<Context extends readonly unknown[]> = (
  stage: CatalogFixture,
  ...context: Context
) => TriggerScenario;

/** The scene of a trigger: its own, or that of the change that it shares with other tables. */
export function findTriggerScenario(
  trigger: string,
  tables: Readonly<Record<string, Table>>,
): ((stage: CatalogFixture) => TriggerScenario) | undefined {
  const [name = '', change = ''] = trigger.split('.');
  const [table, shared] = [tables[name], changes[change]];
  return own[trigger] ?? (table && shared && ((stage) => shared(stage, table)));
}

const changes: Readonly<Record<string, TriggerScenarioOf<[Table]>>> = {
  created(stage, table) {
    const old = stage.add(table.name);
    return {
      unrelatedChange: () => stage.change(table.name, old.id, touch(stage, table)),
      matchingChange: () => stage.add(table.name).id,
    };
  },
  updated(stage, table) {
    const old = stage.add(table.name);
    return {
      unrelatedChange: () => stage.add(table.name),
      matchingChange: () => stage.change(table.name, old.id, touch(stage, table)),
    };
  },
  deleted(stage, table) {
    const [kept, gone] = [stage.add(table.name), stage.add(table.name)];
    return {
      unrelatedChange: () => stage.change(table.name, kept.id, touch(stage, table)),
      matchingChange: () => stage.remove(table.name, gone.id),
    };
  },
};

/** A row that exists becomes this; anything else of it is something else. */
function changedTo(
  table: string,
  before: ColumnValues,
  after: (stage: CatalogFixture) => ColumnValues,
): TriggerScenarioOf<[]> {
  return (stage) => {
    const { id } = stage.add(table, before);
    return {
      unrelatedChange: () => stage.change(table, id, touch(stage, stage.definition.tables[table]!)),
      matchingChange: () => stage.change(table, id, after(stage)),
    };
  };
}

const own: Readonly<Record<string, TriggerScenarioOf<[]>>> = {
  'case.assigned': changedTo('case', {}, (stage) => ({
    ownerid: { table: 'team', id: stage.add('team').id },
  })),
  'case.priority-changed': changedTo('case', { prioritycode: 2 }, () => ({ prioritycode: 1 })),
  'case.escalated': changedTo('case', {}, () => ({ isescalated: true })),
  'case.reopened': changedTo('case', { statecode: 1 }, () => ({ statecode: 0 })),
  'lead.qualified': changedTo('lead', {}, () => ({ statecode: 1 })),
  'opportunity.stage-changed': changedTo('opportunity', { salesstage: 0 }, () => ({ salesstage: 3 })),
  'task.completed': changedTo('task', {}, () => ({ statecode: 1 })),
  'queue-item.added': changedTo('queue-item', {}, (stage) => ({
    queueid: { table: 'queue', id: stage.add('queue').id },
  })),

  'case.created': (stage) => ({
    params: { priority: 'high' },
    unrelatedChange: () => stage.add('case', { prioritycode: 3 }),
    matchingChange: () => stage.add('case', { prioritycode: 1 }).id,
  }),
  'case.resolved'(stage) {
    const [canceled, resolved] = [stage.add('case'), stage.add('case')];
    return {
      unrelatedChange: () => stage.client.run('case.cancel', { id: canceled.id }),
      async matchingChange() {
        await stage.client.run('case.resolve', { id: resolved.id, subject: 'New fuse' });
        return stage.rowsWith('case-resolution', { incidentid: resolved.id })[0]!.id;
      },
    };
  },
  'email.received': (stage) => ({
    unrelatedChange: () => stage.add('email', { directioncode: true }),
    matchingChange: () => stage.add('email', { directioncode: false }).id,
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

/** The time in a column comes: for what is open, not for what is over or has longer. */
function deadlineReached(
  table: string,
  column: string,
  rows: { readonly open: ColumnValues; readonly over: ColumnValues },
): TriggerScenarioOf<[]> {
  return (stage) => {
    const { organization } = stage.sandbox;
    const inMinutes = (count: number) => {
      const ms = Date.now() + organization.clockOffsetMs + count * minute;
      return { [column]: new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z') };
    };
    const { id } = stage.add(table, { ...rows.open, ...inMinutes(2) });
    return {
      unrelatedChange() {
        stage.add(table, { ...rows.over, ...inMinutes(1) });
        stage.add(table, { ...rows.open, ...inMinutes(50) });
        organization.clockOffsetMs += minute;
      },
      matchingChange() {
        organization.clockOffsetMs += 2 * minute;
        return id;
      },
    };
  };
}

/** An SLA of a case that is not met, and one that is. */
function slaDeadline(column: string): TriggerScenarioOf<[]> {
  return (stage) => {
    const regarding = { table: 'incident', id: stage.add('case').id };
    const rows = { open: { regarding, status: 0 }, over: { regarding, status: 4 } };
    return deadlineReached('sla-kpi', column, rows)(stage);
  };
}

function closedAs(how: string, otherwise: string): TriggerScenarioOf<[]> {
  return (stage) => {
    const close = async (verb: string) => {
      const { id } = stage.add('opportunity');
      await stage.client.run(`opportunity.${verb}`, { id, subject: 'It is over' });
      return stage.rowsWith('opportunity-close', { opportunityid: id })[0]!.id;
    };
    return { unrelatedChange: () => close(otherwise), matchingChange: () => close(how) };
  };
}

/** Another text in one column of a row. */
function touch(stage: CatalogFixture, { columns }: Table): ColumnValues {
  const { logicalName } = columns.find(({ type, writable }) => type === 'string' && writable) ?? columns[1]!;
  return { [logicalName]: stage.text() };
}
