import { ConnectorError } from 'dynamics365-connector';
import { forgetRow, isGuid } from 'dynamics365-connector/host';
import { openConnectionStore, openSqliteStore } from 'dynamics365-connector/node';
import { forgetAnswers } from 'dynamics365-connector-service';
import { openWorkerStore, type WorkerStoreOptions } from '../open-worker-store.ts';
import { printTable } from '../print-table.ts';
import type { CommandContext } from './command-context.ts';

interface ForgetOptions extends WorkerStoreOptions {
  readonly state?: readonly string[];
}

/** A place that keeps rows. A package with one of its own, such as a mirror, adds it to the list. */
export interface RowKeeper {
  readonly name: string;
  /** Removes the row, and returns in how many stored values it was. */
  forget(table: string, id: string): Promise<number>;
  close(): Promise<void>;
}

/** `d365 forget`: removes a row from everything that the connector keeps on this machine or in its database. */
export default async function forget({
  terminal,
  args,
  options,
}: CommandContext<ForgetOptions>): Promise<number> {
  const [table = '', id = ''] = args;
  if (!isGuid(id))
    throw new ConnectorError('INPUT_INVALID', 'The id of the row must be a GUID.', {
      advice: 'Example: d365 forget contact 8d1f0c7a-5b1e-4c39-9d55-0a3c1c5d7e90',
    });
  const rows: { place: string; removed: number }[] = [];
  const keepers = await openKeepers(options);
  try {
    for (const keeper of keepers)
      rows.push({ place: keeper.name, removed: await keeper.forget(table, id.toLowerCase()) });
  } finally {
    for (const keeper of keepers) await keeper.close();
  }
  if (terminal.json) terminal.printJson({ table, id, places: rows });
  else {
    printTable(
      terminal,
      ['place', 'removed from'],
      rows.map(({ place, removed }) => [place, String(removed)]),
    );
    terminal.printNote(
      'Delete the row in Dynamics 365 first: a row that exists is read again. Audit lines have its id, no values, and end with their retention.',
    );
  }
  return 0;
}

async function openKeepers(options: ForgetOptions): Promise<readonly RowKeeper[]> {
  const connections = await openConnectionStore();
  const worker = await openWorkerStore(options);
  const nothing = async () => {};
  return [
    {
      name: 'events of the worker',
      async forget(_table, id) {
        const { deleted, changed } = await worker.forgetRow(id);
        return deleted + changed;
      },
      close: nothing,
    },
    {
      name: 'feeds of the worker',
      forget: (_table, id) => forgetRow(worker.state, id),
      close: () => worker.close(),
    },
    {
      name: 'answers of the service',
      forget: (_table, id) => forgetAnswers(connections, id),
      close: nothing,
    },
    {
      name: 'feeds of saved connections',
      forget: (_table, id) => forgetRow(connections.store, id),
      close: async () => connections.close(),
    },
    ...(options.state ?? []).map(openStateFile),
  ];
}

/** The SQLite file of another host: Node-RED, or a program. */
function openStateFile(file: string): RowKeeper {
  const store = openSqliteStore(file);
  return {
    name: file,
    forget: (_table, id) => forgetRow(store, id),
    close: async () => store.close(),
  };
}
