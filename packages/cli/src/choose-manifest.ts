import { resolve } from 'node:path';
import { ConnectorError } from 'dynamics365-connector';

/** The manifest of the command line or of a file. Two settings that name different folders are an error: neither of them is ignored. */
export function chooseManifest(
  option: string | undefined,
  inFile: string | undefined,
  file: string,
): string | undefined {
  if (option === undefined || inFile === undefined || resolve(option) === inFile) return option ?? inFile;
  const message = `${file} has the manifest ${inFile}, but --manifest or D365_MANIFEST is ${resolve(option)}.`;
  throw new ConnectorError('SETTING_INVALID', message, { advice: 'Remove one of them.' });
}
