import { toReference } from '../store/entity-reference.ts';
import { DataverseError, invalidArgument } from '../store/errors.ts';
import type { TableLogic } from './table-logic.ts';

/** A rule compares rows of two tables. Only `PublishDuplicateRule` publishes it. */
export const duplicateRuleLogic: TableLogic = {
  before({ store, values, current }) {
    if (values.statuscode === 1 || values.statuscode === 2)
      throw invalidArgument('Use PublishDuplicateRule to publish a duplicate detection rule.');
    if (current) return values;
    if (!values.name || !values.baseentityname)
      throw invalidArgument("Required field 'name' or 'baseentityname' is missing for duplicaterule.");
    const { baseentityname, matchingentityname = baseentityname } = values;
    for (const table of [baseentityname, matchingentityname])
      if (!store.model.table(String(table)))
        throw new DataverseError(
          400,
          '0x80048410',
          'Duplicate detection is not supported on this record type.',
        );
    return { ...values, matchingentityname };
  },
};

/** A condition compares columns that the tables of its rule have. */
export const duplicateConditionLogic: TableLogic = {
  before({ store, values, current }) {
    const { regardingobjectid, baseattributename, matchingattributename, operatorcode, operatorparam } = {
      ...current?.values,
      ...values,
    };
    const reference = toReference(regardingobjectid);
    const rule = reference ? store.read(reference.table, reference.id)?.values : undefined;
    if (!rule) throw invalidArgument("A condition needs a rule: 'regardingobjectid'.");
    const columns = [
      [rule.baseentityname, baseattributename],
      [rule.matchingentityname, matchingattributename ?? baseattributename],
    ] as const;
    for (const [tableName, column] of columns) {
      const table = store.model.table(String(tableName));
      if (!table || !store.model.attribute(table, String(column)))
        throw invalidArgument(`'${tableName}' entity doesn't contain attribute with Name = '${column}'.`);
    }
    if ((operatorcode === 1 || operatorcode === 2) && !operatorparam)
      throw invalidArgument("The operator needs the number of characters: 'operatorparam'.");
    return values;
  },
};
