import { suggest } from '../../errors/suggest.ts';
import { ownValue } from '../../model/own-value.ts';
import type { TableColumn } from '../../model/table.ts';
import type { ReportOptions, SourceNode } from '../read/source-node.ts';
import type { CompiledTable } from './compile-context.ts';

/** Columns that tables of Dataverse have, whether or not their files list them. */
const systemColumns: readonly string[] = [
  ...[
    'createdon',
    '_createdby_value',
    '_createdonbehalfby_value',
    'overriddencreatedon',
    'importsequencenumber',
  ],
  ...['modifiedon', '_modifiedby_value', '_modifiedonbehalfby_value', 'versionnumber'],
  ...['_ownerid_value', '_owningbusinessunit_value', '_owninguser_value', '_owningteam_value'],
  ...['statecode', 'statuscode', '_transactioncurrencyid_value', 'exchangerate', '_organizationid_value'],
  ...[
    'timezoneruleversionnumber',
    'utcconversiontimezonecode',
    'processid',
    'stageid',
    'traversedpath',
    'merged',
  ],
];

/**
 * Checks the name of a column in a filter: it is Dataverse's name. One of our names and a misspelled name are errors; a
 * column that the table file does not have can exist, so it is a warning. Returns whether there is no error.
 */
export function checkColumnName(
  name: string,
  { table }: CompiledTable,
  node: SourceNode,
  aim: ReportOptions,
): boolean {
  const wires = [
    ...new Set([...table.columns.map(({ wireName }) => wireName), table.key, table.primaryName]),
  ];
  if (wires.includes(name) || systemColumns.includes(name)) return true;
  const file = `schemas/tables/${table.name}.yaml`;
  const own = table.columns.find((column) => column.name === name || column.logicalName === name);
  if (own !== undefined) {
    const message = `"${name}" is not the name of the column in a filter`;
    node.error('S120', message, { ...aim, fix: `write ${own.wireName}` });
    return false;
  }
  const message = `the table ${table.name} has no column "${name}"`;
  const nearest = suggest(name, [...wires, ...systemColumns], 3).find((wire) => isMisspelled(name, wire));
  if (nearest === undefined) {
    const fix = `add the column to ${file}, so that it can be checked`;
    node.warning('S120', message, { ...aim, fix });
    return true;
  }
  const fix = `did you mean ${nearest}? Otherwise add the column to ${file}`;
  node.error('S120', message, { ...aim, fix });
  return false;
}

/** Names with other digits (`telephone2`) or another beginning are other columns. */
function isMisspelled(name: string, known: string): boolean {
  const withoutDigits = (text: string) => text.replace(/\d+/g, '');
  const isClose = Math.abs(name.length - known.length) <= 2 && name.slice(0, 2) === known.slice(0, 2);
  return isClose && withoutDigits(name) !== withoutDigits(known);
}

/** Numbers from here on belong to choices that organizations and solutions add. */
const firstCustomChoice = 10_000;

/** Checks the number of a choice. Returns whether there is no error. */
export function checkChoiceNumber(
  number: number,
  { name, choices }: TableColumn,
  node: SourceNode,
  aim: ReportOptions,
): boolean {
  if (choices === undefined || number >= firstCustomChoice || Object.values(choices).flat().includes(number))
    return true;
  const known = Object.entries(choices).map(([label, value]) => `${value} (${label})`);
  const fix = `use one of ${known.slice(0, 12).join(', ')}, or add it to x-choices`;
  node.error('S121', `the choice "${name}" has no number ${number}`, { ...aim, fix });
  return false;
}

/** A filter compares a choice with its number: a label in quotes is refused. Returns whether there is no error. */
export function checkChoiceText(
  text: string,
  { name, type, choices }: TableColumn,
  node: SourceNode,
  aim: ReportOptions,
): boolean {
  if (type !== 'choice' || choices === undefined) return true;
  const number = ownValue(choices, text);
  const known = Object.entries(choices).map(([label, value]) => `${value} (${label})`);
  const fix = number === undefined ? `use one of ${known.slice(0, 12).join(', ')}` : `write ${number}`;
  node.error('S121', `the choice "${name}" is compared with its number, not with text`, { ...aim, fix });
  return false;
}
