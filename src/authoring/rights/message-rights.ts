import { accessRights } from '../../errors/missing-privilege.ts';
import {
  known,
  type OperationNeeds,
  type PrivilegeNeed,
  privilegeNeed,
  rightsTo,
  whenGiven,
} from './need.ts';
import { owners } from './row-rights.ts';

/** A call of a message (an action or function of the Web API) by a request of the connector. */
export interface MessageCall {
  /** The table that the message is bound to, or that of its target; `*` if the input names it. */
  readonly table: string;
  /** The parameters, and the input that each comes from; undefined if the file states the value. */
  readonly parameters: ReadonlyMap<string, string | undefined>;
  /** The tables of a parameter that refers to a row. */
  readonly targets: (parameter: string) => readonly string[];
}

type MessageRule = (call: MessageCall) => readonly PrivilegeNeed[];

/** The activity that closes a row refers to the row. */
const closing =
  (table: string, activity: string): MessageRule =>
  () => [...rightsTo(table, ['Read', 'Write', 'AppendTo']), ...rightsTo(activity, ['Create', 'Append'])];

const onTarget =
  (...rights: Parameters<typeof rightsTo>[1]): MessageRule =>
  ({ table }) =>
    rightsTo(table, rights);

/**
 * The privileges that messages need, from Microsoft's descriptions of them.
 * https://learn.microsoft.com/power-apps/developer/data-platform/webapi/reference/actions
 */
const rules: Readonly<Record<string, MessageRule>> = {
  AddMembersTeam: members,
  AddToQueue: ({ table }) => [
    ...rightsTo('queue', ['Read', 'AppendTo']),
    // A row that is in another queue is moved.
    ...rightsTo('queueitem', ['Create', 'Write', 'Append']),
    ...rightsTo(table, ['Read', 'AppendTo']),
  ],
  ApplyRoutingRule: onTarget('Read', 'Write'),
  CalculateTotalTimeIncident: () => rightsTo('incident', ['Read']),
  CloseIncident: closing('incident', 'incidentresolution'),
  GrantAccess: ({ table, parameters }) => [
    ...rightsTo(table, ['Read', 'Share']),
    // Nobody can give a right that they do not have.
    ...whenGiven(
      parameters.get('PrincipalAccess.AccessMask') ?? 'rights',
      rightsTo(
        table,
        accessRights.filter((right) => right !== 'Create' && right !== 'Read' && right !== 'Share'),
      ),
    ),
    ...rightsTo('systemuser', ['Read']),
    ...rightsTo('team', ['Read']),
  ],
  LoseOpportunity: closing('opportunity', 'opportunityclose'),
  // The rows that belong to the second row are moved to the first; the second row keeps a reference to it.
  Merge: ({ table }) => [
    privilegeNeed('prvMerge'),
    ...rightsTo(table, ['Read', 'Write', 'Append', 'AppendTo']),
  ],
  PickFromQueue: ({ parameters }) => [
    ...rightsTo('queueitem', ['Read', 'Write', 'Append']),
    ...rightsTo('systemuser', ['Read', 'AppendTo']),
    ...whenGiven(parameters.get('RemoveQueueItem') ?? 'remove', rightsTo('queueitem', ['Delete'])),
  ],
  QualifyLead: qualifyLead,
  ReleaseToQueue: onTarget('Read', 'Write'),
  RemoveFromQueue: onTarget('Read', 'Delete'),
  RemoveMembersTeam: members,
  RetrieveDuplicates: onTarget('Read'),
  RevokeAccess: ({ table }) => [
    ...rightsTo(table, ['Read', 'Share']),
    ...owners.flatMap((owner) => rightsTo(owner, ['Read'])),
  ],
  RouteTo: ({ targets, parameters }) => [
    ...rightsTo('queueitem', ['Read', 'Write', 'Append']),
    ...targets('Target').flatMap((target) =>
      rightsTo(target, ['Read', 'AppendTo'], parameters.get('Target') ?? 'to'),
    ),
  ],
  SendEmail: onTarget('Read', 'Write'),
  WhoAmI: () => [],
  WinOpportunity: closing('opportunity', 'opportunityclose'),
};

/** Members are rows of the intersect table of teams and users. */
function members(): readonly PrivilegeNeed[] {
  return [...rightsTo('team', ['Read', 'Append']), ...rightsTo('systemuser', ['Read', 'AppendTo'])];
}

/** The rows that a lead becomes refer to it, and it refers to them. */
function qualifyLead({ parameters, targets }: MessageCall): readonly PrivilegeNeed[] {
  const made = { account: 'CreateAccount', contact: 'CreateContact', opportunity: 'CreateOpportunity' };
  const customer = parameters.get('OpportunityCustomerId');
  return [
    ...rightsTo('lead', ['Read', 'Write']),
    ...Object.entries(made).flatMap(([table, parameter]) => {
      const input = parameters.get(parameter);
      const needs = [
        ...rightsTo(table, ['Create', 'Append', 'AppendTo']),
        ...rightsTo('lead', ['Append', 'AppendTo']),
      ];
      return input === undefined ? needs : whenGiven(input, needs);
    }),
    ...(customer === undefined
      ? []
      : targets('OpportunityCustomerId').flatMap((target) =>
          rightsTo(target, ['Read', 'AppendTo'], customer),
        )),
  ];
}

/** What a message needs. Messages that are not in the table are named. */
export function messageRights(name: string, call: MessageCall): OperationNeeds {
  const rule = Object.hasOwn(rules, name) ? rules[name] : undefined;
  if (rule !== undefined) return known(rule(call));
  return {
    needs: [],
    unknown: [`The privileges of the message ${name} are not known; see its documentation.`],
  };
}
