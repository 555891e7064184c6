import { useEffect, useState } from 'preact/hooks';
import { CopyBar } from '../copies.tsx';
import { JsonView, Page, ProblemBox } from '../page.tsx';
import type { PageParameters } from '../page-parameters.ts';
import { type Problem, part, toProblem, useResource } from '../rest.ts';
import { type Schema, SchemaForm, type Values } from '../schema-form.tsx';
import { cellText } from './cell.ts';
import { copiesOfRun, type Row, rowAction, runAction, useResources } from './row-action.ts';
import { SandboxLinks } from './sandbox-links.tsx';
import { TriggerWatch } from './trigger-watch.tsx';

/** Fields that a person fills in first, where a table has them. */
const usual = ['title', 'name', 'firstName', 'lastName', 'subject', 'customer', 'priority', 'description'];

interface RowAddress {
  readonly connection: string;
  readonly table: string;
  /** Undefined: a new row. */
  readonly id: string | undefined;
}

/** One row to look at and edit, or a form for a new one; beside it, what the triggers of the table report. */
export default function RowPage({ parameters }: { readonly parameters: PageParameters }) {
  const { connection = '', table = '', id } = parameters;
  const address = { connection, table, id: id === 'new' ? undefined : id };
  const resources = useResources();
  const isNamed = resources.includes(table);
  const [row, setRow] = useState<Row>();
  const [problem, setProblem] = useState<Problem>();
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    if (resources.length === 0 || address.id === undefined) return;
    runAction<Row>(connection, rowAction(isNamed, table, 'get', { id: address.id })).then(setRow, (error) =>
      setProblem(toProblem(error)),
    );
  }, [resources.length, turn]);
  const isNew = address.id === undefined;
  return (
    <Page title={isNew ? `New ${table}` : `${table} ${row === undefined ? '' : titleOf(row)}`}>
      <SandboxLinks connection={connection} />
      <ProblemBox problem={problem} />
      {isNamed && <TriggerWatch connection={connection} table={table} />}
      {resources.length > 0 && (isNew || row !== undefined) && (
        <RowForm {...{ address, isNamed }} onSaved={() => setTurn(turn + 1)} />
      )}
      {row !== undefined && (
        <>
          <h2>The row</h2>
          <JsonView value={row} label="The row" />
        </>
      )}
    </Page>
  );
}

const titleOf = (row: Row) => cellText(row.number ?? row.title ?? row.name ?? row.fullName ?? row.id);

interface RowFormProps {
  readonly address: RowAddress;
  readonly isNamed: boolean;
  readonly onSaved: () => void;
}

function RowForm({ address: { connection, table, id }, isNamed, onSaved }: RowFormProps) {
  const verb = id === undefined ? 'create' : 'update';
  const operation = isNamed ? `${table}.${verb}` : `record.${verb}`;
  const { data } = useResource<{ input: Schema }>(isNamed ? `/v1/actions/${operation}` : undefined);
  const [values, setValues] = useState<Values>({});
  const [problem, setProblem] = useState<Problem>();
  const [notice, setNotice] = useState<{ readonly text: string; readonly link?: string }>();
  const written = isNamed ? values : ((values.columns ?? {}) as Row);
  const action = rowAction(isNamed, table, verb, id === undefined ? written : { id, ...written });
  const save = async (event: Event) => {
    event.preventDefault();
    setNotice(undefined);
    await runAction<Row>(connection, action).then(
      (saved) => {
        setProblem(undefined);
        setValues({});
        if (id === undefined)
          setNotice({ text: 'The row is created.', link: rowPath(connection, table, saved) });
        else setNotice({ text: 'The row is saved.' });
        onSaved();
      },
      (error) => setProblem(toProblem(error)),
    );
  };
  const schema = isNamed ? data?.input : rawSchema;
  if (schema === undefined) return null;
  return (
    <>
      <form class="fields" onSubmit={save}>
        <SchemaForm
          key={notice?.link ?? notice?.text}
          schema={withoutId(schema)}
          values={values}
          onChange={setValues}
          usual={usual.filter((name) => schema.properties?.[name] !== undefined)}
          lists={isNamed ? { connection, operation } : undefined}
        />
        <button type="submit" data-primary>
          {id === undefined ? 'Create' : 'Save'}
        </button>
      </form>
      <p role="status">
        {notice?.text} {notice?.link !== undefined && <a href={`/console${notice.link}`}>Open it</a>}
      </p>
      <ProblemBox problem={problem} />
      <CopyBar copies={copiesOfRun(connection, action)} of="this write" />
    </>
  );
}

/** The watched triggers stay the same on the page of the new row. */
function rowPath(connection: string, table: string, { id }: Row): string {
  return `/sandbox/${part(connection)}/rows/${part(table)}/${id}${window.location.search}`;
}

/** A table without actions of its own: its columns by their logical names. */
const rawSchema: Schema = {
  required: ['columns'],
  properties: { columns: { title: 'Columns (JSON)', type: 'object' } },
};

function withoutId({ properties = {}, required = [], ...schema }: Schema): Schema {
  const { id: _id, key: _key, ...others } = properties;
  return { ...schema, properties: others, required: required.filter((name) => name !== 'id') };
}
