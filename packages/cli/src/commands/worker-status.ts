import { setTimeout as sleep } from 'node:timers/promises';
import { pausedByUser, type SubscriptionStatus, type WorkerStore } from 'dynamics365-connector-worker';
import { openWorkerStore } from '../open-worker-store.ts';
import { printTable } from '../print-table.ts';
import type { Terminal } from '../terminal.ts';
import type { WorkerCommandContext } from './worker-command-context.ts';

const refreshIntervalMs = 2000;
/** Clears the terminal and moves the cursor to its first line. */
const clearScreen = '\u001b[2J\u001b[H';

/** `d365 worker status [subscription]`: one line for each subscription; `--watch` refreshes it. */
export async function printWorkerStatus({ terminal, args, options }: WorkerCommandContext): Promise<number> {
  const store = await openWorkerStore(options);
  try {
    for (;;) {
      await printStatus(terminal, store, args[1]);
      if (options.watch !== true) return 0;
      await sleep(refreshIntervalMs);
      if (terminal.interactive) terminal.print(clearScreen);
    }
  } finally {
    await store.close();
  }
}

async function printStatus(terminal: Terminal, store: WorkerStore, only: string | undefined): Promise<void> {
  const subscriptions = (await store.status()).filter(({ id }) => only === undefined || id === only);
  if (terminal.json) for (const subscription of subscriptions) terminal.print(JSON.stringify(subscription));
  else if (subscriptions.length === 0)
    terminal.printNote('no subscriptions: no worker has used this store yet');
  else {
    printTable(
      terminal,
      columnHeadings,
      subscriptions.map((subscription) => toStatusRow(terminal, subscription)),
    );
    for (const { id, failure } of subscriptions) {
      if (failure !== undefined) terminal.printNote(`${id}: ${failure.code} ${failure.message}`);
    }
  }
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

function formatState(style: Terminal['style'], { state, pausedBy, failures }: SubscriptionStatus): string {
  if (pausedBy !== undefined) return style('red', pausedBy === pausedByUser ? 'paused' : pausedBy);
  if (failures > 0) return style('yellow', `failing (${failures})`);
  return state === 'active' ? style('green', state) : state;
}

function formatDuration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 120) return `${seconds} s`;
  return seconds < 7200 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3600)} h`;
}
