import type { Random } from '../../../src/random.ts';
import type { Answer } from '../exchange.ts';
import { isObject, NumberText, parseJsonText, writeJsonText } from '../json-text.ts';
import { changeText, type Mutator, pick } from './mutation.ts';
import { writtenColumns } from './record.ts';

export type Path = readonly string[];

/** The JSON body of an answer. */
function bodyOf({ body }: Answer): unknown {
  return body.startsWith('{') ? parseJsonText(body) : undefined;
}

function withBody(answer: Answer, name: string, json: unknown) {
  return { name, answer: { ...answer, body: writeJsonText(json) } };
}

/** The paths of all values that are not objects or lists. */
function leaves(value: unknown, path: Path = []): readonly (readonly [Path, unknown])[] {
  if (isObject(value) || Array.isArray(value)) {
    return Object.entries(value).flatMap(([name, inner]) => leaves(inner, [...path, name]));
  }
  return [[path, value]];
}

/** A copy with another value at a path; `undefined` removes the member. */
function replaceAt(value: unknown, [name, ...rest]: Path, replacement: unknown): unknown {
  if (name === undefined) return replacement;
  if (Array.isArray(value))
    return value.map((item, i) => (String(i) === name ? replaceAt(item, rest, replacement) : item));
  const entries = Object.entries(value as object).map(
    ([key, inner]) => [key, key === name ? replaceAt(inner, rest, replacement) : inner] as const,
  );
  return Object.fromEntries(entries.filter(([, inner]) => inner !== undefined));
}

/** Whether the request determines the value at a path. */
export type IsDetermined = (path: Path) => boolean;

/** Whether the tests wrote the value, or it describes the answer. */
export function isWritten(path: Path): boolean {
  const [column = '', annotation = ''] = (path.at(-1) ?? '').split('@');
  if (path[0] === 'error') return /^(?:code|message)$/.test(column);
  if (column === '') return /^odata\.(?:context|count)$/.test(annotation) || path.at(-1) === '@odata.id';
  const isEnvironment = /^(?:BusinessUnitId|UserId|OrganizationId|MetadataId)$/.test(column);
  if (path.length === 1 && column === 'value') return true;
  return !isEnvironment && (writtenColumns.has(column) || /^(?:LogicalName|EntitySetName)$/.test(column));
}

const changeValue =
  (isDetermined: IsDetermined): Mutator =>
  (answer, random) => {
    const json = bodyOf(answer);
    const found = pick(
      leaves(json).filter(([path]) => isDetermined(path)),
      random,
    );
    if (!found) return undefined;
    const [path, value] = found;
    return withBody(answer, `value ${path.join('/')}`, replaceAt(json, path, otherValue(value, random)));
  };

function otherValue(value: unknown, random: Random): unknown {
  if (value instanceof NumberText) return new NumberText(`7${value.text.replace('-', '')}`);
  if (typeof value === 'boolean') return !value;
  return typeof value === 'string' ? changeText(value, random) : 'x';
}

/** Another text for the same number. */
const changeNumberText =
  (isDetermined: IsDetermined): Mutator =>
  (answer, random) => {
    const json = bodyOf(answer);
    const found = pick(
      leaves(json).filter(([path, value]) => value instanceof NumberText && isDetermined(path)),
      random,
    );
    if (!found) return undefined;
    const [path, value] = found;
    const { text } = value as NumberText;
    const changed = text.includes('.') ? `${text}0` : `${text}.0`;
    return withBody(answer, `number text ${path.join('/')}`, replaceAt(json, path, new NumberText(changed)));
  };

/** Another type for any value. */
const changeType: Mutator = (answer, random) => {
  const json = bodyOf(answer);
  const found = pick(leaves(json), random);
  if (!found || found[0].length === 0) return undefined;
  const [path, value] = found;
  const changed = typeof value === 'string' ? new NumberText('5') : 'x';
  const other = value !== null && random.next() < 0.5 ? null : changed;
  return withBody(answer, `type of ${path.join('/')}`, replaceAt(json, path, other));
};

/** An ETag, id or time in a wrong form. */
const changeForm: Mutator = (answer, random) => {
  const json = bodyOf(answer);
  const formed = /^(?:W\/"\d+"|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|\d{4}-\d\d-\d\dT[\d:]+Z)$/;
  const found = pick(
    leaves(json).filter(([, value]) => typeof value === 'string' && formed.test(value)),
    random,
  );
  if (!found) return undefined;
  const [path, value] = found;
  const text = String(value);
  const changed = text.startsWith('W/') ? text.slice(2) : text.slice(0, -2);
  return withBody(answer, `form of ${path.join('/')}`, replaceAt(json, path, changed));
};

const removeMember: Mutator = (answer, random) => {
  const json = bodyOf(answer);
  const path = pick(
    leaves(json).filter(([where]) => Number.isNaN(Number(where.at(-1)))),
    random,
  )?.[0];
  return path && path.length > 0
    ? withBody(answer, `without ${path.join('/')}`, replaceAt(json, path, undefined))
    : undefined;
};

const addMember: Mutator = (answer, random) => {
  const json = bodyOf(answer);
  const path = pick(leaves(json), random)?.[0];
  if (!path || path.length === 0) return undefined;
  const parent = path.slice(0, -1);
  const object = parent.reduce<unknown>((value, name) => (value as Record<string, unknown>)[name], json);
  if (!isObject(object)) return undefined;
  return withBody(
    answer,
    `extra member at ${parent.join('/')}`,
    replaceAt(json, parent, { ...object, extra: null }),
  );
};

/** Another order, one row less, or one row twice. */
const changeRows: Mutator = (answer, random) => {
  const json = bodyOf(answer);
  if (!isObject(json) || !Array.isArray(json.value) || json.value.length < 2) return undefined;
  const rows: readonly unknown[] = json.value;
  const changes: readonly (readonly [string, readonly unknown[]])[] = [
    ['reversed rows', rows.toReversed()],
    ['last row missing', rows.slice(0, -1)],
    ['first row missing', rows.slice(1)],
    ['last row twice', [...rows, rows.at(-1)]],
    ['first row for all', rows.map(() => rows[0])],
  ];
  const [name, value] = pick(changes, random) ?? ['', rows];
  return withBody(answer, name, { ...json, value });
};

/** A value of a row after the first. */
const changeLaterRow =
  (isDetermined: IsDetermined): Mutator =>
  (answer, random) => {
    const json = bodyOf(answer);
    const found = pick(
      leaves(json).filter(([path]) => path[0] === 'value' && Number(path[1]) > 0 && isDetermined(path)),
      random,
    );
    if (!found) return undefined;
    const [path, value] = found;
    return withBody(answer, `later row ${path.join('/')}`, replaceAt(json, path, otherValue(value, random)));
  };

/** Mutators of JSON bodies. Values are changed where the request determines them. */
export const createJsonMutators = (isDetermined: IsDetermined): readonly Mutator[] => [
  changeValue(isDetermined),
  changeNumberText(isDetermined),
  changeType,
  changeForm,
  removeMember,
  addMember,
  changeRows,
  changeLaterRow(isDetermined),
];
