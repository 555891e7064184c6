import { useEffect, useState } from 'preact/hooks';
import { part, send } from './rest.ts';

/** The part of a JSON Schema that a form shows. */
export interface Schema {
  readonly title?: string;
  readonly description?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly format?: string;
  readonly maxLength?: number;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
}

export type Values = Readonly<Record<string, unknown>>;

interface SchemaFormProps {
  readonly schema: Schema;
  readonly values: Values;
  readonly onChange: (values: Values) => void;
  /** Where lookups find rows. */
  readonly lists?: { readonly connection: string; readonly operation: string };
  /** Fields that are shown first, although they are not required. */
  readonly usual?: readonly string[];
}

/** The inputs of an action as fields: required ones, those with a value, and others that a person adds by name. */
export function SchemaForm({ schema, values, onChange, lists, usual = [] }: SchemaFormProps) {
  const [added, setAdded] = useState<readonly string[]>([]);
  const { properties = {}, required = [] } = schema;
  const names = Object.keys(properties);
  const isShown = (name: string) =>
    required.includes(name) || usual.includes(name) || added.includes(name) || values[name] !== undefined;
  const set = (name: string, value: unknown) => {
    const { [name]: _old, ...others } = values;
    onChange(value === undefined ? others : { ...values, [name]: value });
  };
  const hidden = names.filter((name) => !isShown(name));
  return (
    <>
      {names.filter(isShown).map((name) => (
        <Field
          key={name}
          {...{ name, lists }}
          schema={properties[name] ?? {}}
          isRequired={required.includes(name)}
          value={values[name]}
          onChange={(value) => set(name, value)}
        />
      ))}
      {hidden.length > 0 && (
        <>
          <label for="add-field">More fields</label>
          <select
            id="add-field"
            value=""
            onChange={({ currentTarget }) => setAdded([...added, currentTarget.value])}
          >
            <option value="">add a field …</option>
            {hidden.map((name) => (
              <option key={name} value={name}>
                {properties[name]?.title ?? name}
              </option>
            ))}
          </select>
        </>
      )}
    </>
  );
}

interface FieldProps {
  readonly name: string;
  readonly schema: Schema;
  readonly isRequired: boolean;
  readonly value: unknown;
  readonly onChange: (value: unknown) => void;
  readonly lists: SchemaFormProps['lists'];
}

function Field({ name, schema, isRequired, value, onChange, lists }: FieldProps) {
  const id = `field-${name}`;
  const common = { id, required: isRequired, 'aria-describedby': schema.description && `${id}-help` };
  const control = () => {
    const choices = choicesOf(schema);
    if (choices !== undefined) return <ChoiceInput {...common} {...{ choices, value, onChange }} />;
    if (hasType(schema, 'object') && schema.properties?.table !== undefined && lists !== undefined)
      return <LookupInput {...common} {...{ value, onChange, lists, name }} />;
    if (hasType(schema, 'object') || hasType(schema, 'array') || schema.type === undefined)
      return <JsonInput {...common} {...{ value, onChange }} />;
    if (hasType(schema, 'integer') || hasType(schema, 'number'))
      return (
        <input
          {...common}
          type="number"
          step="any"
          value={value === undefined ? '' : String(value)}
          onInput={({ currentTarget }) =>
            onChange(currentTarget.value === '' ? undefined : Number(currentTarget.value))
          }
        />
      );
    return <TextInput {...common} {...{ schema, value, onChange }} />;
  };
  return (
    <>
      <label for={id}>
        {schema.title ?? name}
        {isRequired && <span aria-hidden="true"> *</span>}
      </label>
      <div>
        {control()}
        {schema.description && (
          <div id={`${id}-help`} class="faint">
            {schema.description}
          </div>
        )}
      </div>
    </>
  );
}

interface ControlProps {
  readonly id: string;
  readonly required: boolean;
  readonly 'aria-describedby'?: string | undefined;
  readonly value: unknown;
  readonly onChange: (value: unknown) => void;
}

const longText = 400;

