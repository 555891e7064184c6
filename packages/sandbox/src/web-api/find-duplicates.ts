import { escapeXml } from 'dynamics365-connector/odata';
import type { Attribute, TableModel } from '../model/types.ts';
import { referenceId } from '../store/entity-reference.ts';
import { foldText } from '../store/fold-text.ts';
import { columnEquals, numberLiteral } from '../store/query/filter-nodes.ts';
import type { Actor, ColumnValue, ColumnValues, OrganizationStore, StoredRow } from '../store/types.ts';

/** A published rule: which rows are duplicates of a row of its base table. */
export interface DuplicateRule {
  readonly id: string;
  readonly matchingTable: string;
  readonly isCaseSensitive: boolean;
  readonly excludesInactive: boolean;
  readonly conditions: readonly DuplicateCondition[];
}

interface DuplicateCondition {
  readonly base: string;
  readonly matching: string;
  /** Number in `operatorcode`. */
  readonly operator: number;
  /** Number of characters that are compared. */
  readonly length: number;
  /** Whether rows without a value are never duplicates. */
  readonly ignoresBlank: boolean;
}

/** A row whose duplicates are searched; one without an id is not stored yet. */
export interface DuplicateSubject {
  readonly table: TableModel;
  readonly id: string | undefined;
  readonly values: ColumnValues;
}

const published = 2;

/** Reads the published rules of a base table. */
export function readDuplicateRules(store: OrganizationStore, baseTable: string): readonly DuplicateRule[] {
  const actor = { userId: '' };
  const isPublished = columnEquals('statuscode', numberLiteral(published));
  const rules = store.query('duplicaterule', { filter: isPublished, actor }).rows;
  return rules
    .filter(({ values }) => values.baseentityname === baseTable)
    .map(({ id, values }) => {
      const relatedTo = { table: 'duplicaterule', id, navigation: 'DuplicateRule_DuplicateRuleConditions' };
      const { rows } = store.query('duplicaterulecondition', { relatedTo, actor });
      return {
        id,
        matchingTable: String(values.matchingentityname ?? baseTable),
        isCaseSensitive: values.iscasesensitive === true,
        excludesInactive: values.excludeinactiverecords === true,
        conditions: rows.map(toCondition),
      };
    })
    .filter(({ conditions }) => conditions.length > 0);
}

function toCondition({ values }: StoredRow): DuplicateCondition {
  const base = String(values.baseattributename);
  return {
    base,
    matching: String(values.matchingattributename ?? base),
    operator: Number(values.operatorcode ?? 0),
    length: Number(values.operatorparam ?? 1),
    ignoresBlank: values.ignoreblankvalues === true,
  };
}

/** The rows that a rule reports as duplicates of a row, except itself. */
export function findDuplicates(
  store: OrganizationStore,
  {
    rule,
    subject,
    actor,
  }: { readonly rule: DuplicateRule; readonly subject: DuplicateSubject; readonly actor: Actor },
): readonly StoredRow[] {
  const matching = store.model.table(rule.matchingTable);
  const tests = rule.conditions.map((condition) => createTest(store, { rule, condition, subject }));
  if (!matching || tests.some((test) => test === undefined)) return [];
  const known = tests.flatMap((test) => test ?? []);
  const isActive =
    rule.excludesInactive && store.model.attribute(matching, 'statecode')
      ? ['<condition attribute="statecode" operator="eq" value="0"/>']
      : [];
  const conditions = [...known.map(({ xml }) => xml), ...isActive].join('');
  const xml = `<fetch><entity name="${rule.matchingTable}"><all-attributes/><filter>${conditions}</filter></entity></fetch>`;
  const isOther = (row: StoredRow) =>
    row.id !== subject.id || rule.matchingTable !== subject.table.logicalName;
  return store
    .fetchXml(xml, actor)
    .rows.filter((row) => isOther(row) && known.every(({ accepts }) => accepts(row)));
}

/** A condition as FetchXML, and what FetchXML cannot say. */
interface DuplicateTest {
  readonly xml: string;
  readonly accepts: (row: StoredRow) => boolean;
}

/** The test of a condition; undefined when no row can meet it. */
function createTest(
  store: OrganizationStore,
  {
    rule,
    condition,
    subject,
  }: {
    readonly rule: DuplicateRule;
    readonly condition: DuplicateCondition;
    readonly subject: DuplicateSubject;
  },
): DuplicateTest | undefined {
  const matchingTable = store.model.table(rule.matchingTable);
  const base = store.model.attribute(subject.table, condition.base);
  const matching = matchingTable && store.model.attribute(matchingTable, condition.matching);
  if (!base || !matching) return undefined;
  const value = subject.values[condition.base] ?? null;
  const head = `<condition attribute="${escapeXml(condition.matching)}"`;
  if (value === null || value === '')
    return condition.ignoresBlank ? undefined : { xml: `${head} operator="null"/>`, accepts: () => true };
  const text = toText(value);
  const compare = (operator: string, compared: string) => ({
    xml: `${head} operator="${operator}" value="${escapeXml(compared)}"/>`,
    accepts: (row: StoredRow) => isSame(rule, condition, { text, other: row.values[condition.matching] }),
  });
  switch (condition.operator) {
    case 1:
    case 2:
      return { ...compare('not-null', ''), xml: `${head} operator="not-null"/>` };
    case 3:
      return compare('on', text.slice(0, 10));
    case 5:
      return findByLabel(head, { base, matching, value: Number(value) });
    default:
      return compare('eq', text);
  }
}

const toText = (value: ColumnValue): string => referenceId(value) ?? String(value);

/** The database ignores case and accents; a case-sensitive rule does not. */
function isSame(
  { isCaseSensitive }: DuplicateRule,
  { operator, length }: DuplicateCondition,
  { text, other }: { readonly text: string; readonly other: ColumnValue | undefined },
): boolean {
  const fold = isCaseSensitive ? (each: string) => each : foldText;
  const [one, two] = [fold(text), fold(toText(other ?? null))];
  if (operator === 1) return one.slice(0, length) === two.slice(0, length);
  if (operator === 2) return one.slice(-length) === two.slice(-length);
  return operator === 0 && isCaseSensitive ? one === two : true;
}

/** Choices with the same label. */
function findByLabel(
  head: string,
  {
    base,
    matching,
    value,
  }: { readonly base: Attribute; readonly matching: Attribute; readonly value: number },
): DuplicateTest | undefined {
  const label = base.options?.find((option) => option.value === value)?.label;
  const option = matching.options?.find(
    (each) => label !== undefined && foldText(each.label) === foldText(label),
  );
  return option && { xml: `${head} operator="eq" value="${option.value}"/>`, accepts: () => true };
}
