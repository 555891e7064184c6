import type { OpenedSubscription } from '../feed/open-feed.ts';

/** The messages whose webhooks wake a feed. The bulk messages raise them for each row. */
export const pushMessages = ['Create', 'Update', 'Delete'] as const;
export type PushMessage = (typeof pushMessages)[number];

/** A step of the organization: the webhook that it sends for a message of a table. */
export interface PushStep {
  /** Logical name. */
  readonly table: string;
  readonly message: PushMessage;
  /** Logical names of the columns whose updates are sent, in order; absent: all updates. */
  readonly columns?: readonly string[];
}

/** What a step needs to know of a subscription. */
export type PushedSubscription = Pick<OpenedSubscription, 'trigger' | 'isReevaluated' | 'table'>;

/**
 * The steps that subscriptions need: single messages only, because a bulk message raises these for each of its rows.
 * An Update step has the watched columns, unless a subscription reports any change or rows that have left its filter.
 */
export function pushStepsOf(subscriptions: readonly PushedSubscription[]): readonly PushStep[] {
  const tables = new Map<string, PushedSubscription[]>();
  for (const each of subscriptions)
    tables.set(each.table.logicalName, [...(tables.get(each.table.logicalName) ?? []), each]);
  return [...tables].sort(([a], [b]) => (a < b ? -1 : 1)).flatMap(([table, each]) => stepsOf(table, each));
}

function stepsOf(table: string, subscriptions: readonly PushedSubscription[]): readonly PushStep[] {
  return pushMessages.flatMap((message) => {
    const concerned = subscriptions.filter((each) => messagesOf(each).includes(message));
    if (concerned.length === 0) return [];
    const columns = message === 'Update' ? watchedColumns(concerned) : undefined;
    return [columns === undefined ? { table, message } : { table, message, columns }];
  });
}

function messagesOf({ trigger: { watch } }: PushedSubscription): readonly PushMessage[] {
  const { changes } = watch;
  return [
    ...(changes.includes('created') ? (['Create'] as const) : []),
    ...(changes.includes('updated') || changes.includes('left') ? (['Update'] as const) : []),
    ...(changes.includes('deleted') ? (['Delete'] as const) : []),
  ];
}

/** The logical names of the columns that the subscriptions watch, in order; undefined if one of them reports any change. */
function watchedColumns(subscriptions: readonly PushedSubscription[]): readonly string[] | undefined {
  const watchesAll = subscriptions.some(
    ({ trigger: { watch }, isReevaluated }) =>
      watch.columns.length === 0 || watch.changes.includes('left') || isReevaluated === true,
  );
  if (watchesAll) return undefined;
  const names = subscriptions.flatMap(({ trigger: { watch }, table }) =>
    table.columns.filter(({ name }) => watch.columns.includes(name)).map(({ logicalName }) => logicalName),
  );
  return [...new Set(names)].sort();
}
