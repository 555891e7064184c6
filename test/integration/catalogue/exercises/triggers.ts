import type { Values } from '../../../../packages/sandbox/src/store/types.ts';
import type { JsonObject } from '../../../../src/index.ts';
import type { Table } from '../../../../src/model/table.ts';
import type { Stage } from './stage.ts';

/** What a trigger is about, and what it is not; made before it begins. */
export interface Scene {
  readonly params?: JsonObject;
  /** Something else of the same table happens. */
  readonly other: () => unknown;
  /** It happens: the id of the row to be told of. */
  readonly real: () => string | Promise<string>;
}
type SceneOf<Context extends readonly unknown[]> = (stage: Stage, ...context: Context) => Scene;

/** The scene of a trigger: its own, or that of the change that it shares with other tables. */
export function sceneOf(
  trigger: string,
  tables: Readonly<Record<string, Table>>,
): ((stage: Stage) => Scene) | undefined {
  const [name = '', change = ''] = trigger.split('.');
  const [table, shared] = [tables[name], changes[change]];
  return own[trigger] ?? (table && shared && ((stage) => shared(stage, table)));
}

const changes: Readonly<Record<string, SceneOf<[Table]>>> = {
  created(stage, table) {
    const old = stage.add(table.name);
    return {
      other: () => stage.change(table.name, old.id, touch(stage, table)),
      real: () => stage.add(table.name).id,
    };
  },
  updated(stage, table) {
    const old = stage.add(table.name);
    return {
      other: () => stage.add(table.name),
      real: () => stage.change(table.name, old.id, touch(stage, table)),
    };
  },
  deleted(stage, table) {
    const [kept, gone] = [stage.add(table.name), stage.add(table.name)];
    return {
      other: () => stage.change(table.name, kept.id, touch(stage, table)),
      real: () => stage.remove(table.name, gone.id),
    };
  },
};

/** A row that exists becomes this; anything else of it is something else. */
function becomes(table: string, before: Values, after: (stage: Stage) => Values): SceneOf<[]> {
  return (stage) => {
    const { id } = stage.add(table, before);
    return {
      other: () => stage.change(table, id, touch(stage, stage.definition.tables[table]!)),
      real: () => stage.change(table, id, after(stage)),
    };
  };
}

const own: Readonly<Record<string, SceneOf<[]>>> = {
  'case.assigned': becomes('case', {}, (stage) => ({ ownerid: { table: 'team', id: stage.add('team').id } })),
  'case.priority-changed': becomes('case', { prioritycode: 2 }, () => ({ prioritycode: 1 })),
  'case.escalated': becomes('case', {}, () => ({ isescalated: true })),
  'case.reopened': becomes('case', { statecode: 1 }, () => ({ statecode: 0 })),
  'lead.qualified': becomes('lead', {}, () => ({ statecode: 1 })),
  'opportunity.stage-changed': becomes('opportunity', { salesstage: 0 }, () => ({ salesstage: 3 })),
  'task.completed': becomes('task', {}, () => ({ statecode: 1 })),
  'queue-item.added': becomes('queue-item', {}, (stage) => ({
    queueid: { table: 'queue', id: stage.add('queue').id },
  })),

  'case.created': (stage) => ({
    params: { priority: 'high' },
    other: () => stage.add('case', { prioritycode: 3 }),
    real: () => stage.add('case', { prioritycode: 1 }).id,
  }),
  'case.resolved'(stage) {
    const [canceled, resolved] = [stage.add('case'), stage.add('case')];
    return {
      other: () => stage.client.run('case.cancel', { id: canceled.id }),
      async real() {
        await stage.client.run('case.resolve', { id: resolved.id, subject: 'New fuse' });
        return stage.rowsWith('case-resolution', { incidentid: resolved.id })[0]!.id;
      },
    };
  },
  'email.received': (stage) => ({
    other: () => stage.add('email', { directioncode: true }),
    real: () => stage.add('email', { directioncode: false }).id,
  }),
  'task.due': comes('task', 'scheduledend', { open: { statecode: 0 }, over: { statecode: 1 } }),
  'phonecall.due': comes('phonecall', 'scheduledend', { open: { statecode: 0 }, over: { statecode: 1 } }),
  'case.sla-nearing': promised('warningtime'),
  'case.sla-missed': promised('failuretime'),
  'opportunity.won': closed('win', 'lose'),
  'opportunity.lost': closed('lose', 'win'),
};

const MINUTE = 60_000;

/** The time in a column comes: for what is open, not for what is over or has longer. */
function comes(
  table: string,
  column: string,
  rows: { readonly open: Values; readonly over: Values },
): SceneOf<[]> {
  return (stage) => {
    const { organisation } = stage.sandbox;
    const inMinutes = (count: number) => {
      const ms = Date.now() + organisation.clockOffsetMs + count * MINUTE;
      return { [column]: new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z') };
    };
    const { id } = stage.add(table, { ...rows.open, ...inMinutes(2) });
    return {
      other() {
        stage.add(table, { ...rows.over, ...inMinutes(1) });
        stage.add(table, { ...rows.open, ...inMinutes(50) });
        organisation.clockOffsetMs += MINUTE;
      },
      real() {
        organisation.clockOffsetMs += 2 * MINUTE;
        return id;
      },
    };
  };
}

/** An SLA of a case that is not met, and one that is. */
function promised(column: string): SceneOf<[]> {
  return (stage) => {
    const regarding = { table: 'incident', id: stage.add('case').id };
    const rows = { open: { regarding, status: 0 }, over: { regarding, status: 4 } };
    return comes('sla-kpi', column, rows)(stage);
  };
}

function closed(how: string, otherwise: string): SceneOf<[]> {
  return (stage) => {
    const close = async (verb: string) => {
      const { id } = stage.add('opportunity');
      await stage.client.run(`opportunity.${verb}`, { id, subject: 'It is over' });
      return stage.rowsWith('opportunity-close', { opportunityid: id })[0]!.id;
    };
    return { other: () => close(otherwise), real: () => close(how) };
  };
}

/** Another text in one column of a row. */
function touch(stage: Stage, { columns }: Table): Values {
  const { column } = columns.find(({ type, writable }) => type === 'string' && writable) ?? columns[1]!;
  return { [column]: stage.text() };
}
