import { invalidSchemaName, missingPrefix, type SchemaComponent } from '../../store/schema-errors.ts';
import type { JsonBody } from '../json-body.ts';

/** The names of a component: `new_BankAccount` and `new_bankaccount`. */
export interface SchemaNames {
  readonly schemaName: string;
  readonly logicalName: string;
}

const maxLength: Readonly<Record<SchemaComponent, number>> = {
  Entity: 100,
  Attribute: 100,
  OptionSet: 100,
  EntityKey: 100,
  EntityRelationship: 100,
};

/**
 * Reads `SchemaName` (`Name` of a choice) of a new component. Rejects names without a publisher's prefix, with other
 * characters than letters, digits and underscores, and a `LogicalName` that is not the name in lower case.
 */
export function readSchemaNames(body: JsonBody, component: SchemaComponent): SchemaNames {
  const schemaName = body.SchemaName ?? body.Name;
  if (typeof schemaName !== 'string' || schemaName === '') throw missingPrefix(component, '');
  if (!/^[A-Za-z0-9_]+$/.test(schemaName)) {
    throw invalidSchemaName(schemaName, 'It can only contain letters, digits and underscores.');
  }
  if (schemaName.length > maxLength[component]) {
    throw invalidSchemaName(schemaName, `It is longer than ${maxLength[component]} characters.`);
  }
  if (!/^(?!mscrm)[a-z][a-z0-9]{1,7}_[a-z0-9_]/i.test(schemaName)) throw missingPrefix(component, schemaName);
  const logicalName = schemaName.toLowerCase();
  const { LogicalName: given = logicalName } = body;
  if (given !== null && given !== logicalName) {
    throw invalidSchemaName(schemaName, `The logical name must be '${logicalName}', not '${String(given)}'.`);
  }
  return { schemaName, logicalName };
}
