import type { ErrorExplanation } from './dataverse/error-explanation.ts';
import { accessRights, parsePrivilege, roleLine } from './missing-privilege.ts';

/** What follows the verb in the names of privileges -> the table, where it is not the name of the table. */
const subjects: Readonly<Record<string, string>> = { note: 'annotation', user: 'systemuser' };
/** Privileges of several tables (`prvReadActivity` is that of e-mails, tasks and phone calls), and of none. */
const withoutTable = [
  ...['activity', 'query'],
  ...['attribute', 'auditsummary', 'entity', 'optionset', 'recordaudithistory', 'relationship'],
];

/**
 * Explains an error that names a privilege.
 *
 * @param who the user or team of the message
 * @param named the table of the message; without it, the one of the privilege
 */
export function explainMissingPrivilege(who: string, privilege: string, named?: string): ErrorExplanation {
  const parsed = parsePrivilege(privilege);
  const table = named?.toLowerCase() ?? (parsed && tableOf(parsed.subject.toLowerCase()));
  const missingPrivilege = {
    privilege,
    ...(table === undefined ? {} : { table }),
    ...(parsed === undefined ? {} : { right: parsed.right }),
  };
  const onTable = table === undefined ? '' : ` for the table ${table}`;
  return {
    code: 'ACCESS_DENIED',
    cause: `The ${who} in the message lacks the privilege ${privilege}${onTable}.`,
    advice: `Ask an administrator to add this line to a security role of that ${who}: ${roleLine(missingPrivilege)}. It can be the owner of the row instead of the caller. \`d365 role --compare\` lists all.`,
    missingPrivilege,
  };
}

function tableOf(subject: string): string | undefined {
  if (withoutTable.includes(subject)) return undefined;
  return Object.hasOwn(subjects, subject) ? subjects[subject] : subject;
}

/** Explains an error that names a right to one row: the privilege is there, but does not reach the row. */
export function explainMissingRight(word: string, table: string): ErrorExplanation {
  const right = accessRights.find((each) => each.toLowerCase() === word.toLowerCase());
  return {
    code: 'ACCESS_DENIED',
    cause: `The user or team in the message does not have the right “${word}” for this row of the table ${table}.`,
    advice: `Ask an administrator for a security role with prv${word} for the table ${table} at a wider level (business unit or organization), or have the row shared.`,
    missingPrivilege: { table, ...(right === undefined ? {} : { right }) },
  };
}
