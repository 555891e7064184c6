import { setTimeout as sleep } from 'node:timers/promises';
import {
  formatDuration,
  needsAttention,
  pausedByUser,
  type SubscriptionStatus,
  type WorkerStore,
} from 'dynamics365-connector-worker';
import { openWorkerStore } from '../open-worker-store.ts';
import { printTable } from '../print-table.ts';
import type { Terminal } from '../terminal.ts';
import type { WorkerCommandContext } from './worker-command-context.ts';

const refreshIntervalMs = 2000;
/** Clears the terminal and moves the cursor to its first line. */
const clearScreen = '\u001b[2J\u001b[H';

/**
 * `d365 worker status [subscription]`: one line for each subscription; `--watch` refreshes it. The exit code is 1 if one
 * of them needs attention.
 */
export async function printWorkerStatus({ terminal, args, options }: WorkerCommandContext): Promise<number> {
  const store = await openWorkerStore(options);
  try {
    for (;;) {
      const subscriptions = await printStatus(terminal, store, args[1]);
      if (options.watch !== true) return subscriptions.some(needsAttention) ? 1 : 0;
      await sleep(refreshIntervalMs);
      if (terminal.interactive) terminal.print(clearScreen);
    }
  } finally {
    await store.close();
  }
}

async function printStatus(
  terminal: Terminal,
  store: WorkerStore,
  only: string | undefined,
): Promise<readonly SubscriptionStatus[]> {
  const subscriptions = (await store.status()).filter(({ id }) => only === undefined || id === only);
  if (terminal.json) for (const subscription of subscriptions) terminal.printJson(subscription);
  else if (subscriptions.length === 0)
    terminal.printNote('no subscriptions: no worker has used this store yet');
  else {
    printTable(
      terminal,
      columnHeadings,
      subscriptions.map((subscription) => toStatusRow(terminal, subscription)),
    );
    for (const subscription of subscriptions) printReason(terminal, subscription);
    for (const subscription of subscriptions) printPush(terminal, subscription);
    printOutboxSize(terminal, subscriptions);
  }
  return subscriptions;
}

function printReason(terminal: Terminal, { id, state, reason, nextAttemptInMs }: SubscriptionStatus): void {
  if (reason === undefined || state === 'inactive') return;
  const next = nextAttemptInMs === undefined ? '' : ` Next attempt in ${formatDuration(nextAttemptInMs)}.`;
  terminal.printNote(`${id}: ${reason}${next}`);
}

function printPush(terminal: Terminal, { id, push }: SubscriptionStatus): void {
  if (push === undefined) return;
  const { wakes, lost, unannounced } = push;
  terminal.printNote(
    `${id}: webhooks caused ${wakes} polls; ${lost} could not be sent; ${unannounced} changes came without one`,
  );
}

function printOutboxSize(terminal: Terminal, subscriptions: readonly SubscriptionStatus[]): void {
  const sum = (name: 'waiting' | 'dead') =>
    subscriptions.reduce((total, subscription) => total + subscription[name], 0);
  terminal.printNote(`outbox: ${sum('waiting')} events wait, ${sum('dead')} dead letters`);
}

const columnHeadings = [
  'subscription',
  'trigger',
  'connection',
  'state',
  'last poll',
  'next',
  'events',
  'waiting',
  'dead',
];

function toStatusRow({ style }: Terminal, subscription: SubscriptionStatus): readonly string[] {
  const { id, trigger, connection, polledAgoMs, dueInMs, events, waiting, dead } = subscription;
  return [
    id,
    trigger,
    connection,
    formatState(style, subscription),
    polledAgoMs === undefined ? '' : `${formatDuration(polledAgoMs)} ago`,
    dueInMs === undefined ? '' : dueInMs < 0 ? 'now' : `in ${formatDuration(dueInMs)}`,
    String(events),
    String(waiting),
    dead === 0 ? '0' : style('red', String(dead)),
  ];
}

function formatState(style: Terminal['style'], subscription: SubscriptionStatus): string {
  const { state, pausedBy, failures } = subscription;
  if (state === 'paused' && pausedBy !== pausedByUser) return style('red', pausedBy ?? state);
  if (state === 'failing' && failures > 0) return style('yellow', `failing (${failures})`);
  if (needsAttention(subscription)) return style('yellow', state);
  return state === 'active' ? style('green', state) : state;
}
