import { parseGuid } from '../../guid.ts';
import { DataverseError, invalidQuery } from '../errors.ts';

/** The key of a definition: `LogicalName='account'`, `Name='x'` or a MetadataId. */
export interface MetadataKey {
  readonly name: string;
  readonly value: string;
}

/** Parses the text between the parentheses of `EntityDefinitions(…)`. */
export function parseMetadataKey(args: string): MetadataKey {
  const named = /^(LogicalName|SchemaName|Name|MetadataId)\s*=\s*(?:'([^']*)'|([\w-]+))$/.exec(args.trim());
  if (named) return { name: named[1] ?? '', value: named[2] ?? (named[3] ?? '').toLowerCase() };
  const id = parseGuid(args.trim());
  if (!id) throw invalidQuery('Bad Request - Error in query syntax.');
  return { name: 'MetadataId', value: id };
}

/** 404: there is no definition with this key. */
export const metadataNotFound = ({ name, value }: MetadataKey): DataverseError =>
  new DataverseError(
    404,
    '0x80060888',
    `Could not find the metadata with ${name} = '${value.slice(0, 100)}'.`,
  );
