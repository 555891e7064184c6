import { ConnectorError, type JsonObject } from 'dynamics365-connector';
import type { Fault, Harm } from './fault.ts';

/** The numbers and texts that each kind needs. */
const NEEDS: Readonly<Record<Harm['kind'], readonly string[]>> = {
  delay: ['ms'],
  status: ['status'],
  html: [],
  drop: [],
  silence: [],
  reset: ['atByte'],
  stall: ['atByte'],
  truncate: ['bodyBytes'],
  trickle: ['bytesPerSecond'],
  'late-commit': ['ms'],
};

/** Reads a fault that came as JSON. Throws a sentence about what is wrong with it. */
export function readFault(order: JsonObject): Fault {
  const kind = String(order.kind);
  if (!Object.hasOwn(NEEDS, kind))
    throw new ConnectorError('SETTING_INVALID', `kind must be one of ${Object.keys(NEEDS).join(', ')}.`);
  for (const name of NEEDS[kind as Harm['kind']]) {
    const value = order[name];
    if (typeof value !== 'number' || !(value >= 0))
      throw new ConnectorError('SETTING_INVALID', `${kind} needs ${name}, a number from 0.`);
  }
  return order as unknown as Fault;
}
