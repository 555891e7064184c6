import { ConnectorError } from 'dynamics365-connector';
import type { CommonOptions } from './commands/command-context.ts';

/**
 * The folder of the author's own manifest.
 *
 * @param use what needs it, for the error: `d365 dev`, `--fix`
 * @throws SETTING_INVALID if there is none
 */
export function requireManifest({ manifest }: CommonOptions, use: string): string {
  if (manifest !== undefined) return manifest;
  throw new ConnectorError('SETTING_INVALID', `${use} needs the folder of a connector of your own.`, {
    advice: 'Name it: --manifest <folder>. `d365 new connector` writes one.',
  });
}
