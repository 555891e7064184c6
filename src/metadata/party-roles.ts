/**
 * The `participationtypemask` of each party list column of activities.
 * https://learn.microsoft.com/power-apps/developer/data-platform/activityparty-entity
 */
export const partyRoles: Readonly<Record<string, number>> = {
  from: 1,
  to: 2,
  cc: 3,
  bcc: 4,
  requiredattendees: 5,
  optionalattendees: 6,
  organizer: 7,
  resources: 10,
  customers: 11,
  customer: 11,
  related: 13,
};
