import type { HttpSender } from '../../src/index.ts';
import { createSender, type Transport } from '../../src/node/create-sender.ts';

/** The libraries that send requests. All promises about behavior hold with each of them. */
export const transports: readonly Transport[] = ['node-fetch', 'undici'];

/** The library with which the tests of this run send to real servers: `TEST_TRANSPORT`, or the default of the engine. */
export function testTransport(): Transport {
  const { TEST_TRANSPORT: name = 'node-fetch' } = process.env;
  const found = transports.find((transport) => transport === name);
  if (found === undefined) throw new Error(`TEST_TRANSPORT must be one of: ${transports.join(', ')}`);
  return found;
}

/** A sender of that library. */
export function createTestSender(): HttpSender {
  return createSender({ transport: testTransport() });
}
