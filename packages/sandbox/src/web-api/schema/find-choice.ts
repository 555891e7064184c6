import type { GlobalChoice, Model } from '../../model/types.ts';
import { DataverseError } from '../errors.ts';
import { createMetadataId } from '../metadata/metadata-definition.ts';

/** The global choice of a name or a MetadataId: one that was added, or that of a standard column. */
export function findGlobalChoice(model: Model, nameOrId: string): GlobalChoice | undefined {
  const key = nameOrId.toLowerCase();
  const matches = (name: string) => name.toLowerCase() === key || createMetadataId('optionset', name) === key;
  const added = [...model.globalChoices.values()].find(({ name }) => matches(name));
  if (added) return added;
  for (const { attributes } of model.tables.values()) {
    const user = attributes.find(({ globalChoice }) => globalChoice !== undefined && matches(globalChoice));
    if (user?.globalChoice !== undefined) {
      return { name: user.globalChoice, displayName: user.displayName, options: user.options ?? [] };
    }
  }
  return undefined;
}

/** Like `findGlobalChoice`. Throws 404 when there is none. */
export function requireGlobalChoice(model: Model, nameOrId: string): GlobalChoice {
  const choice = findGlobalChoice(model, nameOrId);
  if (choice) return choice;
  const message = `Could not find an optionset with name '${nameOrId.slice(0, 100)}'.`;
  throw new DataverseError(404, '0x80040217', message);
}
