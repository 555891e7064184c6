import { openProduct } from './clients.ts';

/* Runs in its own process: `<origin> <transport> <rows>` reads a list and sends the memory that it needed. */
const [origin = '', transport, rows] = process.argv.slice(2);
const client = await openProduct(origin, transport === 'node-fetch' ? 'node-fetch' : 'undici');

async function read(max: number): Promise<number> {
  let count = 0;
  for await (const _ of client.list('case.list', {}, { pageSize: 1000 })) if (++count === max) break;
  return count;
}

// What Node.js needs once: compiled code, connections, buffers.
await read(5000);
globalThis.gc?.();
const base = process.memoryUsage();
let peak = base.rss;
let heap = base.heapUsed;
const timer = setInterval(() => {
  const { rss, heapUsed } = process.memoryUsage();
  peak = Math.max(peak, rss);
  heap = Math.max(heap, heapUsed);
}, 5);
const count = await read(Number(rows));
clearInterval(timer);
const toMb = (bytes: number) => Math.round(bytes / 1e6);
process.send?.({
  count,
  baseMb: toMb(base.rss),
  peakMb: toMb(peak - base.rss),
  heapMb: toMb(heap - base.heapUsed),
});
process.disconnect?.();
