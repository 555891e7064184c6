import { type ActionDefinition, ConnectorError, type Json, type JsonObject } from 'dynamics365-connector';
import {
  type AnyConnector,
  type CallPart,
  isJsonObject,
  runtimeOf,
  summarizeCall,
  toVisibleJson,
} from 'dynamics365-connector/host';

/** One call of an action, and what the question about it says. */
export interface ConfirmationQuestion {
  readonly connector: AnyConnector;
  readonly action: ActionDefinition;
  readonly input: JsonObject;
  /** Origin of the organization, which the question names. */
  readonly origin: string;
  /** What is known of the row that the call is about: its name and number. */
  readonly row?: JsonObject;
}

/** The length of a question that a person reads. */
const maxQuestionLength = 4000;

/** Rows of writes that the question shows as examples; deletions and messages are shown completely. */
const maxExampleLength = 600;

const headings: Readonly<Record<CallPart['effect'], string>> = {
  deletes: 'DELETES OR OVERWRITES',
  sends: 'SENDS',
  writes: 'writes',
  reads: 'reads',
};

/**
 * The question for a call: on which organization, what it does by action and count with deletions first, then the
 * deletions and messages in full, and examples of other writes. Invisible characters are shown as escapes.
 *
 * @throws ACTION_NOT_ALLOWED if the deletions and messages do not fit the question: nobody may confirm what is not shown.
 */
export function confirmationQuestion({
  connector,
  action,
  input,
  origin,
  row,
}: ConfirmationQuestion): string {
  const parts = summarizeCall(runtimeOf(connector).definition, action, input);
  const summary = parts.map(
    ({ effect, count, title, action: id }) =>
      `- ${headings[effect]}: ${count} × ${title} (${toVisibleJson(id).slice(1, -1)})`,
  );
  const full = parts.filter(({ effect }) => effect === 'deletes' || effect === 'sends');
  const details = full.flatMap((part) => part.inputs.map((one) => `${part.action}: ${showInput(one)}`));
  const about = row === undefined ? [] : [`Row: ${toVisibleJson(row)}`];
  const question = [`${action.title} on ${origin}?`, ...summary, ...about, ...details].join('\n');
  if (question.length > maxQuestionLength) throw tooLong(action, parts);
  const examples = parts.filter((part) => !full.includes(part)).map(showExamples);
  return [question, ...examples].join('\n').slice(0, maxQuestionLength);
}

function showExamples({ action, inputs }: CallPart): string {
  const [first] = inputs;
  if (first === undefined) return '';
  const text = showInput(first);
  const shown = text.length > maxExampleLength ? `${text.slice(0, maxExampleLength)}…` : text;
  const others = inputs.length > 1 ? ` and ${inputs.length - 1} more like it` : '';
  return `${action}: ${shown}${others}`;
}

const fileInput = 'content';

/** The input as JSON; the content of a file as its size, because nobody reads base64. */
function showInput(input: JsonObject): string {
  const attachments = Array.isArray(input.attachments)
    ? { attachments: input.attachments.map(withoutContent) }
    : {};
  return toVisibleJson({ ...(withoutContent(input) as JsonObject), ...attachments });
}

function withoutContent(file: Json): Json {
  if (!isJsonObject(file) || typeof file[fileInput] !== 'string') return file;
  const bytes = Math.floor((file[fileInput].length * 3) / 4);
  return { ...file, [fileInput]: `(${bytes} bytes)` };
}

function tooLong({ id }: ActionDefinition, parts: readonly CallPart[]): ConnectorError {
  const counts = parts.map(({ count, title }) => `${count} × ${title}`).join(', ');
  return new ConnectorError(
    'ACTION_NOT_ALLOWED',
    `${id} was not run: the user cannot be shown all of it (${counts}).`,
    {
      operation: id,
      advice: 'Split it into smaller calls, each of which the user can read and confirm.',
    },
  );
}
