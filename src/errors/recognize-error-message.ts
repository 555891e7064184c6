import type { ErrorExplanation } from './dataverse/error-explanation.ts';
import { explainMissingPrivilege, explainMissingRight } from './explain-missing-privilege.ts';

/** A message of Dataverse that is more specific than its code. The groups of `pattern` are passed to `explain`. */
interface KnownMessage {
  readonly pattern: RegExp;
  readonly explain: (first: string, second: string, third: string) => ErrorExplanation;
}

const knownMessages: readonly KnownMessage[] = [
  {
    pattern: /undeclared property '([^']{1,100})' which only has property annotations/,
    explain: (name) => ({
      code: 'BAD_REQUEST',
      cause: `“${name}” is not a navigation property of the table.`,
      advice:
        'Write the lookup as { table, id }. In a raw body, use the exact name of the navigation property with the suffix @odata.bind.',
    }),
  },
  {
    pattern: /do(?:es)? not support direct update of Entity Reference properties/i,
    explain: () => ({
      code: 'BAD_REQUEST',
      cause: 'A lookup was set like a plain column.',
      advice: 'Write the lookup as { table, id }. In a raw body, use @odata.bind.',
    }),
  },
  {
    pattern:
      /Could not find a property named '([^']{1,100})' on type '(?:Microsoft\.Dynamics\.CRM\.)?([^']{1,100})'/,
    explain: (column, table) => ({
      code: 'BAD_REQUEST',
      cause: `The table “${table}” has no column “${column}”.`,
      advice: `Names are in lower case. If it is a lookup, use \`_${column.toLowerCase()}_value\`; \`d365 describe\` lists the columns.`,
    }),
  },
  {
    pattern: /of '([^']{1,100})' on record of type '([^']{1,100})' is outside the valid range/,
    explain: (column, table) => ({
      code: 'BAD_REQUEST',
      cause: `The choice column “${column}” of “${table}” does not have this value.`,
      advice: 'Use a label of the column, or one of the numbers in the message.',
    }),
  },
  {
    pattern:
      /length of the '([^']{1,100})' attribute of the '([^']{1,100})' entity exceeded .*?'?(\d{1,10})'?/s,
    explain: (column, table, limit) => ({
      code: 'BAD_REQUEST',
      cause: `The text for “${column}” of “${table}” is longer than ${limit} characters.`,
      advice: `Shorten the text to ${limit} characters, or ask an administrator to raise the maximum length.`,
    }),
  },
  {
    pattern:
      /Cannot convert (?:the literal|a value) .{0,300}?to the expected type '(?:Edm\.)?([^']{1,100})'/s,
    explain: (type) => ({
      code: 'BAD_REQUEST',
      cause: `A value does not have the type of its column (${type}).`,
      advice:
        'Write numbers without quotes, ids as GUIDs, dates as 2026-01-31, date-times as 2026-01-31T08:00:00Z.',
    }),
  },
  {
    pattern:
      /Principal (user|team) .{0,400}?is missing (prv\w{1,100}) privilege(?:.{0,200}?for entity '(\w{1,100})')?/s,
    explain: (who, privilege, table) =>
      explainMissingPrivilege(who, privilege, table === '' ? undefined : table),
  },
  {
    pattern: /CrmCheckPrivilege failed.{0,300}?Privilege: (prv\w{1,100})/s,
    explain: (privilege) => explainMissingPrivilege('user', privilege),
  },
  {
    pattern: /does not have (\w{1,60})Access right\(s\) for record with id (\S{1,60}) of entity (\w{1,100})/s,
    explain: (right, _, table) => explainMissingRight(right, table),
  },
  {
    pattern: /not a member of the organization/i,
    explain: () => ({
      code: 'USER_NOT_IN_ORG',
      cause: 'The token is valid, but its user is not a member of this organization.',
      advice:
        'For an app: create an application user with its client id and give it a security role. For a person: add them to the environment.',
    }),
  },
  {
    pattern: /Resource not found for the segment '([^']{1,100})'/,
    explain: (segment) => ({
      code: 'BAD_REQUEST',
      cause: `The organization has no table, action or function “${segment}”.`,
      advice:
        'Check the name and its case (for tables the entity set name: `incidents`), and that its solution is installed.',
    }),
  },
  {
    pattern: /No HTTP resource was found that matches the request URI/,
    explain: () => ({
      code: 'BAD_REQUEST',
      cause: 'The address does not support this method.',
      advice: 'Call functions with GET and actions with POST.',
    }),
  },
  {
    pattern: /The key in the request URI is not valid for resource/,
    explain: () => ({
      code: 'BAD_REQUEST',
      cause: 'The table has no alternate key with these columns.',
      advice: 'Use the id of the row, or create the alternate key.',
    }),
  },
  {
    pattern: /query parameter isn't supported when Change Tracking is enabled/,
    explain: () => ({
      code: 'BAD_REQUEST',
      cause: 'Change tracking does not support filter, order, expand and top.',
      advice: 'Remove them, and filter the rows after reading.',
    }),
  },
  {
    pattern: /record with matching key values already exists/i,
    explain: () => ({
      code: 'DUPLICATE',
      cause: 'A row with the same id or alternate key exists already.',
      advice: 'Find the existing row and update it, or use upsert.',
    }),
  },
  {
    pattern: /doesn't match the RowVersion property/,
    explain: () => ({
      code: 'CONFLICT',
      cause: 'The row has changed since it was read.',
      advice: 'Read the row again and repeat with its new version.',
    }),
  },
  {
    pattern: /^\s*'?\w+'? With Ids? = .{1,100} Does Not Exist/i,
    explain: () => ({
      code: 'NOT_FOUND',
      cause: 'The row does not exist, or the user has no access to it.',
      advice: 'Check the id. A row that was deleted or merged gives the same error.',
    }),
  },
];

/** Explains an English error message of Dataverse; undefined if it is not known. */
export function recognizeErrorMessage(message: string): ErrorExplanation | undefined {
  for (const { pattern, explain } of knownMessages) {
    const match = pattern.exec(message);
    if (match !== null) return explain(match[1] ?? '', match[2] ?? '', match[3] ?? '');
  }
  return undefined;
}
