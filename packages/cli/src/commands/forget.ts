import { ConnectorError, loadConnector } from 'dynamics365-connector';
import { forgetRow, isGuid, runtimeOf } from 'dynamics365-connector/host';
import { type ConnectionStore, openConnectionStore, openSqliteStore } from 'dynamics365-connector/node';
import {
  forgetRow as forgetMirroredRow,
  openMirrorTarget,
  readMirrorManifest,
} from 'dynamics365-connector-mirror';
import { forgetAnswers } from 'dynamics365-connector-service';
import { chooseManifest } from '../choose-manifest.ts';
import { openWorkerStore, type WorkerStoreOptions } from '../open-worker-store.ts';
import { printTable } from '../print-table.ts';
import type { CommandContext } from './command-context.ts';

interface ForgetOptions extends WorkerStoreOptions {
  readonly state?: readonly string[];
  readonly mirror?: readonly string[];
}

/** A place that keeps rows. */
interface RowKeeper {
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
    ...(await Promise.all((options.mirror ?? []).map((file) => openMirror(file, connections)))),
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

/** The target of a mirror file, which knows tables by their logical names. */
async function openMirror(file: string, savedConnections: ConnectionStore): Promise<RowKeeper> {
  const manifest = chooseManifest(undefined, await readMirrorManifest(file), file);
  const connector = await loadConnector({ manifest });
  const { tables } = runtimeOf(connector).definition;
  const target = await openMirrorTarget(file, { connector, env: process.env, savedConnections });
  return {
    name: file,
    async forget(name, id) {
      const table = Object.values(tables).find((one) => one.name === name)?.logicalName ?? name;
      return Number(await forgetMirroredRow(target, { table, id }));
    },
    close: () => target.close(),
  };
}
