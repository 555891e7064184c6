import { type Connection, openConnection, runtimeOf } from 'dynamics365-connector/host';
import { openConnectionStore } from 'dynamics365-connector/node';
import { createProbeContext, type Evidence, type Probe, type ProbeResult } from '../assumptions/probe.ts';
import { probes } from '../assumptions/probes.ts';
import { loadSendingConnector } from '../load-sending-connector.ts';
import { printTable } from '../print-table.ts';
import type { CommandContext } from './command-context.ts';

/** The record of one probe. It has no ids, addresses, texts or names of the organization. */
interface ProbeRecord extends ProbeResult {
  readonly assumption: string;
  readonly question: string;
  readonly evidence: readonly Evidence[];
}

/**
 * `d365 check-assumptions [connection]`: finds out how a real organization behaves where no documentation says it, and
 * prints a record that can be shared. It only reads, unless `--write` is given; then it creates rows and deletes them.
 */
export default async function checkAssumptions({
  terminal,
  args,
  options,
}: CommandContext<{ write?: boolean }>) {
  const connections = await openConnectionStore();
  try {
    const { saved, credential, options: connect } = await connections.open(args[0] ?? options.connection);
    const connector = await loadSendingConnector({ manifest: options.manifest, store: connections.store });
    const connection = openConnection(runtimeOf(connector), saved.settings, credential, connect);
    const records: ProbeRecord[] = [];
    for (const probe of probes) {
      const record = await terminal.withSpinner(probe.assumption, () =>
        probe.writes && !options.write ? skip(probe) : runProbe(connection, probe),
      );
      records.push(record);
    }
    if (terminal.json) terminal.printJson({ checkedOn: today(), records });
    else {
      const rows = records.map(({ assumption, reading, question, note }) => [
        assumption,
        reading ?? 'not known',
        note ?? question,
      ]);
      printTable(terminal, ['assumption', 'reading', 'about'], rows);
      terminal.printNote(
        '--json prints the record with the requests behind it. It names no row and no organization.',
      );
    }
    return 0;
  } finally {
    connections.close();
  }
}

function today(): string {
  return new Date().toISOString().slice(0, 10);
}

async function skip({ assumption, question }: Probe): Promise<ProbeRecord> {
  const note = 'Needs --write: it creates rows and deletes them.';
  return { assumption, question, reading: undefined, note, evidence: [] };
}

async function runProbe(connection: Connection, probe: Probe): Promise<ProbeRecord> {
  const evidence: Evidence[] = [];
  const { assumption, question } = probe;
  const finding = await probe.run(createProbeContext(connection, evidence));
  return { assumption, question, ...finding, evidence };
}
