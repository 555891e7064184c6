import { setTimeout as sleep } from 'node:timers/promises';
import type { SubscriptionStatus, WorkerStore } from 'dynamics365-connector-worker';
import { openWorkerStore } from '../open-worker-store.ts';
import { showTable } from '../table.ts';
import type { Terminal } from '../terminal.ts';
import type { WorkerCommand } from './worker-command.ts';

const AGAIN_MS = 2000;

/** `d365 worker status`: one line for each subscription; `--watch` shows it again and again. */
export async function showStatus({ terminal, args, options }: WorkerCommand): Promise<number> {
  const store = await openWorkerStore(options);
  try {
    for (;;) {
      await showOnce(terminal, store, args[1]);
      if (options.watch !== true) return 0;
      await sleep(AGAIN_MS);
      if (terminal.interactive) terminal.out('\u001b[2J\u001b[H');
    }
  } finally {
    await store.close();
  }
}

async function showOnce(terminal: Terminal, store: WorkerStore, only: string | undefined): Promise<void> {
  const all = (await store.status()).filter(({ id }) => only === undefined || id === only);
  if (terminal.json) for (const each of all) terminal.out(JSON.stringify(each));
  else if (all.length === 0) terminal.note('no subscriptions: a worker has not run here yet');
  else {
    showTable(
      terminal,
      head,
      all.map((each) => toRow(terminal, each)),
    );
    for (const { id, failure } of all) {
      if (failure !== undefined) terminal.note(`${id}: ${failure.code} ${failure.message}`);
    }
  }
}

const head = [
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

function toRow({ style }: Terminal, each: SubscriptionStatus): readonly string[] {
  const { id, trigger, connection, polledAgoMs, dueInMs, events, waiting, dead } = each;
  return [
    id,
    trigger,
    connection,
    stateOf(style, each),
    polledAgoMs === undefined ? '' : `${duration(polledAgoMs)} ago`,
    dueInMs === undefined ? '' : dueInMs < 0 ? 'now' : `in ${duration(dueInMs)}`,
    String(events),
    String(waiting),
    dead === 0 ? '0' : style('red', String(dead)),
  ];
}

function stateOf(style: Terminal['style'], { state, pausedBy, failures }: SubscriptionStatus): string {
  if (pausedBy !== undefined) return style('red', pausedBy === 'PAUSED' ? 'paused' : pausedBy);
  if (failures > 0) return style('yellow', `failing (${failures})`);
  return state === 'active' ? style('green', state) : state;
}

function duration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 120) return `${seconds} s`;
  return seconds < 7200 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3600)} h`;
}
