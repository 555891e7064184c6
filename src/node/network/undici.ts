import type { Agent, Dispatcher } from 'undici';
import { ConnectorError } from '../../errors/connector-error.ts';

export type { Agent, Dispatcher };

/** The handlers of `dispatch` differ between major versions, so others are refused. */
const supportedMajor = '7';

/** Loads the class of undici that sends. Throws PACKAGE_MISSING if undici or its supported version is not installed. */
export function loadUndiciAgent(require: (name: string) => unknown): typeof Agent {
  const version = readVersion(require);
  if (version.split('.')[0] !== supportedMajor) throw packageMissing(`but undici ${version} is installed`);
  // One class, because the whole library with its fetch takes three times as long to load.
  return require('undici/lib/dispatcher/agent.js') as typeof Agent;
}

function readVersion(require: (name: string) => unknown): string {
  try {
    return (require('undici/package.json') as { readonly version: string }).version;
  } catch {
    throw packageMissing('which is not installed');
  }
}

function packageMissing(what: string): ConnectorError {
  return new ConnectorError(
    'PACKAGE_MISSING',
    `The transport "undici" needs undici ${supportedMajor}, ${what}.`,
    {
      advice: `Run: npm install undici@${supportedMajor}`,
    },
  );
}