function TextInput({ schema, value, onChange, ...common }: ControlProps & { readonly schema: Schema }) {
  const text = typeof value === 'string' ? value : '';
  const onInput = ({ currentTarget }: { currentTarget: { value: string } }) =>
    onChange(currentTarget.value === '' ? undefined : currentTarget.value);
  return (schema.maxLength ?? 0) > longText ? (
    <textarea {...common} rows={3} value={text} onInput={onInput} />
  ) : (
    <input {...common} value={text} onInput={onInput} />
  );
}

function ChoiceInput({
  choices,
  value,
  onChange,
  ...common
}: ControlProps & { readonly choices: readonly unknown[] }) {
  const index = choices.indexOf(value);
  return (
    <select
      {...common}
      value={index < 0 ? '' : String(index)}
      onChange={({ currentTarget }) =>
        onChange(currentTarget.value === '' ? undefined : choices[Number(currentTarget.value)])
      }
    >
      <option value="">(none)</option>
      {choices.map((choice, at) => (
        <option key={String(choice)} value={String(at)}>
          {String(choice)}
        </option>
      ))}
    </select>
  );
}

/** JSON as text. What cannot be read stays in the field and is not sent. */
function JsonInput({ value, onChange, ...common }: ControlProps) {
  const [text, setText] = useState(value === undefined ? '' : JSON.stringify(value));
  const [isInvalid, setInvalid] = useState(false);
  return (
    <textarea
      {...common}
      rows={2}
      aria-invalid={isInvalid}
      value={text}
      onInput={({ currentTarget }) => {
        setText(currentTarget.value);
        try {
          onChange(currentTarget.value === '' ? undefined : JSON.parse(currentTarget.value));
          setInvalid(false);
        } catch {
          setInvalid(true);
        }
      }}
    />
  );
}

interface ListOption {
  readonly value: unknown;
  readonly label: string;
  readonly detail?: string;
}

const searchDelayMs = 200;

/** A row of another table, found by a text. The list of the browser shows the rows that match. */
function LookupInput({
  value,
  onChange,
  lists,
  name,
  ...common
}: ControlProps & { readonly lists: NonNullable<SchemaFormProps['lists']>; readonly name: string }) {
  const [text, setText] = useState(nameOf(value));
  const [options, setOptions] = useState<readonly ListOption[]>([]);
  useEffect(() => {
    const query = new URLSearchParams({ operation: lists.operation, field: name, search: text });
    const timer = setTimeout(() => {
      send<{ options: readonly ListOption[] }>(
        'GET',
        `/v1/connections/${part(lists.connection)}/lists/field?${query}`,
      ).then(
        (answer) => setOptions(answer.options),
        () => setOptions([]),
      );
    }, searchDelayMs);
    return () => clearTimeout(timer);
  }, [text, lists.connection, lists.operation, name]);
  const choose = (next: string) => {
    setText(next);
    const found = options.find((option) => textOf(option) === next);
    onChange(found === undefined ? undefined : toRow(found));
  };
  return (
    <>
      <input
        {...common}
        list={`${common.id}-rows`}
        value={text}
        placeholder="type a name"
        onInput={({ currentTarget }) => choose(currentTarget.value)}
      />
      <datalist id={`${common.id}-rows`}>
        {options.map((option) => (
          <option key={String(option.value)} value={textOf(option)} />
        ))}
      </datalist>
    </>
  );
}

const textOf = ({ label, detail }: ListOption) => (detail === undefined ? label : `${label} · ${detail}`);

/** `account/1acf…` -> `{ table: 'account', id: '1acf…' }`; a list of one table has ids alone. */
function toRow({ value }: ListOption): unknown {
  const [table = '', id] = String(value).split('/');
  return id === undefined ? value : { table, id };
}

function nameOf(value: unknown): string {
  if (typeof value !== 'object' || value === null) return typeof value === 'string' ? value : '';
  const { name, id } = value as { readonly name?: string; readonly id?: string };
  return name ?? id ?? '';
}

function hasType({ type }: Schema, name: string): boolean {
  return type === name || (Array.isArray(type) && type.includes(name));
}

/** The values of a choice; undefined if any value is allowed. */
function choicesOf({ enum: values, anyOf, type }: Schema): readonly unknown[] | undefined {
  if (values !== undefined) return values;
  if (type === 'boolean' || (Array.isArray(type) && type.includes('boolean'))) return [true, false];
  return anyOf?.find((each) => each.enum !== undefined)?.enum;
}
