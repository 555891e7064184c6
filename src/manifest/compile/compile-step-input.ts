import type { ActionDefinition } from '../../model/definition.ts';
import type { DetailedIssue } from '../../model/diagnostic.ts';
import { isJsonArray, isJsonObject, type Json, type JsonObject, type JsonSchema } from '../../model/json.ts';
import { parseJsonPointer, toJsonPointer } from '../../model/json-pointer.ts';
import { ownValue } from '../../model/own-value.ts';
import type { BodyTemplate, Placeholder, Template } from '../../model/template.ts';
import type { SourceNode } from '../read/source-node.ts';
import { suggestName, suggestValue } from '../read/suggest-value.ts';
import { allDefined } from './all-defined.ts';
import type { CompileContext } from './compile-context.ts';
import { compileTemplate, readPlaceholders, readSolePlaceholder } from './compile-template.ts';
import { explainMismatch } from './explain-mismatch.ts';
import {
  type PlaceholderScope,
  type ResolvedPlaceholder,
  resolvePlaceholderType,
} from './placeholder-scope.ts';

/** What the input of a step is compiled with. */
export interface StepContext {
  /** The node of the input. */
  readonly node: SourceNode;
  readonly scope: PlaceholderScope;
  readonly context: CompileContext;
  /** The actions of the earlier steps that have a name. */
  readonly earlier: ReadonlyMap<string, ActionDefinition>;
  /** In a change set only the ids of the rows that earlier steps write are known. */
  readonly isChangeSet: boolean;
}

/** Compiles the input of a step against the schema of its action; undefined if it has errors. */
export function compileStepInput(
  value: JsonObject,
  schema: JsonSchema,
  stepContext: StepContext,
): BodyTemplate | undefined {
  const open: string[] = [];
  const compiled = compileValue(value, { ...stepContext, schema, pointer: '', open, isRequired: true });
  const issues = checkLiterals(value, schema, { ...stepContext, open });
  return issues ? compiled : undefined;
}

interface ValueContext extends StepContext {
  /** What is accepted here. */
  readonly schema: JsonSchema;
  /** Whether the action requires a value here. */
  readonly isRequired: boolean;
  /** Where the value stands in the input. */
  readonly pointer: string;
  /** The pointers of the values that are known only when the action runs. */
  readonly open: string[];
}

function compileValue(value: Json, at: ValueContext): BodyTemplate | undefined {
  if (typeof value === 'string') return compileText(value, at);
  if (isJsonArray(value)) {
    const items = allDefined(value.map((item, index) => compileValue(item, memberContext(at, index))));
    return items && { kind: 'array', items };
  }
  if (!isJsonObject(value)) return { kind: 'literal', value };
  const reference = readReference(value, at.schema);
  if (reference !== undefined) return compileReference(reference, at);
  const entries = allDefined(
    Object.entries(value).map(([name, member]) => {
      const body = compileValue(member, memberContext(at, name));
      return body && ([name, body] as const);
    }),
  );
  return entries && { kind: 'object', entries };
}

function memberContext(at: ValueContext, name: string | number): ValueContext {
  const schema = typeof name === 'number' ? at.schema.items : memberSchema(at.schema, name);
  return {
    ...at,
    schema: (schema ?? {}) as JsonSchema,
    isRequired: [at.schema.required].flat().includes(String(name)),
    node: at.node.at(name),
    pointer: at.pointer + toJsonPointer(name),
  };
}

function memberSchema(schema: JsonSchema, name: string): JsonSchema | undefined {
  const branches = [schema, ...((schema.anyOf ?? []) as readonly JsonSchema[])];
  const found = branches.map(({ properties }) => ownValue((properties ?? {}) as JsonObject, name));
  return found.find((one) => one !== undefined) as JsonSchema | undefined;
}

/** The name in `{ from: customer }`; undefined for another object, and where the input itself has a member "from". */
function readReference(value: JsonObject, schema: JsonSchema): string | undefined {
  const isReference = typeof value.from === 'string' && Object.keys(value).length === 1;
  return isReference && memberSchema(schema, 'from') === undefined ? String(value.from) : undefined;
}

/** The row of an earlier step: its id where a text is accepted, otherwise its table and id. */
function compileReference(name: string, at: ValueContext): BodyTemplate | undefined {
  const { node, scope, earlier, schema, pointer, open } = at;
  const action = earlier.get(name);
  const from = node.at('from');
  open.push(pointer);
  if (action === undefined) {
    // A step with an error of its own has a name, and no output.
    if (scope.roots.steps?.invalid?.has(name)) return undefined;
    const suggestion = suggestName(name, earlier.keys()) ?? { fix: 'give an earlier step this name' };
    from.error('M124', `no earlier step has the name "${name}"`, suggestion);
    return undefined;
  }
  const id: BodyTemplate = { kind: 'placeholder', placeholder: anyPlaceholder(['steps', name, 'id']) };
  const { output } = action;
  if (output.kind !== 'row') {
    const fix = 'refer to a step that returns a row, or use one of its values: {{steps.name.value}}';
    from.error('M124', `the step "${name}" does not return a row of a table file`, { fix });
    return undefined;
  }
  if ([schema.type].flat().includes('string')) return id;
  const mismatch = explainMismatch({ properties: { table: { enum: [output.table] } } }, schema);
  if (mismatch !== undefined) {
    const fix = 'refer to a step with a row that is accepted here';
    from.error('S123', `"${node.name}" ${mismatch}`, { fix });
    return undefined;
  }
  const table: BodyTemplate = { kind: 'literal', value: referenceTable(output.table, schema, at.context) };
  return {
    kind: 'object',
    entries: [
      ['table', table],
      ['id', id],
    ],
  };
}

