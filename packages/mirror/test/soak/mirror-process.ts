/** A mirror in a process of its own. It starts when it receives its options. */
import { loadConnector } from 'dynamics365-connector';
import { openConnection, runtimeOf } from 'dynamics365-connector/host';
import { createSender } from 'dynamics365-connector/node';
import { runMirror } from '../../src/run-mirror.ts';
import { proofTable } from '../proof/proof-table.ts';
import type { MirrorMessage, MirrorProcessOptions } from './messages.ts';
import { openLocation } from './open-location.ts';
import { createPacedSender } from './paced-sender.ts';

async function run(options: MirrorProcessOptions): Promise<void> {
  const { orgUrl, token, everyMs, limits, rowsPerSecond } = options;
  const sender = createSender();
  const send = rowsPerSecond === undefined ? sender : createPacedSender(sender, rowsPerSecond);
  const connector = await loadConnector({ send });
  const credential = { kind: 'host' as const, getToken: () => ({ token }) };
  const connection = openConnection(runtimeOf(connector), { orgUrl }, credential, { allowLoopback: true });
  const target = await openLocation(options.target);
  const baseBytes = process.memoryUsage.rss();
  let peakBytes = baseBytes;
  const tables = new Map([[proofTable.logicalName, {}]]);
  await runMirror(
    {
      ...{ connection, target, tables, everyMs, limits, log: () => {} },
      onProgress({ phase }) {
        peakBytes = Math.max(peakBytes, process.memoryUsage.rss());
        const message: MirrorMessage = { phase, extraBytes: peakBytes - baseBytes };
        process.send?.(message);
      },
    },
    new AbortController().signal,
  );
}

process.once('message', (options: MirrorProcessOptions) => void run(options));
process.on('disconnect', () => process.exit());
process.send?.({ phase: 'ready', extraBytes: 0 } satisfies MirrorMessage);
