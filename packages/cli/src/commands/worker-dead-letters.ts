import { ConnectorError } from 'dynamics365-connector';
import { suggest } from 'dynamics365-connector/host';
import type { DeadLetterSelection, StoredEvent, WorkerStore } from 'dynamics365-connector-worker';
import { formatDuration } from 'dynamics365-connector-worker';
import { cellText } from '../cell-text.ts';
import { openWorkerStore } from '../open-worker-store.ts';
import { printTable } from '../print-table.ts';
import type { Terminal } from '../terminal.ts';
import { unknownSubscription } from '../unknown-subscription.ts';
import type { WorkerCommandContext } from './worker-command-context.ts';

type DeadLettersAction = (run: {
  readonly terminal: Terminal;
  readonly store: WorkerStore;
  /** Numbers of dead letters, or the id of a subscription. */
  readonly names: readonly string[];
  readonly options: WorkerCommandContext['options'];
}) => Promise<void>;

const actions: Readonly<Record<string, DeadLettersAction>> = { list, show, replay, forget };

/** `d365 worker dead-letters [list|show|replay|forget] …`: the events that are not delivered any more. */
export async function runDeadLettersCommand({
  terminal,
  args,
  options,
}: WorkerCommandContext): Promise<number> {
  const [, name = 'list', ...names] = args;
  const action = Object.hasOwn(actions, name) ? actions[name] : undefined;
  if (action === undefined) throw unknownAction(name);
  const store = await openWorkerStore(options);
  try {
    await action({ terminal, store, names, options });
    return 0;
  } finally {
    await store.close();
  }
}

async function list({ terminal, store, names }: Parameters<DeadLettersAction>[0]): Promise<void> {
  const selection = await toSelection(store, names);
  if (terminal.json) {
    for await (const letter of allDeadLetters(store, selection)) terminal.printJson(letter);
    return;
  }
  const rows: (readonly string[])[] = [];
  for await (const letter of allDeadLetters(store, selection)) rows.push(toRow(letter));
  if (rows.length === 0) terminal.printNote('no dead letters');
  else printTable(terminal, ['number', 'subscription', 'row', 'attempts', 'dead for', 'reason'], rows);
}

/** Reads page by page, so that the newest ones are not missing if there are many. */
async function* allDeadLetters(
  store: WorkerStore,
  selection: DeadLetterSelection,
): AsyncGenerator<StoredEvent> {
  for (let after = 0; ; ) {
    const page = await store.events({ ...selection, state: 'dead', order: 'oldest', after });
    yield* page;
    const last = page.at(-1);
    if (last === undefined) return;
    after = last.sequence;
  }
}

function toRow({
  sequence,
  subscription,
  rowId,
  attempts,
  deadForMs,
  reason,
}: StoredEvent): readonly string[] {
  const since = formatDuration(deadForMs ?? 0);
  return [String(sequence), subscription, rowId, String(attempts), since, cellText(reason ?? '')];
}

async function show({ terminal, store, names }: Parameters<DeadLettersAction>[0]): Promise<void> {
  if (names.length === 0) throw missingNames('show');
  const selection = await toSelection(store, names);
  for await (const letter of allDeadLetters(store, selection)) terminal.printJson(letter);
}

async function replay({ terminal, store, names, options }: Parameters<DeadLettersAction>[0]): Promise<void> {
  const selection = await toExplicitSelection(store, names, { all: options.all, action: 'replay' });
  const count = await store.replayDeadLetters(selection, options.reread ? 'reread' : 'stored');
  printCount(terminal, 'replay', count);
}

async function forget({ terminal, store, names, options }: Parameters<DeadLettersAction>[0]): Promise<void> {
  const selection = await toExplicitSelection(store, names, { all: options.all, action: 'forget' });
  printCount(terminal, 'forget', await store.forgetDeadLetters(selection));
}

function printCount(terminal: Terminal, action: 'replay' | 'forget', count: number): void {
  const events = count === 1 ? '1 dead letter' : `${count} dead letters`;
  const result = action === 'replay' ? 'delivered again by the worker' : 'deleted';
  if (terminal.json) terminal.printJson({ action, count });
  else terminal.printNote(`${events}: ${result}`);
}

/** Without names, `--all` must be given, so that a forgotten name does not select everything. */
async function toExplicitSelection(
  store: WorkerStore,
  names: readonly string[],
  { all, action }: { readonly all: boolean | undefined; readonly action: 'replay' | 'forget' },
): Promise<DeadLetterSelection> {
  if (names.length === 0 && all !== true) throw missingNames(action);
  return await toSelection(store, names);
}

/** Numbers select dead letters; another name is the id of a subscription. */
async function toSelection(store: WorkerStore, names: readonly string[]): Promise<DeadLetterSelection> {
  if (names.length === 0) return {};
  const subscriptions = await store.status();
  const [first = ''] = names;
  if (names.length === 1 && subscriptions.some(({ id }) => id === first)) return { subscription: first };
  const other = names.find((name) => !/^\d{1,15}$/.test(name));
  if (other !== undefined) throw unknownSubscription(other, subscriptions);
  const sequences = names.map(Number);
  const found = await store.events({ sequences, state: 'dead', limit: sequences.length });
  const missing = sequences.find((sequence) => !found.some((letter) => letter.sequence === sequence));
  if (missing === undefined) return { sequences };
  throw new ConnectorError('INPUT_INVALID', `There is no dead letter ${missing}.`, {
    advice: '`d365 worker dead-letters list` prints the numbers.',
  });
}

function missingNames(action: string): ConnectorError {
  const all = action === 'show' ? '' : ', or --all';
  return new ConnectorError('INPUT_INVALID', `Say which dead letters to ${action}.`, {
    advice: `Use d365 worker dead-letters ${action} with numbers or the id of a subscription${all}.`,
  });
}

function unknownAction(name: string): ConnectorError {
  const names = Object.keys(actions);
  const [nearest] = suggest(name, names, 1);
  return new ConnectorError('INPUT_INVALID', `There is no command "worker dead-letters ${name}".`, {
    advice: `Use one of: ${names.join(', ')}.${nearest === undefined ? '' : ` Did you mean ${nearest}?`}`,
  });
}