/** An input that lists its tables has our names; any other takes logical names. */
function referenceTable(table: string, schema: JsonSchema, { tableInfo }: CompileContext): string {
  const isListed = JSON.stringify(schema).includes('"enum"');
  return isListed ? table : (tableInfo.get(table)?.logicalName ?? table);
}

function compileText(text: string, at: ValueContext): BodyTemplate | undefined {
  const { node, scope, pointer, open } = at;
  const parts = readPlaceholders(text, node);
  if (parts === undefined) return undefined;
  if (parts.every((part) => typeof part === 'string')) return { kind: 'literal', value: text };
  open.push(pointer);
  const sole = readSolePlaceholder(text);
  if (sole === undefined) return compileMixedText(text, at);
  if (sole.path.length === 1) {
    node.error('T104', `${text}: a placeholder names one value`, { text, fix: 'write {{input.name}}' });
    return undefined;
  }
  const found = resolvePlaceholderType(sole.path, { node, scope, raw: text });
  if (found === undefined || !checkKnown(sole.path, text, at)) return undefined;
  return checkFit(text, found, at)
    ? { kind: 'placeholder', placeholder: anyPlaceholder(sole.path) }
    : undefined;
}

/** A text around placeholders: every value is written as it is. */
function compileMixedText(text: string, at: ValueContext): BodyTemplate | undefined {
  const { node, scope, schema } = at;
  const template = compileTemplate(text, { locate: 'text' }, { node, scope });
  const isKnown = template?.parts.every(
    (part) => typeof part === 'string' || checkKnown(part.path, text, at),
  );
  if (template === undefined || isKnown !== true) return undefined;
  const mismatch = explainMismatch({ type: 'string' }, schema);
  if (mismatch !== undefined) {
    node.error('S123', `"${node.name}" ${mismatch}`, { fix: 'write one placeholder, or the value itself' });
    return undefined;
  }
  return { kind: 'text', template: { parts: template.parts.map(plainText) } };
}

/** In a text a choice is its label: the action takes labels. */
function plainText(part: Template['parts'][number]): Template['parts'][number] {
  return typeof part === 'string' || part.type.kind !== 'choice'
    ? part
    : { ...part, type: { kind: 'string' } };
}

/** Whether the value is known before the request is sent: in a change set, only ids are. */
function checkKnown(path: readonly string[], raw: string, { isChangeSet, node }: ValueContext): boolean {
  const [root, step = '', name] = path;
  if (root !== 'steps' || !isChangeSet || (name === 'id' && path.length === 3)) return true;
  const fix = `write { from: ${step} } for its row, or remove changeSet`;
  node.error('M125', `${raw}: before a change set is sent, only the ids of its rows are known`, {
    text: raw,
    fix,
  });
  return false;
}

function checkFit(
  raw: string,
  { property, alwaysPresent }: ResolvedPlaceholder,
  { node, schema, isRequired }: ValueContext,
): boolean {
  const [, step] = /^\{\{steps\.(\w+)\}\}$/.exec(raw) ?? [];
  const isInput = raw.startsWith('{{input.');
  const given = isInput ? property?.input : property?.output;
  const mismatch = given && explainMismatch(given, schema);
  if (mismatch !== undefined) {
    const fix =
      step === undefined
        ? 'use a value of that type; an input can have { $ref: table#column }'
        : `write { from: ${step} } for its row, or {{steps.${step}.id}}`;
    node.error('S123', `${raw}: "${node.name}" ${mismatch}`, { text: raw, fix });
  } else if (isInput && isRequired && !alwaysPresent) {
    const fix = 'add it to required, or give it a default';
    node.error('T108', `${raw}: the value is optional, but the action requires "${node.name}"`, {
      text: raw,
      fix,
    });
    return false;
  }
  return mismatch === undefined;
}

/** The value of a placeholder as it is: the action of the step checks and encodes it. */
function anyPlaceholder(path: readonly string[]): Placeholder {
  return { path, type: { kind: 'any' }, position: 'json' };
}

/** Checks what the file says itself. Values that are known only when the action runs are not judged. */
function checkLiterals(
  value: JsonObject,
  schema: JsonSchema,
  { node, context, open }: StepContext & { readonly open: readonly string[] },
): boolean {
  const given = context.validator.withDefaults(schema, value);
  const issues = context.validator.detailedIssues(schema, given).filter((issue) => isCertain(issue, open));
  for (const { path, message, keyword, expected } of issues) {
    const at = node.at(...parseJsonPointer(path));
    const isName = keyword === 'additionalProperties';
    const suggestion = isName
      ? suggestName(at.name, expected.names ?? [])
      : suggestValue(at.data ?? null, at.raw, expected);
    const [summary = message] = message.split(': did you mean ');
    const isMissing = keyword === 'required';
    at.error('S123', isMissing || isName ? summary : `"${at.name}" ${summary}`, {
      key: isName,
      fix: isMissing ? `add ${at.name}: "{{input.${at.name}}}"` : undefined,
      ...suggestion,
    });
  }
  return issues.length === 0;
}

/** A missing or unknown name is certain; another issue is if it concerns no open value, and no value around one. */
function isCertain({ path, keyword }: DetailedIssue, open: readonly string[]): boolean {
  const isBelow = open.some((pointer) => path === pointer || path.startsWith(`${pointer}/`));
  const isAround = open.some((pointer) => pointer.startsWith(`${path}/`));
  return !isBelow && (!isAround || keyword === 'required' || keyword === 'additionalProperties');
}
